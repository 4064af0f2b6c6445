"""How our own migrations are made quick, and what is said of a database that is too old for them."""

from __future__ import annotations

from typing import ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Create many tables at once, with all that belongs to them, in any order.

    Django renders anew whatever hangs together with a model each time one is added, and here everything
    hangs together: it was most of the time that an empty database took. This way it is rendered once.
    """

    serialization_expand_args: ClassVar = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models where nothing is rendered: `state.apps` is made when it is next asked for."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables; their foreign keys come after the last, as with every migration."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the tables, the last first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `migrate --plan` says."""
        return f"Create {len(self.models)} models, from {self.models[0].name} to {self.models[-1].name}"


def stopped_on_the_way(connection: BaseDatabaseWrapper) -> str:
    """What to do with a database that lacks some of the earlier migrations, which are no more, if it does.

    Django counts a migration as applied where all those are that it replaces, and applies it where none
    is. Where some are it leaves it out without a word.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connection).applied_migrations())
    for migration in loader.disk_migrations.values():
        missing = [earlier for earlier in migration.replaces if earlier not in applied]
        if 0 < len(missing) < len(migration.replaces):
            app, name = missing[0]
            return (
                f"This database was left half updated by an earlier version: it lacks {app}.{name}. Take the "
                f"last version that has {app}/migrations/{name}.py, run `python manage.py migrate` there, "
                "and come back."
            )
    return ""
