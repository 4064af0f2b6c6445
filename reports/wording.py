"""Changes told in plain words, without what the reader may not know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer, Preference
from interactions.models import Interaction
from reports.changes import Change, changed_fields, people_behind
from staff.models import Membership, Staff, Venue

# Where the name of a row is found, the first that is there.
NAMES = (
    "display_name",
    "full_name",
    "preferred_name",
    "native_name",
    "name",
    "value",
    "text",
    "about",
    "what",
    "summary",
)
# What a field is called that is on no form, and so has no words of its own.
FIELDS: Mapping[str, Any] = {
    "answered_at": gettext_lazy("answered"),
    "answered_by": gettext_lazy("answered by"),
    "archived_at": gettext_lazy("archived"),
    "archived_by": gettext_lazy("archived by"),
    "checked_at": gettext_lazy("checked with the customer"),
    "closed_at": gettext_lazy("closed"),
    "complaint": gettext_lazy("complaint"),
    "confirmed_by": gettext_lazy("confirmed by"),
    "created_at": gettext_lazy("written down"),
    "created_by": gettext_lazy("written down by"),
    "customer": gettext_lazy("customer"),
    "ended_at": gettext_lazy("ended"),
    "ended_by": gettext_lazy("ended by"),
    "enrolled_at": gettext_lazy("enrolled"),
    "enrolled_by": gettext_lazy("enrolled by"),
    "important_date": gettext_lazy("important date"),
    "interaction": gettext_lazy("interaction"),
    "joined_at": gettext_lazy("joined"),
    "lent_by": gettext_lazy("lent by"),
    "merged_into": gettext_lazy("merged into"),
    "opened_by": gettext_lazy("opened by"),
    "origin": gettext_lazy("comes from"),
    "recorded_by": gettext_lazy("written down by"),
    "resolved_at": gettext_lazy("put right"),
    "retired_at": gettext_lazy("no longer holds since"),
    "retired_by": gettext_lazy("retired by"),
    "returned_to": gettext_lazy("returned to"),
    "revoked_at": gettext_lazy("taken back"),
    "shift": gettext_lazy("shift"),
    "snoozed_from": gettext_lazy("first due"),
    "staff": gettext_lazy("person"),
    "started_at": gettext_lazy("started"),
    "supersedes": gettext_lazy("follows on"),
    "venue": gettext_lazy("venue"),
}
# Follows from another field, which is told.
MACHINE = frozenset({"normalised", "source", "external_id", "follows"})
NAMED: tuple[type[Model], ...] = (Customer, Staff, Venue)
"""Tables whose rows are told by name; all others by number."""

Names = Mapping[tuple[type[Model], int], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that was changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words; `hidden` where it touches what is for the managers of another venue."""

    at: datetime
    who: str
    address: str
    kind: str
    name: str
    customer_id: int | None
    customer: str
    deleted: bool
    hidden: bool
    differences: Sequence[Difference]


def told(changes: Sequence[Change], reader: Membership) -> list[Told]:
    """The changes in words, for one reader; a fixed number of queries."""
    people, names, secret = people_behind(changes), _names(changes), _hidden_interactions(changes, reader)
    return [_told(change, reader, people, names, secret) for change in changes]


def _told(
    change: Change, reader: Membership, people: Mapping[int, str], names: Names, secret: set[int]
) -> Told:
    hidden = is_hidden(change, reader, secret)
    user = change.context.get("user")
    customer_id = change.before.pgh_obj_id if change.model is Customer else _get(change, "customer_id")
    return Told(
        at=change.at,
        who=people.get(user, "") if user else "",
        address=change.context.get("address") or "",
        kind=str(change.model._meta.verbose_name),
        name="" if hidden else _name(change, names),
        customer_id=customer_id if (Customer, customer_id) in names else None,
        customer=names.get((Customer, customer_id), "") if customer_id else "",
        deleted=change.after is None,
        hidden=hidden,
        differences=[] if hidden else _differences(change, names),
    )


def is_hidden(change: Change, reader: Membership, secret: set[int]) -> bool:
    """Whether it is, or was, for the managers of a venue alone that is not the reader's."""
    for row in (change.before, change.after):
        only = getattr(row, "discretion", "") == Preference.Discretion.MANAGERS_ONLY
        if only and getattr(row, "venue_id", None) not in {None, reader.venue_id}:
            return True
        if getattr(row, "interaction_id", None) in secret:
            return True
    return False


def _hidden_interactions(changes: Iterable[Change], reader: Membership) -> set[int]:
    """Interactions that the changes belong to and that the reader may not read, or that are gone."""
    ids = {id_ for change in changes if (id_ := _get(change, "interaction_id"))}
    if not ids:
        return set()
    seen = Interaction.objects.filter(pk__in=ids).visible_to(reader).values_list("pk", flat=True)
    return ids - set(seen)


def _get(change: Change, attribute: str) -> Any:
    return getattr(change.before, attribute, None)


def _name(change: Change, names: Names) -> str:
    for attribute in NAMES:
        if found := _get(change, attribute):
            return str(found)[:80]
    return names.get((Staff, _get(change, "staff_id")), "")


def _names(changes: Iterable[Change]) -> dict[tuple[type[Model], int], str]:
    """The names of all customers, people and venues that the changes speak of; one query a table."""
    ids: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        if change.model in NAMED:
            ids[change.model].add(change.before.pgh_obj_id)
        keys = [field for field in change.model._meta.fields if isinstance(field, ForeignKey)]
        for field in keys:
            for row in (change.before, change.after):
                value = getattr(row, field.attname, None)
                if value and field.related_model in NAMED:
                    ids[field.related_model].add(value)
    found: dict[tuple[type[Model], int], str] = {}
    for model in NAMED:
        rows = model._default_manager.in_bulk(ids[model]) if ids[model] else {}
        found |= {(model, pk): str(row) for pk, row in rows.items()}
    return found


def _differences(change: Change, names: Names) -> list[Difference]:
    return [
        _difference(change, field, names) for field in changed_fields(change) if field.name not in MACHINE
    ]


def _difference(change: Change, field: Field[Any, Any], names: Names) -> Difference:
    before, after = (getattr(row, field.attname) for row in (change.before, change.after))
    label = str(FIELDS.get(field.name) or field.verbose_name)
    return Difference(
        label[:1].upper() + label[1:], in_words(field, before, names), in_words(field, after, names)
    )


def in_words(field: Field[Any, Any], value: Any, names: Names) -> str:
    """A value of a field as one would say it; a dash for nothing."""
    if value in (None, "", []):
        return "–"
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value)) or _("number %(number)s") % {"number": value}
    choices = dict(field.flatchoices)
    if value in choices if not isinstance(value, list) else False:
        return str(choices[value])
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, time):
        return time_format(value, "H:i")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
