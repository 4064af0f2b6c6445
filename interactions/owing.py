"""The lists of what is owed, as one person reads them: in a fixed number of queries however long they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Subquery

from interactions.models import Complaint, Delivery, FollowUp, FollowUpQuerySet
from staff.models import Membership

SHOWN: Final = 50
WHOSE: Final = ("for_me", "mine", "role", "nobody", "all")
SECTIONS: Final = ("overdue", "today", "coming", "armed")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the list; `after` is where the next page begins, None where this is all."""

    name: str
    rows: list[FollowUp]
    after: int | None


def at_venue(membership: Membership, whose: str) -> FollowUpQuerySet:
    """What is open at their venue, of active customers, by whose it is. KeyError for no such choice."""
    everything = FollowUp.objects.open().of_active()
    chosen = {
        "for_me": lambda: everything.of(membership),
        "mine": lambda: everything.owned_by(membership),
        "role": lambda: everything.for_role_of(membership),
        "nobody": lambda: everything.nobodys(membership),
        "all": lambda: everything.with_manning().visible_to(membership),
    }
    return chosen[whose]()


def sections(membership: Membership, whose: str, now: datetime) -> list[Section]:
    """Overdue, later today, coming, and what waits for something to happen."""
    return [section(membership, whose, name, now) for name in SECTIONS]


def section(membership: Membership, whose: str, name: str, now: datetime, *, start: int = 0) -> Section:
    """One section from a row number on. KeyError for no such section."""
    venue = membership.venue
    day_ends = venue.day_starts_at(venue.business_day(now) + timedelta(days=1))
    rows = at_venue(membership, whose)
    parts = {
        "overdue": rows.filter(due_at__lte=now).order_by("due_at", "id"),
        "today": rows.filter(due_at__gt=now, due_at__lt=day_ends).order_by("due_at", "id"),
        "coming": rows.filter(due_at__gt=now, due_at__gte=day_ends).order_by("due_at", "id"),
        "armed": rows.filter(due_at=None).order_by("id"),
    }
    found = list(dressed(parts[name], membership)[start : start + SHOWN + 1])
    return Section(name, found[:SHOWN], start + SHOWN if len(found) > SHOWN else None)


def dressed(rows: FollowUpQuerySet, membership: Membership) -> FollowUpQuerySet:
    """With all that a row of a list shows; a complaint that is kept from this person is not named."""
    dead = Delivery.objects.filter(follow_up=OuterRef("pk"), state=Delivery.State.DEAD)
    complaint = Complaint.objects.visible_to(membership).filter(pk=OuterRef("complaint"))
    shown = rows.select_related("customer", "owner", "created_by", "deed__playbook")
    return shown.annotate(is_undelivered=Exists(dead), about=Subquery(complaint.values("about")))
