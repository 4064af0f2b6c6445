"""What was changed in a playbook: when, by whom, from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from crm.history import events_of
from interactions.models import Playbook
from interactions.playbooks import UNDOABLE
from staff.models import Staff

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the fields with what they said before and after, in words."""

    at: datetime
    who: str
    fields: list[tuple[str, str, str]]


def changes_of(playbook: Playbook) -> list[Change]:
    """The changes of a playbook, the newest first, in two queries."""
    events = list(events_of(playbook).select_related("pgh_context")[:SHOWN])
    said = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    who = [each.get("user") for each in said]
    names = dict(
        Staff.objects.filter(pk__in={each for each in who if each}).values_list("pk", "display_name")
    )
    after: list[Any] = [playbook, *events]
    return [
        Change(event.pgh_created_at, names.get(by or 0, ""), list(_differences(event, after[n])))
        for n, (event, by) in enumerate(zip(events, who, strict=True))
    ]


def _differences(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    for name in UNDOABLE:
        old, new = getattr(before, name), getattr(after, name)
        if name == "switched_by_id" or old == new:
            continue
        if name == "switched_on_at":
            if (old is None) != (new is None):
                yield (
                    _("switched"),
                    _("off") if old is None else _("on"),
                    _("off") if new is None else _("on"),
                )
            continue
        field: Any = Playbook._meta.get_field(name.removesuffix("_id"))
        yield str(field.verbose_name), _in_words(field, old), _in_words(field, new)


def _on_or_off(switched_on_at: datetime | None) -> str:
    return _("off") if switched_on_at is None else _("on")


def _in_words(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if field.is_relation:
        return str(field.related_model.objects.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(field.flatchoices).get(value, value))
