"""Who looked at whom, for those who answer for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.models import Customer
from interactions.timeline import Place
from staff.models import AccessLog, Venue

PAGE = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of the access log, in words."""

    entry: AccessLog
    what: str
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines to show; None or an empty word shows all."""

    staff: int | None = None
    action: str = ""
    customer: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filter:
        """The filter that an address asks for; what names nothing asks for nothing."""
        action = asked.get("action", "")
        return cls(
            staff=number(asked.get("staff", "")),
            action=action if action in AccessLog.Action.values else "",
            customer=number(asked.get("customer", "")),
        )


def number(text: str) -> int | None:
    """A whole number that a row could have; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def log_of(venue: Venue, wanted: Filter) -> QuerySet[AccessLog]:
    """The lines of the access log of one venue that a filter lets through, newest first."""
    lines = AccessLog.objects.filter(venue=venue)
    if wanted.staff:
        lines = lines.filter(staff=wanted.staff)
    if wanted.action:
        lines = lines.filter(action=wanted.action)
    if wanted.customer:
        lines = lines.filter(subject="customer", subject_id=wanted.customer)
    return lines.select_related("staff", "terminal").order_by("-at", "-id")


def page_of(venue: Venue, wanted: Filter, after: Place | None) -> tuple[list[Looked], str]:
    """A page of the access log in words, and the place where the next begins (empty at the end)."""
    lines = log_of(venue, wanted)
    if after:
        lines = lines.filter(at__lte=after.at).exclude(at=after.at, pk__gte=after.pk)
    found = list(lines[: PAGE + 1])
    shown = found[:PAGE]
    older = str(Place(shown[-1].at, shown[-1].pk)) if len(found) > PAGE else ""
    return in_words(shown), older


def in_words(lines: Sequence[AccessLog]) -> list[Looked]:
    """The lines, each with the name of what was looked at; one query for all names."""
    ids = {line.subject_id for line in lines if line.subject == "customer" and line.subject_id}
    names = {customer.pk: customer.name for customer in Customer.objects.filter(pk__in=ids)}
    return [_in_words(line, names) for line in lines]


def _in_words(line: AccessLog, names: Mapping[int, str]) -> Looked:
    if line.subject == "customer" and line.subject_id:
        known = names.get(line.subject_id)
        gone = _("customer number %(number)d") % {"number": line.subject_id}
        return Looked(line, known or gone, line.subject_id if known else None)
    # Whatever else was looked at is named by what was written down with it.
    kinds = {"report": _("report"), "customers": _("list of customers"), "mail": _("mail")}
    return Looked(line, kinds.get(line.subject, line.subject), None)
