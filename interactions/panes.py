"""What stands beside the look-up on the desk: who is expected, what is due, who was seen, what is out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.models import Customer
from interactions import marks, stock
from interactions.marks import Marks
from interactions.models import Channel, FollowUp, Interaction, OutToday, Visit
from staff.models import Membership

SHOWN = 6
# Whoever is this late is still waited for on the desk; after that the arrivals list alone has them.
LATE = timedelta(hours=3)
# The same customer logged several times must not crowd out the others.
LOOKED_THROUGH = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody who was just here: when, and whether they still are."""

    customer: Customer
    at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Panes:
    """The three lists, the first few of each, and how many there are in all."""

    expected: list[Visit]
    count_expected: int
    due: list[FollowUp]
    count_due: int
    seen: list[Seen]
    out: list[OutToday]
    marks: dict[int, Marks]
    now: datetime

    @property
    def more_expected(self) -> int:
        """How many are expected beside those shown."""
        return self.count_expected - len(self.expected)

    @property
    def more_due(self) -> int:
        """How much is due beside what is shown."""
        return self.count_due - len(self.due)


def read(membership: Membership, *, now: datetime) -> Panes:
    """The lists of this person at their venue now, in a fixed number of queries."""
    expected = expected_today(membership, now)
    due = FollowUp.objects.of(membership).due_by(now)
    shown = {visit.customer_id for visit in expected[:SHOWN]}
    return Panes(
        expected=expected[:SHOWN],
        count_expected=len(expected),
        due=list(due.select_related("customer", "owner")[:SHOWN]),
        count_due=due.count(),
        seen=just_seen(membership, now),
        out=stock.out_now(membership.venue, now),
        marks=marks.of(shown, membership, now=now),
        now=now,
    )


def expected_today(membership: Membership, now: datetime) -> list[Visit]:
    """Who is still expected in this business day, soonest first; whoever is very late is left out."""
    venue = membership.venue
    day_ends = venue.day_starts_at(venue.business_day(now) + timedelta(days=1))
    visits = Visit.objects.at(venue).expected_between(now - LATE, day_ends).still_awaited()
    return list(visits.select_related("customer"))


def ids_expected_today(membership: Membership, now: datetime) -> frozenset[int]:
    """The same as the look-up wants them, which puts them before all who fit as well."""
    return frozenset(visit.customer_id for visit in expected_today(membership, now))


def just_seen(membership: Membership, now: datetime) -> list[Seen]:
    """Who was here in this business day, the last first, each once."""
    venue = membership.venue
    day_starts = venue.day_starts_at(venue.business_day(now))
    here = Visit.objects.at(venue).here_now().filter(arrived_at__gte=day_starts)
    logged = Interaction.objects.at(venue).visible_to(membership).since(day_starts)
    in_person = logged.filter(channel=Channel.IN_PERSON).exclude(kind=Interaction.Kind.NO_SHOW)
    rows = [
        *(
            Seen(row.customer, row.arrived_at, here=True)
            for row in here.select_related("customer")[:SHOWN]
            if row.arrived_at
        ),
        *(
            Seen(row.customer, row.occurred_at, here=False)
            for row in in_person.newest_first().select_related("customer")[:LOOKED_THROUGH]
        ),
    ]
    return _each_once(rows)[:SHOWN]


def _each_once(rows: list[Seen]) -> list[Seen]:
    """The rows by time, the last first, the earlier ones of the same customer left out."""
    here = {row.customer.pk for row in rows if row.here}
    latest: dict[int, Seen] = {}
    for row in sorted(rows, key=lambda row: row.at):
        latest[row.customer.pk] = Seen(row.customer, row.at, here=row.customer.pk in here)
    return sorted(latest.values(), key=lambda row: row.at, reverse=True)
