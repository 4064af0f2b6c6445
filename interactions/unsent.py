"""What was to be sent and could not be, of whatever kind: what it is about, why, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from interactions.models import BriefingLetter, CustomerMessage, Delivery
from staff.models import Venue

State = Delivery.State
# Everything that goes out in the background, with the columns of a delivery. What the rest send, such as an
# invitation, is sent while the person waits, who is told at once.
KINDS: Final[Mapping[str, type[Any]]] = {
    "reminder": Delivery,
    "briefing": BriefingLetter,
    "message": CustomerMessage,
}


@dataclass(frozen=True, slots=True)
class Unsent:
    """One thing that was not sent, as lists show it."""

    kind: str
    row: Any
    what: str
    to: str
    since: datetime
    customer: Any = None
    channel: str = ""

    @property
    def kind_words(self) -> str:
        """What kind of thing it is, and by which way if it is not an e-mail."""
        words = {"reminder": _("reminder"), "briefing": _("briefing"), "message": _("message to a customer")}
        return f"{words[self.kind]}, {self.channel}" if self.channel else words[self.kind]

    @property
    def href(self) -> str:
        """Where it is looked at."""
        if self.kind == "message":
            return reverse("customer_messages", args=[self.customer.pk])
        if self.kind == "reminder":
            return reverse("customer_follow_ups", args=[self.customer.pk])
        return reverse("briefing")


def dead(venue: Venue, limit: int) -> list[Unsent]:
    """What this venue gave up, of all kinds, the newest first."""
    newest = [
        each
        for kind, rows in _rows(venue).items()
        for each in _shown(kind, rows.dead().order_by("-pk"), limit)
    ]
    return sorted(newest, key=lambda each: (each.row.created_at, each.row.pk), reverse=True)[:limit]


def trying(venue: Venue, limit: int) -> list[Unsent]:
    """What was tried in vain and is tried again, the next one first."""
    waiting = {
        kind: rows.waiting().filter(attempts__gt=0).exclude(error="").order_by("next_attempt_at", "pk")
        for kind, rows in _rows(venue).items()
    }
    found = [each for kind, rows in waiting.items() for each in _shown(kind, rows, limit)]
    return sorted(found, key=lambda each: (each.row.next_attempt_at, each.row.pk))[:limit]


def count(venue: Venue) -> int:
    """How many this venue gave up."""
    return sum(rows.dead().count() for rows in _rows(venue).values())


def try_again(venue: Venue, now: datetime, kind: str = "", pk: int | None = None) -> int:
    """Have one of a kind, or all, sent again under their own names; give how many were given up."""
    again = {"attempts": 0, "next_attempt_at": now, "send_at": now, "claimed_until": None}
    total = 0
    for name, rows in _chosen(venue, kind, pk).items():
        alone = {"digest": None} if name == "reminder" else {}
        total += rows.dead().update(state=State.WAITING, **again, **alone)
    return total


def dismiss(venue: Venue, kind: str = "", pk: int | None = None) -> list[tuple[str, int]]:
    """Have one of a kind, or all, shown no more; give those that were given up, for `bring_back`."""
    gone = []
    for name, rows in _chosen(venue, kind, pk).items():
        ids = list(rows.dead().order_by("pk").values_list("pk", flat=True))
        rows.filter(pk__in=ids).dead().update(state=State.DISMISSED)
        gone += [(name, number) for number in ids]
    return gone


def bring_back(venue: Venue, gone: Iterable[tuple[str, int]]) -> int:
    """Show again what was dismissed; give how many."""
    total = 0
    by_kind: dict[str, list[int]] = {}
    for kind, pk in gone:
        by_kind.setdefault(kind, []).append(pk)
    for kind, ids in by_kind.items():
        rows = _chosen(venue, kind, None)[kind].filter(pk__in=ids, state=State.DISMISSED)
        total += rows.update(state=State.DEAD)
    return total


def _rows(venue: Venue) -> dict[str, Any]:
    return {kind: model.objects.at(venue) for kind, model in KINDS.items()}


def _chosen(venue: Venue, kind: str, pk: int | None) -> dict[str, Any]:
    """The rows of all kinds, or of one, or the one row; KeyError for no such kind."""
    # By id, for a row that is reached through others cannot be updated with them.
    rows = {name: model.objects.filter(pk__in=model.objects.at(venue)) for name, model in KINDS.items()}
    if not kind:
        return rows
    return {kind: rows[kind] if pk is None else rows[kind].filter(pk=pk)}


_WITH: Final = {
    "reminder": ("follow_up__customer", "recipient"),
    "briefing": ("briefing__shift", "recipient"),
    "message": ("customer",),
}


def _shown(kind: str, rows: QuerySet[Any], limit: int) -> list[Unsent]:
    says: dict[str, Callable[[Any], Unsent]] = {
        "reminder": _reminder,
        "briefing": _briefing,
        "message": _message,
    }
    return [says[kind](row) for row in rows.select_related(*_WITH[kind])[:limit]]


def _reminder(row: Delivery) -> Unsent:
    channel = "" if row.channel == Delivery.Channel.EMAIL else row.get_channel_display()
    to = f"{row.recipient.display_name}, {row.recipient.email}"
    about = row.follow_up
    return Unsent("reminder", row, about.text, to, row.occurrence, about.customer, channel)


def _briefing(row: BriefingLetter) -> Unsent:
    what = f"{row.briefing.shift.name}, {row.briefing.day:%Y-%m-%d}"
    return Unsent(
        "briefing", row, what, f"{row.recipient.display_name}, {row.recipient.email}", row.created_at
    )


def _message(row: CustomerMessage) -> Unsent:
    channel = "" if row.channel == CustomerMessage.Channel.EMAIL else row.get_channel_display()
    to = f"{row.customer.name}, {row.to}"
    return Unsent("message", row, row.title, to, row.created_at, row.customer, channel)
