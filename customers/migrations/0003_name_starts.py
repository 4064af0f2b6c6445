"""The starts of names, by which misspelt words are looked up (customers/name_starts.py)."""

from itertools import islice

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import connection, migrations, models

_FOUND_BY = """
    UPDATE customers_searchkeys AS s SET keys = ARRAY(SELECT DISTINCT unnest(s.keys || given.keys::int[]) ORDER BY 1)
    FROM unnest(%s::bigint[], %s::text[]) AS given (customer, keys) WHERE s.customer_id = given.customer
"""


def keep_starts(apps, schema_editor):
    """Keep the starts of the names that are there, and have whoever bears them be found by them.

    What they are made of changes with the code, so it is asked.
    """
    from customers.name_starts import keep_many, words_of
    from customers.search_keys import start_keys

    everybody = apps.get_model("customers", "Customer").objects.order_by("pk")
    rows = everybody.values_list("pk", "full_name", "preferred_name", "native_name", "aliases").iterator()
    words = set()
    while some := list(islice(rows, 2_000)):
        theirs = {pk: words_of(filter(None, [*own, *aliases])) for pk, *own, aliases in some}
        words.update(*theirs.values())
        keys = ["{" + ",".join(map(str, start_keys(each))) + "}" for each in theirs.values()]
        with connection.cursor() as cursor:
            cursor.execute(_FOUND_BY, [list(theirs), keys])
    keep_many(words)


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_look_up")]
    operations = [
        migrations.CreateModel(
            name="NameStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.IntegerField(db_index=True)),
                ("near", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("above", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["near"], name="name_start_near")
                ],
            },
        ),
        migrations.RunPython(keep_starts, migrations.RunPython.noop, elidable=True),
    ]
