"""Putting down what happened: one transaction for the interaction, its items, the visit and the counters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction

from customers import keys
from customers.models import Customer
from interactions import contacts, counters, heard, item_stats, promises
from interactions.items import Item
from interactions.models import FollowUp, Interaction, InteractionItem, Visit
from staff.models import Membership, Staff, Venue

# What staff log carries the token of the form it came from, so that a form sent twice is logged once.
SOURCE = "desk"
# How far from the expected time a logged visit still is the one that was expected.
EARLY = timedelta(hours=2)
LATE = timedelta(hours=4)
# Clocks of terminals run a little ahead.
SKEW = timedelta(minutes=5)

# These have a story of their own, which ends where it was begun.
TOLD_ELSEWHERE = (Interaction.Kind.COMPLAINT, Interaction.Kind.FEEDBACK, Interaction.Kind.NO_SHOW)
# What decides what follows from a contact.
DECIDES = {"kind", "occurred_at"}
CORRECTABLE = (
    "kind", "channel", "occurred_at", "summary", "words", "outcome", "amount",
    "party_size", "companions", "discretion",
)  # fmt: skip


class TooLateError(Exception):
    """It can no longer be taken back, or not by this person."""


class ChangedMeanwhileError(Exception):
    """Somebody else corrected it since it was read."""


class Said(TypedDict, total=False):
    """What may be said of a contact; what is left out is a visit in person, of which nothing was said."""

    kind: str
    channel: str
    summary: str
    words: str
    outcome: str
    amount: Decimal | None
    party_size: int | None
    companions: Sequence[str]
    discretion: str


@transaction.atomic
def log(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    occurred_at: datetime | None = None,
    items: Iterable[Item] = (),
    visit: Visit | None = None,
    source: str = SOURCE,
    token: str = "",
    **said: Unpack[Said],
) -> Interaction:
    """Write down a contact, by this person at their venue, and all that follows from it.

    `occurred_at` is for what is logged later than it happened; ValueError when it lies ahead of `now`.
    The same source and token again give what was logged the first time and change nothing. A visit
    moves the customer's counters, is tied to `visit` or else to the one under way or expected about
    then, and makes due what was promised for it.
    """
    at = _checked_moment(occurred_at or now, now)
    if token and (before := _logged_before(customer, source, token)):
        return before
    is_visit = said.get("kind", Interaction.Kind.VISIT) == Interaction.Kind.VISIT
    if is_visit:
        visit = visit or _visit_about(at, customer, membership.venue)
    who = {"customer": customer, "venue": membership.venue, "staff": membership.staff}
    key = {"source": source, "external_id": _key(customer, token)}
    interaction, is_new = _write(key, occurred_at=at, created_at=now, **who, **_filled_in(said, visit))
    if is_new:
        had = _write_items(interaction, items)
        if visit:
            _tie(visit, interaction)
        _tell(interaction, had, now)
    return interaction


@transaction.atomic
def log_forgotten(visit_id: int, *, now: datetime) -> bool:
    """Put a visit that took place and that nobody logged on the timeline; say whether it was one.

    It is nobody's entry. Raises Visit.DoesNotExist.
    """
    visit = Visit.objects.select_related("customer", "venue").select_for_update(of=["self"]).get(pk=visit_id)
    if visit.interaction_id is not None or visit.arrived_at is None:
        return False
    who = {"customer": visit.customer, "venue": visit.venue, "staff": None}
    key = {"source": "visit", "external_id": ""}
    said = _filled_in({"summary": visit.occasion}, visit)
    interaction, _is_new = _write(key, occurred_at=visit.arrived_at, created_at=now, **who, **said)
    _tie(visit, interaction)
    _tell(interaction, [], now)
    return True


@transaction.atomic
def note(
    customer: Customer,
    venue: Venue,
    *,
    now: datetime,
    source: str,
    token: str,
    staff: Staff | None = None,
    **said: Unpack[Said],
) -> Interaction:
    """Put on the timeline what came or went by itself: an answer to a survey, a message that was sent.

    Nobody's entry unless `staff` is named. The same source and token again give the first and change nothing.
    """
    key = {"source": source, "external_id": _key(customer, token)}
    who = {"customer": customer, "venue": venue, "staff": staff}
    interaction, is_new = _write(key, occurred_at=now, created_at=now, **who, **_filled_in(said, None))
    if is_new:
        _tell(interaction, [], now)
    return interaction


def _tell(interaction: Interaction, had: Sequence[str], now: datetime) -> None:
    """Have everything that follows from a contact follow: counters, promises, cadences, the look-up."""
    customer = interaction.customer
    if contacts.is_contact(interaction):
        # First of all, as whoever takes one back does: two of them would wait for each other.
        contacts.hold(customer.pk)
    if interaction.kind == Interaction.Kind.VISIT:
        counters.count_visit(customer.pk, interaction.occurred_at)
        promises.fire_visit_triggers(customer, interaction.venue, now)
    contacts.note(interaction)
    item_stats.note(interaction, had)
    keys.hear(customer.pk, heard.words_of(interaction, had))


def may_undo(interaction: Interaction, membership: Membership, now: datetime) -> bool:
    """Whether this person may still take it back: it is theirs, and of the same business day."""
    venue = membership.venue
    return (
        interaction.staff_id == membership.staff_id
        and interaction.venue_id == membership.venue_id
        and interaction.source == SOURCE
        and interaction.kind not in TOLD_ELSEWHERE
        and venue.business_day(interaction.created_at) == venue.business_day(now)
    )


def may_correct(interaction: Interaction, membership: Membership) -> bool:
    """Whether this person may correct it: who logged it, or a manager of the venue."""
    if interaction.venue_id != membership.venue_id:
        return False
    return interaction.staff_id == membership.staff_id or membership.can("see_managers_only")


@transaction.atomic
def undo(interaction_id: int, membership: Membership, *, now: datetime) -> Customer:
    """Take back what was just logged, as if it had not been; give whose it was.

    The row goes and stays in its history alone. Raises Interaction.DoesNotExist when it is gone
    already or kept from this person, and TooLateError when `may_undo` says no.
    """
    found = Interaction.objects.visible_to(membership).select_related("customer", "venue")
    contacts.hold(found.values_list("customer", flat=True).get(pk=interaction_id))
    interaction = found.select_for_update(of=["self"]).get(pk=interaction_id)
    if not may_undo(interaction, membership, now):
        raise TooLateError
    remove(interaction, now=now)
    return interaction.customer


def remove(interaction: Interaction, *, now: datetime) -> None:
    """Delete an interaction in the caller's transaction; visit, promises and counters are as before it."""
    customer_id = interaction.customer_id
    contacts.hold(customer_id)
    _untie(interaction)
    _take_back_what_followed(interaction, now)
    interaction.delete()
    counters.recount(customer_id)
    if interaction.kind == Interaction.Kind.VISIT:
        _let_later_visits_count(interaction, now)
    keys.hear_again([customer_id])


@transaction.atomic
def correct(
    interaction_id: int,
    membership: Membership,
    *,
    now: datetime,
    seen: int,
    items: Sequence[Item],
    **fields: Any,
) -> Interaction:
    """Put right what was logged. What it said before stays in the history.

    `seen` is `version_of` when the person read it: ChangedMeanwhileError when it was corrected since.
    TooLateError when this person may not, ValueError for a moment ahead of `now`, TypeError for a
    field that is not in CORRECTABLE.
    """
    if unknown := fields.keys() - set(CORRECTABLE):
        raise TypeError(f"cannot correct {', '.join(sorted(unknown))}")
    contacts.hold(Interaction.objects.values_list("customer", flat=True).get(pk=interaction_id))
    interaction = Interaction.objects.select_for_update().get(pk=interaction_id)
    if not may_correct(interaction, membership):
        raise TooLateError
    if version_of(interaction) != seen:
        raise ChangedMeanwhileError
    _checked_moment(fields.get("occurred_at", interaction.occurred_at), now)
    was_visit = interaction.kind == Interaction.Kind.VISIT
    is_another = any(getattr(interaction, name) != fields.get(name) for name in DECIDES & fields.keys())
    if is_another:
        _take_back_what_followed(interaction, now)
    for name, value in fields.items():
        setattr(interaction, name, value)
    interaction.save(update_fields=list(fields))
    if items_of(interaction) != tuple(items):
        interaction.items.all().delete()
        _write_items(interaction, items)
    counters.recount(interaction.customer_id)
    if is_another:
        _follow_anew(interaction, now, was_visit=was_visit)
    keys.hear_again([interaction.customer_id])
    return interaction


def _take_back_what_followed(interaction: Interaction, now: datetime) -> None:
    """What a contact made due waits again, and what it moved is due when it was."""
    if interaction.kind == Interaction.Kind.VISIT:
        promises.unfire_visit_triggers(interaction.customer, interaction.venue, interaction.created_at)
    contacts.take_back(interaction, now=now)


def _follow_anew(interaction: Interaction, now: datetime, *, was_visit: bool) -> None:
    """Have follow from a corrected contact what follows from one of its kind and time."""
    if interaction.kind == Interaction.Kind.VISIT:
        _fire_as_logged(interaction, now)
    elif was_visit:
        _let_later_visits_count(interaction, now)
    contacts.note(interaction)


def _fire_as_logged(visit: Interaction, now: datetime) -> None:
    """Make due what waits for a visit that was logged before now; it is told from now on."""
    promises.fire_visit_triggers(visit.customer, visit.venue, visit.created_at, now=now)


def _let_later_visits_count(interaction: Interaction, now: datetime) -> None:
    """What waited for a visit that was none is due with the next one that was logged since."""
    here = {"customer": interaction.customer_id, "venue": interaction.venue_id}
    if not FollowUp.objects.filter(**here).armed(*promises.BY_VISIT).exists():
        return
    for later in contacts.later_than(interaction).filter(kind=Interaction.Kind.VISIT, **here):
        _fire_as_logged(later, now)


def version_of(interaction: Interaction) -> int:
    """How often it was corrected."""
    count: int = interaction.events.count()
    return count


def items_of(interaction: Interaction) -> tuple[Item, ...]:
    """Its items as they were typed."""
    return tuple(Item(item.name, item.quantity, item.price) for item in interaction.items.all())


def _checked_moment(occurred_at: datetime, now: datetime) -> datetime:
    if occurred_at > now + SKEW:
        raise ValueError("what has not happened yet cannot be logged")
    return min(occurred_at, now)


def _filled_in(said: Said, visit: Visit | None) -> dict[str, Any]:
    """What was said, tidied; who came with them is as expected where nobody says otherwise."""
    fields: dict[str, Any] = dict(said)
    for name in ("summary", "words"):
        fields[name] = fields.get(name, "").strip()
    fields["companions"] = list(fields.get("companions", ()))
    if visit:
        fields["party_size"] = fields.get("party_size") or visit.party_size
        fields["companions"] = fields["companions"] or visit.companions
    return fields


def _logged_before(customer: Customer, source: str, token: str) -> Interaction | None:
    return Interaction.objects.filter(source=source, external_id=_key(customer, token)).first()


def _write(key: dict[str, str], **fields: Any) -> tuple[Interaction, bool]:
    """Insert it; when another request was quicker with the same token, give theirs and False."""
    if not key["external_id"]:
        return Interaction.objects.create(**key, **fields), True
    return Interaction.objects.get_or_create(**key, defaults=fields)


def _key(customer: Customer, token: str) -> str:
    """A token is good for one customer: from another's form it means nothing. None, and there is no key."""
    return token and f"{customer.pk}:{token}"


def _write_items(interaction: Interaction, items: Iterable[Item]) -> list[str]:
    """Insert the items; give their names."""
    rows = InteractionItem.objects.bulk_create(
        InteractionItem(interaction=interaction, name=item.name, quantity=item.quantity, price=item.price)
        for item in items
    )
    return [row.name for row in rows]


def _visit_about(at: datetime, customer: Customer, venue: Venue) -> Visit | None:
    """The visit under way here, else the one expected about then; locked, so that two cannot both take it."""
    return Visit.objects.at(venue).of(customer).to_log(at - LATE, at + EARLY).select_for_update().first()


def _tie(visit: Visit, interaction: Interaction) -> None:
    """Make the visit and the interaction one; whoever was expected and visits has arrived."""
    visit.interaction = interaction
    if visit.state == Visit.State.EXPECTED and interaction.kind == Interaction.Kind.VISIT:
        visit.state = Visit.State.ARRIVED
        visit.arrived_at = interaction.occurred_at
    visit.save(update_fields=["interaction", "state", "arrived_at"])


def _untie(interaction: Interaction) -> None:
    """Undo `_tie`: a visit that this very interaction turned from expected to arrived is expected again."""
    visit = Visit.objects.select_for_update().filter(interaction=interaction).first()
    if visit is None:
        return
    visit.interaction = None
    if (
        visit.state == Visit.State.ARRIVED
        and visit.expected_at
        and visit.arrived_at == interaction.occurred_at
    ):
        visit.state = Visit.State.EXPECTED
        visit.arrived_at = None
    visit.save(update_fields=["interaction", "state", "arrived_at"])
