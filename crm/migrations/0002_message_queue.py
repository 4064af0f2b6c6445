"""The message queue's own tables and functions, from the SQL that the pgmq package ships."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from pgmq.install import get_embedded_install_sql


def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the queue, unless this database has one: its own extension, or an earlier installation."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('pgmq') IS NULL")
        (missing,) = cursor.fetchone()
        if missing:
            cursor.execute(get_embedded_install_sql())


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_extensions")]
    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
