"""Databases that were made before have the look-up's question as it was: it is put in anew."""

from importlib import import_module

from django.db import migrations

_LOOK_UP = import_module("customers.migrations.0002_look_up")


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_look_up")]
    operations = [migrations.RunSQL(f"{_LOOK_UP.DROP_FIND} {_LOOK_UP.FIND}", migrations.RunSQL.noop)]
