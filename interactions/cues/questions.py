"""What the card asks the database, each question put together once for each role and bounded."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from crm.prepared import Given, GivenMany, Prepared
from customers.models import (
    Confirmation,
    ContactPoint,
    Customer,
    ImportantDate,
    Preference,
    Relationship,
)
from interactions.models import (
    Complaint,
    CueAnswer,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    ItemPair,
    ItemStat,
    Loan,
    OutToday,
    Visit,
)
from interactions.models.complaint import OPEN_FIRST
from staff.models import Membership

# How much of each kind the card looks at. Safety facts come before the others, open cases before closed.
FACTS: Final = 400
HAPPENINGS: Final = 40
CASES: Final = 12
TODOS: Final = 60
BOOKINGS: Final = 10
SMALL: Final = 20
OUT: Final = 100
IDEAS: Final = 60
BOOKED_BEFORE, BOOKED_AHEAD = timedelta(days=30), timedelta(days=15)
USEFUL: Final = ("used", "still_true", "changed", "done", "asked")

# Of any type, because they go where the verbs want a number, a moment or a day.
CUSTOMER: Final[Any] = Given("customer", BigIntegerField())
VENUE: Final[Any] = Given("venue", BigIntegerField())
STAFF: Final[Any] = Given("staff", BigIntegerField())
NOW: Final[Any] = Given("now", DateTimeField())
TODAY: Final[Any] = Given("today", DateField())
SINCE: Final = Given("since", DateTimeField())
UNTIL: Final = Given("until", DateTimeField())
ITEMS: Final = GivenMany("items", CharField(max_length=120))


def viewer(role: str) -> Membership:
    """Somebody with a role, who and where being told when the question is asked."""
    return Membership(role=role, venue_id=VENUE, staff_id=STAFF)


def _rows(rows: QuerySet[Any], *names: str, **renamed: str) -> ArraySubquery:
    """Rows of another table as a list of small objects."""
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names}, **renamed))[:SMALL])


@cache
def around(role: str) -> Prepared:
    """The customer with the small lists that belong to them, and what is out today."""
    mine = {"customer": OuterRef("pk")}
    contacts = ContactPoint.objects.filter(**mine).order_by("-is_primary", "id")
    dates = ImportantDate.objects.filter(**mine).order_by("id")
    people = Relationship.objects.filter(**mine).order_by("kind", "id")
    loans = Loan.objects.filter(**mine, returned_at=None).order_by("-lent_at", "-id")
    out = OutToday.objects.filter(venue=VENUE).on(TODAY).order_by("key", "id")
    scores = Feedback.objects.visible_to(viewer(role)).filter(**mine).order_by("-at", "-id")
    to = {"called": "to__preferred_name", "full": "to__full_name", "native": "to__native_name"}
    return Prepared(
        Customer.objects.filter(pk=CUSTOMER)
        .annotate(
            reached_by=_rows(
                contacts, "kind", "calls", "sms", "email", "hours_from", "hours_until", "normalised"
            ),
            belonging=_rows(people, "kind", "name", "to", **to),
            days=_rows(dates, "id", "kind", "label", "month", "day", "year", "calendar"),
            lent=_rows(loans, "id", "what", "lent_at", "due_at", by="lent_by__display_name"),
            scored=_rows(scores, "id", "at", "scale", "score", "words", "answered_at"),
            out=ArraySubquery(out.values("item")[:OUT]),
        )
        .values_list(
            "preferred_name", "full_name", "native_name", "pronunciation", "form_of_address", "language",
            "visit_count", "first_visit_at", "last_visit_at",
            "reached_by", "belonging", "days", "lent", "scored", "out",
        )
    )  # fmt: skip


@cache
def facts(role: str) -> Prepared:
    """What is known and true now, hidden facts too, each marked with whether this viewer may read it."""
    readable = Preference.objects.visible_to(viewer(role)).filter(pk=OuterRef("pk"))
    heard = Confirmation.objects.filter(preference=OuterRef("pk"), undone_at=None).order_by("-at", "-id")
    first = Case(
        When(kind="safety", then=0), When(kind="avoid", then=1), default=2, output_field=IntegerField()
    )
    return Prepared(
        Preference.objects.filter(customer=CUSTOMER)
        .known_on(NOW)
        .true_on(TODAY)
        .exclude(status=Preference.Status.EXPIRED)
        .annotate(
            is_visible=Exists(readable),
            heard=_rows(heard, "at", "outcome"),
            company=F("source__interaction__companions"),
        )
        .order_by(first, "-recorded_at", "-id")
        .values_list(
            "id", "kind", "value", "recorded_at", "category", "detail", "severity", "status", "discretion",
            "venue_id", "channels", "dayparts", "half_life_days", "confirmed_at",
            "recorded_by__display_name", "confirmed_by__display_name", "is_visible", "heard", "company",
        )[:FACTS]
    )  # fmt: skip


@cache
def happenings(role: str) -> Prepared:
    """The latest contacts that the viewer may read."""
    items = InteractionItem.objects.filter(interaction=OuterRef("pk")).order_by("id").values("name")[:SMALL]
    return Prepared(
        Interaction.objects.filter(customer=CUSTOMER, occurred_at__lte=NOW)
        .visible_to(viewer(role))
        .newest_first()
        .annotate(had=ArraySubquery(items))
        .values_list(
            "id", "occurred_at", "kind", "channel", "venue_id", "summary", "words", "outcome", "discretion",
            "companions", "staff__display_name", "had",
        )[:HAPPENINGS]
    )  # fmt: skip


@cache
def cases(role: str) -> Prepared:
    """Complaints, open ones first; one noted in an interaction that the viewer may not read is left out."""
    readable = Interaction.objects.visible_to(viewer(role)).filter(pk=OuterRef("interaction"))
    return Prepared(
        Complaint.objects.filter(Q(interaction=None) | Exists(readable))
        .filter(customer=CUSTOMER, opened_at__lte=NOW)
        .order_by(OPEN_FIRST, "-opened_at", "-id")
        .values_list(
            "id", "category", "about", "opened_at", "state", "severity", "words", "promised", "due_at",
            "resolved_at", "checked_at", "closed_at", "reaction", "owner__display_name", "venue_id",
            "venue__name",
        )[:CASES]
    )  # fmt: skip


@cache
def todos(role: str) -> Prepared:
    """Open follow-ups that the viewer may read, the earliest due first."""
    return Prepared(
        FollowUp.objects.readable_by(viewer(role))
        .filter(customer=CUSTOMER)
        .open()
        .order_by(F("due_at").asc(nulls_last=True), "id")
        .values_list(
            "id", "kind", "text", "created_at", "category", "due_at", "trigger", "trigger_number", "role",
            "urgent", "complaint_id", "owner__display_name", "venue_id", "venue__name",
        )[:TODOS]
    )  # fmt: skip


@cache
def bookings() -> Prepared:
    """Visits expected or under way, from `since` until before `until`."""
    states = (Visit.State.EXPECTED, Visit.State.ARRIVED)
    return Prepared(
        Visit.objects.filter(customer=CUSTOMER, state__in=states)
        .annotate(at=Coalesce("expected_at", "arrived_at"))
        .filter(at__gte=SINCE, at__lt=UNTIL)
        .order_by("-at", "-id")
        .values_list("id", "state", "at", "venue_id", "party_size", "companions", "occasion", "note")[
            :BOOKINGS
        ]
    )


@cache
def shown() -> Prepared:
    """How the showings of each cue went after `since`, counted by the database."""
    before, answered_now = Q(business_day__lt=TODAY), Q(business_day=TODAY) & ~Q(answer="")
    return Prepared(
        CueAnswer.objects.filter(customer=CUSTOMER, shown_at__gt=SINCE, shown_at__lte=NOW)
        .order_by()
        .values("cue_key", "lane")
        .annotate(
            days=Count("business_day", distinct=True),
            earlier=Count("business_day", distinct=True, filter=before),
            useful=Count("business_day", distinct=True, filter=before & Q(answer__in=USEFUL)),
            used=Count("business_day", distinct=True, filter=Q(answer="used")),
            now=ArrayAgg("answer", distinct=True, filter=answered_now, default=Value([])),
        )
    )


@cache
def stats() -> Prepared:
    """How the house orders some items."""
    rows = ItemStat.objects.filter(venue=VENUE, item__in=ITEMS)
    return Prepared(rows.values_list("item", "buyers", "repeats", "chances"))


@cache
def ideas() -> Prepared:
    """What others with one of these usuals take, most people first."""
    rows = ItemPair.objects.filter(venue=VENUE, usual__in=ITEMS)
    return Prepared(
        rows.order_by("-people", "-share", "item").values_list("usual", "item", "people", "share")[:IDEAS]
    )
