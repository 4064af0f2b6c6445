"""How changes are kept: one decorator for every table that a person edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])


class _SeesSecrets(pghistory.UpdateEvent):
    """An event also for a change to what is not copied: pghistory would narrow the condition to what is."""

    def setup(self, event_model: type[models.Model]) -> None:
        """Add the trigger with the condition as it was given."""
        self.add_event_trigger(event_model)  # type: ignore[no-untyped-call]  # as the library has it


def tracked(*, ignore: Iterable[str] = (), hide: Iterable[str] = ()) -> Callable[[M], M]:
    """Keep the row as it was before each change or deletion, in an event table beside it.

    Database triggers write the events, so bulk updates and raw SQL are seen too; who changed it and
    from where come from the request by `staff.middleware`. The first state costs nothing: it is the
    oldest event, or the row itself while nothing has changed. A change to `ignore` fields alone
    (counters, search keys) is no event, and what is in `ignore` or `hide` (secrets) is not copied.
    """
    changed = pgtrigger.AnyChange(exclude=list(ignore))
    update = _SeesSecrets if hide else pghistory.UpdateEvent
    decorate: Callable[[M], M] = pghistory.track(
        update("before_update", condition=changed, row=pghistory.Old),
        pghistory.DeleteEvent("before_delete"),
        exclude=[*ignore, *hide],
        meta={"indexes": [models.Index(fields=["-pgh_created_at", "-pgh_id"])]},
    )
    return decorate


def events_of(row: models.Model) -> models.QuerySet[Any]:
    """What a tracked row was before each of its changes, newest change first."""
    events: models.QuerySet[Any] = row.events.order_by("-pgh_id")  # type: ignore[attr-defined]  # by tracked()
    return events
