"""Loads a dossier in a fixed number of queries, each bounded: a long history costs what a short one does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as When
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models import When as Is
from django.db.models.functions import Coalesce, JSONObject

from customers.freshness import freshness, is_heard_again
from customers.models import (
    Confirmation,
    ContactPoint,
    Customer,
    ImportantDate,
    Preference,
    Relationship,
)
from interactions.cues import experience
from interactions.cues.dossier import (
    Anniversary,
    Booking,
    Case,
    Contact,
    Dossier,
    Fact,
    Happening,
    Lent,
    Moment,
    Person,
    Relation,
    Score,
    Todo,
)
from interactions.cues.told_once import gathered
from interactions.cues.touches import holds_back
from interactions.models import (
    Complaint,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    Loan,
    Visit,
)
from staff.models import Industry, Membership

# How much of each kind the card looks at. Safety facts come before the others, open cases before closed.
FACTS: Final = 400
HAPPENINGS: Final = 40
CASES: Final = 12
TODOS: Final = 60
BOOKINGS: Final = 10
SMALL: Final = 20
BOOKED_BEFORE, BOOKED_AHEAD = timedelta(days=30), timedelta(days=15)

# What is read of each table; more would cost more to ask for.
FACT_COLUMNS: Final = (
    "kind", "value", "recorded_at", "category", "detail", "severity", "status", "discretion", "venue",
    "channels", "dayparts", "half_life_days", "confirmed_at", "recorded_by__display_name",
    "confirmed_by__display_name",
)  # fmt: skip
HAPPENING_COLUMNS: Final = (
    "occurred_at", "kind", "channel", "venue", "summary", "words", "outcome", "discretion", "companions",
    "staff__display_name",
)  # fmt: skip
CASE_COLUMNS: Final = (
    "category", "about", "opened_at", "state", "severity", "words", "promised", "due_at", "resolved_at",
    "checked_at", "closed_at", "reaction", "owner__display_name", "venue__name",
)  # fmt: skip
TODO_COLUMNS: Final = (
    "kind", "text", "created_at", "category", "due_at", "trigger", "trigger_number", "role", "urgent",
    "complaint", "owner__display_name", "venue__name",
)  # fmt: skip


def dossier(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    channel: str,
    stage: str,
    unavailable: Collection[str] = (),
) -> Dossier:
    """What this member of staff may know of a customer at an aware moment, in nine queries."""
    moment = _moment(membership, now, channel, stage, unavailable)
    around = _around(customer, membership)
    known = list(_known_facts(customer, membership, moment))
    facts = [(_fact(row, now), row.is_visible) for row in known]
    happenings = tuple(_happening(row) for row in _happenings(customer, membership, now))
    had = {item for one in happenings for item in one.items}
    return Dossier(
        moment=moment,
        person=_person(around),
        facts=gathered(fact for fact, is_visible in facts if is_visible),
        guards=tuple(fact for fact, _seen in facts if holds_back(fact)),
        happenings=happenings,
        cases=tuple(_case(row, moment) for row in _cases(customer, membership, now)),
        todos=tuple(_todo(row, moment) for row in _todos(customer, membership)),
        bookings=tuple(_booking(row) for row in _bookings(customer, now)),
        scores=tuple(_score(row) for row in around.scored),
        loans=tuple(_lent(row) for row in around.lent),
        dates=tuple(Anniversary(**row) for row in around.days),
        contacts=tuple(_contact(row) for row in around.reached_by),
        relations=tuple(_relation(row) for row in around.belonging),
        shown=experience.shown(customer, moment),
        stats=experience.stats(moment.venue, had),
        ideas=experience.ideas(moment.venue, had),
    )


def _moment(
    membership: Membership, now: datetime, channel: str, stage: str, unavailable: Collection[str]
) -> Moment:
    venue, staff = membership.venue, membership.staff
    return Moment(
        now=now,
        zone=venue.zone,
        day_starts=venue.business_day_starts,
        venue=venue.pk,
        channel=channel,
        stage=stage,
        unavailable=frozenset(unavailable),
        overnight=venue.industry == Industry.HOTEL,
        viewer=staff.display_name,
        badge=staff.badge_number,
    )


def _around(customer: Customer, membership: Membership) -> Any:
    """The customer with the small lists that belong to them, in one query."""
    mine = {"customer": OuterRef("pk")}
    contacts = ContactPoint.objects.filter(**mine).order_by("-is_primary", "id")
    dates = ImportantDate.objects.filter(**mine).order_by("id")
    people = Relationship.objects.filter(**mine).order_by("kind", "id")
    loans = Loan.objects.filter(**mine, returned_at=None).order_by("-lent_at", "-id")
    scores = Feedback.objects.visible_to(membership).filter(**mine).order_by("-at", "-id")
    return (
        Customer.objects.filter(pk=customer.pk)
        .annotate(
            reached_by=_rows(contacts, "kind", "calls", "sms", "email", "hours_from", "hours_until"),
            belonging=_rows(
                people,
                "kind",
                "name",
                "to",
                called="to__preferred_name",
                full="to__full_name",
                native="to__native_name",
            ),
            days=_rows(dates, "id", "kind", "label", "month", "day", "year", "calendar"),
            lent=_rows(loans, "id", "what", "lent_at", "due_at", by="lent_by__display_name"),
            scored=_rows(scores, "id", "at", "scale", "score", "words", "answered_at"),
        )
        .get()
    )


def _rows(rows: QuerySet[Any], *names: str, **renamed: str) -> ArraySubquery:
    """Rows of another table as a list of small objects."""
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names}, **renamed))[:SMALL])


def _person(row: Any) -> Person:
    return Person(
        name=row.greeting_name,
        full_name=row.full_name,
        native_name=row.native_name,
        pronunciation=row.pronunciation,
        form_of_address=row.form_of_address,
        language=row.language,
        visit_count=row.visit_count,
        first_visit_at=row.first_visit_at,
        last_visit_at=row.last_visit_at,
    )


def _known_facts(customer: Customer, membership: Membership, moment: Moment) -> QuerySet[Any]:
    """What is known and true now, hidden facts too, each marked with whether this viewer may read it."""
    readable = Preference.objects.visible_to(membership).filter(pk=OuterRef("pk"))
    heard = Confirmation.objects.filter(preference=OuterRef("pk"), undone_at=None).order_by("-at", "-id")
    first = When(Is(kind="safety", then=0), Is(kind="avoid", then=1), default=2, output_field=IntegerField())
    return (
        Preference.objects.filter(customer=customer.pk)
        .known_on(moment.now)
        .true_on(moment.today)
        .exclude(status=Preference.Status.EXPIRED)
        .select_related("recorded_by", "confirmed_by")
        .only(*FACT_COLUMNS)
        .annotate(
            is_visible=Exists(readable),
            heard=_rows(heard, "at", "outcome"),
            company=F("source__interaction__companions"),
        )
        .order_by(first, "-recorded_at", "-id")[:FACTS]
    )


def _fact(row: Any, now: datetime) -> Fact:
    heard = [(datetime.fromisoformat(one["at"]), one["outcome"]) for one in row.heard]
    again = [at for at, outcome in heard if is_heard_again(row.kind, outcome)]
    if row.confirmed_at is not None and row.confirmed_at not in again:
        again.append(row.confirmed_at)
    fresh = freshness(
        row.kind,
        row.category,
        row.status,
        row.recorded_at,
        confirmations=again,
        contradictions=[at for at, outcome in heard if outcome == Confirmation.Outcome.CONTRADICTED],
        half_life_days=row.half_life_days,
        now=now,
        severity=row.severity,
    )
    return Fact(
        id=row.pk,
        kind=row.kind,
        value=row.value,
        recorded_at=row.recorded_at,
        fresh=fresh,
        category=row.category,
        detail=row.detail,
        severity=row.severity,
        status=row.status,
        discretion=row.discretion,
        venue=row.venue_id,
        channels=frozenset(row.channels),
        dayparts=frozenset(row.dayparts),
        recorded_by=row.recorded_by.display_name if row.recorded_by else "",
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by.display_name if row.confirmed_by else "",
        seen=1 + sum(outcome == Confirmation.Outcome.OBSERVED for _at, outcome in heard),
        companions=frozenset(row.company or ()),
    )


def _happenings(customer: Customer, membership: Membership, now: datetime) -> QuerySet[Any]:
    items = InteractionItem.objects.filter(interaction=OuterRef("pk")).order_by("id").values("name")[:SMALL]
    return (
        Interaction.objects.filter(customer=customer.pk, occurred_at__lte=now)
        .visible_to(membership)
        .select_related("staff")
        .only(*HAPPENING_COLUMNS)
        .annotate(had=ArraySubquery(items))
        .newest_first()[:HAPPENINGS]
    )


def _happening(row: Any) -> Happening:
    return Happening(
        id=row.pk,
        at=row.occurred_at,
        kind=row.kind,
        channel=row.channel,
        venue=row.venue_id,
        staff=row.staff.display_name if row.staff else "",
        summary=row.summary,
        words=row.words,
        outcome=row.outcome,
        discretion=row.discretion,
        companions=frozenset(row.companions),
        items=tuple(row.had),
    )


def _cases(customer: Customer, membership: Membership, now: datetime) -> QuerySet[Any]:
    """Complaints, open ones first; one noted in an interaction that the viewer may not read is left out."""
    readable = Interaction.objects.visible_to(membership).filter(pk=OuterRef("interaction"))
    closed = When(Is(state="closed", then=1), default=0, output_field=IntegerField())
    return (
        Complaint.objects.filter(Q(interaction=None) | Exists(readable))
        .filter(customer=customer.pk, opened_at__lte=now)
        .select_related("owner", "venue")
        .only(*CASE_COLUMNS)
        .order_by(closed, "-opened_at", "-id")[:CASES]
    )


def _elsewhere(row: Any, moment: Moment) -> str:
    return "" if row.venue_id == moment.venue else row.venue.name


def _case(row: Any, moment: Moment) -> Case:
    return Case(
        id=row.pk,
        category=row.category,
        about=row.about,
        opened_at=row.opened_at,
        state=row.state,
        severity=row.severity,
        words=row.words,
        owner=row.owner.display_name if row.owner else "",
        promised=row.promised,
        due_at=row.due_at,
        resolved_at=row.resolved_at,
        checked_at=row.checked_at,
        closed_at=row.closed_at,
        reaction=row.reaction,
        elsewhere=_elsewhere(row, moment),
    )


def _todos(customer: Customer, membership: Membership) -> QuerySet[Any]:
    return (
        FollowUp.objects.readable_by(membership)
        .filter(customer=customer.pk)
        .open()
        .select_related("owner", "venue")
        .only(*TODO_COLUMNS)
        .order_by(F("due_at").asc(nulls_last=True), "id")[:TODOS]
    )


def _todo(row: Any, moment: Moment) -> Todo:
    return Todo(
        id=row.pk,
        kind=row.kind,
        text=row.text,
        created_at=row.created_at,
        category=row.category,
        due_at=row.due_at,
        trigger=row.trigger,
        number=row.trigger_number or 0,
        owner=row.owner.display_name if row.owner else "",
        role=row.role,
        urgent=row.urgent,
        complaint=row.complaint_id,
        elsewhere=_elsewhere(row, moment),
    )


def _bookings(customer: Customer, now: datetime) -> QuerySet[Any]:
    states = (Visit.State.EXPECTED, Visit.State.ARRIVED)
    return (
        Visit.objects.filter(customer=customer.pk, state__in=states)
        .annotate(at=Coalesce("expected_at", "arrived_at"))
        .filter(at__gte=now - BOOKED_BEFORE, at__lt=now + BOOKED_AHEAD)
        .order_by("-at", "-id")[:BOOKINGS]
    )


def _booking(row: Any) -> Booking:
    return Booking(
        id=row.pk,
        state=row.state,
        at=row.at,
        venue=row.venue_id,
        party_size=row.party_size,
        companions=frozenset(row.companions),
        occasion=row.occasion,
        note=row.note,
    )


def _score(row: dict[str, Any]) -> Score:
    return Score(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        scale=row["scale"],
        score=row["score"],
        words=row["words"],
        answered=row["answered_at"] is not None,
    )


def _relation(row: dict[str, Any]) -> Relation:
    name = row["name"] or row["called"] or row["full"] or row["native"] or ""
    return Relation(name=name, kind=row["kind"], customer=row["to"])


def _lent(row: dict[str, Any]) -> Lent:
    return Lent(
        id=row["id"],
        what=row["what"],
        lent_at=datetime.fromisoformat(row["lent_at"]),
        due_at=datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
        lent_by=row["by"] or "",
    )


def _contact(row: dict[str, Any]) -> Contact:
    start, end = row["hours_from"], row["hours_until"]
    hours = (time.fromisoformat(start), time.fromisoformat(end)) if start and end else None
    return Contact(kind=row["kind"], calls=row["calls"], sms=row["sms"], email=row["email"], hours=hours)
