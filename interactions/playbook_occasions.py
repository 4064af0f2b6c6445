"""For whom the occasion of a playbook came in a stretch of time: one query or two for each kind.

What is asked is bounded by the stretch, not by how many customers there are; only the rhythm and the
yearly occasion read every customer of the venue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from borax.calendars.lunardate import LunarDate
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractDay, ExtractMonth, Greatest

from customers import occasions
from customers.models import Customer, ImportantDate, Preference
from interactions import scheduling
from interactions.models import Complaint, Feedback, FollowUp, Interaction, Playbook, Visit
from interactions.playbook_rules import Came
from interactions.waiting import RHYTHMIC

Occasion = Playbook.Occasion
# Nobody's rhythm is slower: who comes less often than once in so long does not drift.
SLOWEST: Final = timedelta(days=730)
DAY: Final = timedelta(days=1)


def came(playbook: Playbook, since: datetime, until: datetime) -> list[Came]:
    """The occasions that came after one aware moment and up to another, of customers whom it is for."""
    found = list(_FINDERS[Occasion(playbook.occasion)](playbook, since, until))
    meant = Customer.objects.active().filter(
        pk__in={each.customer for each in found}, visit_count__gte=playbook.min_visits
    )
    if playbook.tag:
        meant = meant.tagged(playbook.tag)
    chosen = set(meant.values_list("pk", flat=True))
    return [each for each in found if each.customer in chosen]


def _visits(playbook: Playbook, since: datetime, until: datetime) -> QuerySet[Interaction]:
    """Visits here from which so many days end in the stretch; not what only managers may know of."""
    after = timedelta(days=playbook.days)
    return (
        Interaction.objects.at(playbook.venue)
        .filter(kind=Interaction.Kind.VISIT, occurred_at__gt=since - after, occurred_at__lte=until - after)
        .exclude(discretion=Preference.Discretion.MANAGERS_ONLY)
    )


def _first_visits(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    first = _visits(playbook, since, until).filter(occurred_at=F("customer__first_visit_at"))
    for customer, at in first.values_list("customer", "occurred_at"):
        yield Came(customer, "first", at + timedelta(days=playbook.days))


def _away(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    """Visits after which nobody saw them for so many days, at any venue."""
    after = timedelta(days=playbook.days)
    again = Interaction.objects.filter(
        customer=OuterRef("customer"),
        kind=Interaction.Kind.VISIT,
        occurred_at__gt=OuterRef("occurred_at"),
        occurred_at__lte=ExpressionWrapper(OuterRef("occurred_at") + after, output_field=DateTimeField()),
    )
    last = _visits(playbook, since, until).filter(~Exists(again))
    for customer, at, pk in last.values_list("customer", "occurred_at", "pk"):
        yield Came(customer, f"away:{pk}", at + after)


def _out_of_rhythm(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    """Regulars of this venue whose usual gap passed twice (and so many days at least) since they came."""
    first, last = F("first_visit_at"), F("last_visit_at")
    gap = ExpressionWrapper((last - first) / (F("visit_count") - 1), output_field=DurationField())
    soonest = ExpressionWrapper(last + timedelta(days=playbook.days), output_field=DateTimeField())
    twice = ExpressionWrapper(last + gap + gap, output_field=DateTimeField())
    rows = (
        Customer.objects.active()
        .filter(
            home_venue=playbook.venue_id,
            visit_count__gte=RHYTHMIC,
            last_visit_at__gt=since - SLOWEST,
            last_visit_at__lte=until - timedelta(days=playbook.days),
        )
        .annotate(at=Greatest(soonest, twice))
        .filter(at__gt=since, at__lte=until)
    )
    for customer, at, seen in rows.values_list("pk", "at", "last_visit_at"):
        yield Came(customer, f"rhythm:{seen:%Y-%m-%dT%H:%M:%S}", at)


def _mended(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    """Complaints put right so many days ago that nobody checked with the customer."""
    after = timedelta(days=playbook.days)
    owed = FollowUp.objects.open().filter(complaint=OuterRef("pk"))
    rows = Complaint.objects.at(playbook.venue).filter(
        state=Complaint.State.RESOLVED, resolved_at__gt=since - after, resolved_at__lte=until - after
    )
    marked: QuerySet[Any] = rows.annotate(is_owed=Exists(owed))
    for row in marked:
        at = row.resolved_at + after
        yield Came(row.customer_id, f"complaint:{row.pk}", at, complaint=row.pk, owed=row.is_owed)


def _low_scores(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    after = timedelta(days=playbook.days)
    owed = FollowUp.objects.open().filter(survey__feedback=OuterRef("pk"))
    rows = Feedback.objects.unanswered().filter(
        venue=playbook.venue_id, at__gt=since - after, at__lte=until - after
    )
    for customer, at, pk, interaction, is_owed in rows.annotate(is_owed=Exists(owed)).values_list(
        "customer", "at", "pk", "interaction", "is_owed"
    ):
        yield Came(customer, f"feedback:{pk}", at + after, interaction=interaction, owed=is_owed)


def _had(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    """The last time that something was had or done, so many days ago."""
    named = Q(items__name__icontains=playbook.words) | Q(summary__icontains=playbook.words)
    after = timedelta(days=playbook.days)
    again = Interaction.objects.filter(
        named,
        customer=OuterRef("customer"),
        kind=Interaction.Kind.VISIT,
        occurred_at__gt=OuterRef("occurred_at"),
        occurred_at__lte=ExpressionWrapper(OuterRef("occurred_at") + after, output_field=DateTimeField()),
    )
    rows = _visits(playbook, since, until).filter(named, ~Exists(again)).distinct()
    for customer, at, pk in rows.values_list("customer", "occurred_at", "pk"):
        yield Came(customer, f"visit:{pk}", at + after, interaction=pk)


def _no_shows(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    after = timedelta(days=playbook.days)
    rows = Visit.objects.at(playbook.venue).filter(
        state=Visit.State.NO_SHOW, expected_at__gt=since - after, expected_at__lte=until - after
    )
    for row in rows:
        if row.expected_at:
            yield Came(row.customer_id, f"no-show:{row.pk}", row.expected_at + after)


def _dates(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    """Dates of regulars of this venue that come so many days after a day that began in the stretch."""
    days = _days(playbook, since, until)
    rows = ImportantDate.objects.filter(
        _falls_on(days), kind=playbook.date_kind, customer__home_venue=playbook.venue_id
    )
    for row in rows.order_by("pk"):
        for day, at in days.items():
            if occasions.next_day(row.month, row.day, row.calendar, day) == day:
                once = row.kind not in {ImportantDate.Kind.CHILD_BIRTHDAY, ImportantDate.Kind.OTHER}
                named = "" if once else f"{row.pk}:"
                yield Came(row.customer_id, f"{row.kind}:{named}{day}", at, once_a_year=once)


def _yearly(playbook: Playbook, since: datetime, until: datetime) -> Iterator[Came]:
    """Customers of this venue whose first visit was on such a day of an earlier year."""
    zone = playbook.venue.zone
    days = _days(playbook, since, until)
    wanted = Q(pk__in=[])
    for month, number in {pair for each in days for pair in _as_gregorian(each)}:
        wanted |= Q(month=month, day=number)
    rows = Customer.objects.active().filter(home_venue=playbook.venue_id, first_visit_at__lte=until)
    month_of, day_of = (part("first_visit_at", tzinfo=zone) for part in (ExtractMonth, ExtractDay))
    for row in rows.annotate(month=month_of, day=day_of).filter(wanted):
        first = row.first_visit_at.astimezone(zone).date() if row.first_visit_at else date.max
        for when, at in days.items():
            if when > first and occasions.next_day(first.month, first.day, "", when) == when:
                yield Came(row.pk, f"year:{when.year}", at)


def _days(playbook: Playbook, since: datetime, until: datetime) -> dict[date, datetime]:
    """The days that are so many days ahead of one that begins in the stretch, with when that one does."""
    zone, found = playbook.venue.zone, {}
    day = since.astimezone(zone).date()
    while (at := scheduling.at_time(day, time(0), zone)) <= until:
        if at > since:
            found[day + timedelta(days=playbook.days)] = at
        day += DAY
    return found


def _falls_on(days: Iterable[date]) -> Q:
    """Rows that may fall on one of these days, by either calendar; `occasions` says which really do."""
    wanted = Q(pk__in=[])
    for month, number in {pair for day in days for pair in _as_gregorian(day)}:
        wanted |= Q(calendar=ImportantDate.Calendar.GREGORIAN, month=month, day=number)
    for month, number in {pair for day in days for pair in _as_lunar(day)}:
        wanted |= Q(calendar=ImportantDate.Calendar.LUNAR, month=month, day=number)
    return wanted


def _as_gregorian(day: date) -> set[tuple[int, int]]:
    """The days of the year that are kept on this day: on 28 February of a common year two of them."""
    found = {(day.month, day.day)}
    is_last = (day + DAY).month != day.month
    return found | ({(2, 29)} if day.month == 2 and is_last else set())


def _as_lunar(day: date) -> set[tuple[int, int]]:
    """The same in the lunar calendar, where the 30th of a short month is kept on its 29th."""
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    return {(lunar.month, lunar.day)} | ({(lunar.month, 30)} if lunar.day == 29 else set())


_FINDERS: Final[dict[str, Callable[[Playbook, datetime, datetime], Iterable[Any]]]] = {
    Occasion.FIRST_VISIT: _first_visits,
    Occasion.DATE: _dates,
    Occasion.AWAY: _away,
    Occasion.RHYTHM: _out_of_rhythm,
    Occasion.MENDED: _mended,
    Occasion.LOW_SCORE: _low_scores,
    Occasion.HAD: _had,
    Occasion.YEARLY: _yearly,
    Occasion.NO_SHOW: _no_shows,
}
