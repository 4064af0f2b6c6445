"""Tables come all at once; a database from before the migrations were joined is kept, half of one refused."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from crm.embedded.errors import LauncherError
from crm.migrating import CreateModels, stopped_on_the_way
from crm.starting import bring_database_up_to_date

OURS = ("staff", "customers", "interactions")


def forget(app: str, name: str) -> None:
    """Have the database say that this migration was never applied."""
    MigrationRecorder(connection).record_unapplied(app, name)


def is_table(name: str) -> bool:
    """Whether the database has a table of this name."""
    return name in connection.introspection.table_names()


@pytest.mark.django_db
def test_tables_are_created_at_once_in_any_order_and_dropped() -> None:
    key = models.BigAutoField(primary_key=True)
    to_b = models.ForeignKey("crm.ChickenB", models.CASCADE, null=True)
    to_a = models.ForeignKey("crm.EggA", models.CASCADE, null=True)
    operation = CreateModels(
        models=[
            migrations.CreateModel("EggA", [("id", key), ("to", to_b)]),
            migrations.CreateModel("ChickenB", [("id", key.clone()), ("to", to_a)]),
        ]
    )
    before, after = ProjectState(), ProjectState()
    assert not after.apps.get_models()  # rendered, as it is where a migration is applied
    operation.state_forwards("crm", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("crm", editor, before, after)
    assert is_table("crm_egga")
    assert is_table("crm_chickenb")
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "crm_egga").values()
    assert [each["foreign_key"] for each in constraints if each["foreign_key"]] == [("crm_chickenb", "id")]
    with connection.schema_editor() as editor:
        operation.database_backwards("crm", editor, after, before)
    assert not is_table("crm_egga")
    assert not is_table("crm_chickenb")


@pytest.mark.django_db
def test_a_database_made_by_the_earlier_migrations_is_up_to_date() -> None:
    on_disk = MigrationLoader(connection).disk_migrations.items()
    joined = {key for key, migration in on_disk if key[0] in OURS and migration.replaces}
    assert {app for app, _name in joined} == set(OURS)
    for app, name in joined:
        forget(app, name)  # what it knows are the names of those that were replaced
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert not bring_database_up_to_date()
    assert joined <= set(MigrationRecorder(connection).applied_migrations())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("app", "name"),
    [
        ("staff", "0003_api_keys"),
        ("customers", "0004_search_keys_in_order"),
        ("customers", "0005_find_fewer"),
        ("interactions", "0040_lean_indexes"),
    ],
)
def test_a_database_that_stopped_among_the_earlier_ones_is_refused(app: str, name: str) -> None:
    assert stopped_on_the_way(connection) == ""
    forget(app, name)
    told = rf"it lacks {app}\.{name}\. Take the last version that has {app}/migrations/{name}\.py"
    with pytest.raises(LauncherError, match=told):
        bring_database_up_to_date()
    with pytest.raises(SystemCheckError, match=told):
        call_command("migrate", skip_checks=False, stdout=io.StringIO())
