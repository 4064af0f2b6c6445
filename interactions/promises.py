"""What people do with what we owe: promise it, put it off, hand it over, keep it or call it off.

Each verb is one transaction under the follow-up's lock and may be repeated: the same person doing the same
again changes nothing, and a second person is told who was first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from customers.models import Customer, ImportantDate
from interactions import dates, scheduling
from interactions.models import (
    Complaint,
    Delivery,
    FollowUp,
    FollowUpEvent,
    FollowUpQuerySet,
    Interaction,
    Visit,
)
from staff.models import Membership, Staff, Venue

State = FollowUp.State
Trigger = FollowUp.Trigger

# Without an arrival on the list, a promise this young was made during the visit that is being logged.
SAME_VISIT: Final = timedelta(hours=1)
# What `undo` puts back: everything that a verb below may change.
UNDOABLE: Final = (
    "due_at", "snoozed_from", "owner_id", "role", "state", "outcome", "ended_at", "ended_by_id",
)  # fmt: skip

# The one rule that a date knows.
YEARLY: Final = "FREQ=YEARLY"
# What the next one of a series takes over.
SERIES: Final = (
    "customer_id", "venue_id", "kind", "text", "category", "trigger", "trigger_number", "important_date_id",
    "owner_id", "role", "urgent", "counts_from_contact", "origin", "complaint_id", "interaction_id",
    "created_by_id",
)  # fmt: skip


class EndedError(Exception):
    """Somebody was first: it is already done or called off."""

    def __init__(self, follow_up: FollowUp) -> None:
        super().__init__(f"follow-up {follow_up.pk} is {follow_up.state}")
        self.follow_up = follow_up


class ChangedError(Exception):
    """It was changed again since, so this can no longer be undone."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a verb did: the row as it now is, and the event that `undo` takes (None when nothing changed)."""

    follow_up: FollowUp
    event: int | None


@dataclass(slots=True)
class Tally:
    """What came of a verb on many: those changed, those that somebody had ended before, and how many went."""

    changed: list[Changed] = field(default_factory=list)
    ended: list[FollowUp] = field(default_factory=list)
    gone: int = 0


class Details(TypedDict, total=False):
    """What else may be said of something owed; without owner and role it is nobody's, and shown as such."""

    kind: str
    trigger_number: int | None
    complaint: Complaint | None
    interaction: Interaction | None
    owner: Staff | None
    role: str
    urgent: bool
    category: str
    origin: str


@transaction.atomic
def promise(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    text: str,
    due_at: datetime | None = None,
    trigger: str = "",
    important_date: ImportantDate | None = None,
    recurrence: str = "",
    counts_from_contact: bool = False,
    token: str = "",
    **details: Unpack[Details],
) -> FollowUp:
    """Owe a customer something: due at an aware moment, or when the trigger fires.

    `trigger_number` is the N of the trigger: which visit, how many days. A recurrence is a rule of RFC 5545
    and counts on the venue's clock; with `counts_from_contact` it starts again at any contact. Raises
    scheduling.RuleError for a rule that cannot be kept and ValueError for a date without its day. What is
    owed already before the same kind of date, though the date is known twice, is not owed again; nor is
    what came from the same form, whose `token` it is.
    """
    zone = membership.venue.zone
    if trigger == Trigger.BEFORE_DATE:
        if important_date is None:
            raise ValueError("a follow-up before a date says which date")
        if recurrence not in {"", YEARLY} or counts_from_contact:
            raise scheduling.RuleError("what is owed before a date is owed once or every year")
        if same := dates.owed_before(important_date, membership.venue, text):
            return same
        days = details.get("trigger_number") or 0
        due_at = max(now, dates.due_before(important_date, days, now, zone))
    elif recurrence and due_at:
        anchor = scheduling.at_its_time if counts_from_contact else scheduling.anchored
        recurrence = anchor(recurrence, due_at, zone)
    owed = {"text": text.strip(), "due_at": due_at, "trigger": trigger, "important_date": important_date}
    series = {
        "recurrence": recurrence,
        "counts_from_contact": counts_from_contact,
        "next_dispatch_at": due_at,
    }
    written = {"venue": membership.venue, "created_by": membership.staff, "created_at": now}
    values: dict[str, Any] = {"customer": customer, **owed, **series, **written, **details}
    if not token:
        return FollowUp.objects.create(**values)
    made, _is_new = FollowUp.objects.get_or_create(token=f"{customer.pk}:{token}", defaults=values)
    return made


@transaction.atomic
def snooze(follow_up_id: int, membership: Membership, *, now: datetime, until: datetime) -> Changed:
    """Put it off until an aware moment; it is told again then. Raises ValueError for a moment gone by."""
    if until <= now:
        raise ValueError("it can only be put off to a later moment")
    found = _locked_open(follow_up_id, membership)
    if found.due_at == until:
        return Changed(found, None)
    _withdraw(found)
    return _change(
        found, due_at=until, snoozed_from=found.snoozed_from or found.due_at, next_dispatch_at=until
    )


@transaction.atomic
def hand_over(
    follow_up_id: int, membership: Membership, *, now: datetime, owner: Staff | None = None, role: str = ""
) -> Changed:
    """Give it to a colleague or to a role; what is already due is told to them at once."""
    found = _locked_open(follow_up_id, membership)
    if (found.owner, found.role) == (owner, role):
        return Changed(found, None)
    return give(found, role, now, owner=owner)


@transaction.atomic
def done(follow_up_id: int, membership: Membership, *, now: datetime, outcome: str = "") -> Changed:
    """It is kept; say what came of it if there is more to say. One that repeats is owed again next time."""
    found = _locked(follow_up_id, membership)
    if found.state == State.DONE and found.ended_by_id == membership.staff_id:
        return Changed(found, None)
    _refuse_ended(found)
    changed = _end(found, State.DONE, membership, now, outcome)
    _owe_again(found, now)
    return changed


@transaction.atomic
def cancel(follow_up_id: int, membership: Membership, *, now: datetime, reason: str) -> Changed:
    """Call it off, and all that would follow from its rule. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError("what is called off says why")
    found = _locked(follow_up_id, membership)
    if found.state == State.CANCELLED and found.ended_by_id == membership.staff_id:
        return Changed(found, None)
    _refuse_ended(found)
    return _end(found, State.CANCELLED, membership, now, reason)


@transaction.atomic
def undo(event_id: int, membership: Membership, *, now: datetime) -> FollowUp:
    """Put a follow-up back to what it was before the change that this event was written for.

    Raises ChangedError when it was changed again since, or undone before, and FollowUp.DoesNotExist when
    it is not this person's to touch.
    """
    before = FollowUpEvent.objects.filter(pk=event_id).first()
    if before is None:
        raise FollowUp.DoesNotExist
    found = _locked(before.pgh_obj_id, membership)
    if FollowUpEvent.objects.filter(pgh_obj=found.pk, pk__gt=event_id).exists():
        raise ChangedError
    successor = FollowUp.objects.filter(follows=found).select_for_update().first()
    if successor and FollowUpEvent.objects.filter(pgh_obj=successor.pk).exists():
        raise ChangedError  # somebody saw to it, put it off or handed it over
    if successor:
        successor.delete()
    _withdraw(found)
    old = {name: getattr(before, name) for name in UNDOABLE}
    # Dispatch finds out who has been told already, and tells the others: from now on, as nothing has waited.
    again = old["due_at"] and max(old["due_at"], now)
    return _change(found, **old, next_dispatch_at=again if old["state"] == State.OPEN else None).follow_up


def bulk(follow_up_ids: Iterable[int], verb: Callable[[int], Changed]) -> Tally:
    """Do a verb to each of these, in an order that two people at once cannot lock each other with."""
    tally = Tally()
    for pk in sorted(set(follow_up_ids)):
        try:
            tally.changed.append(verb(pk))
        except EndedError as first:
            tally.ended.append(first.follow_up)
        except FollowUp.DoesNotExist:  # a colleague took back what it followed from
            tally.gone += 1
    return tally


def fire_visit_triggers(
    customer: Customer, venue: Venue, at: datetime, *, uncounted: int = 0, now: datetime | None = None
) -> int:
    """Make due what waits at this venue for a visit of this customer, logged at `at`; give how many.

    Called in the transaction that writes the visit, after the counters moved; one that has only begun is
    `uncounted` as yet. A promise for the next visit does not fire on the visit during which it was made.
    A visit that was logged before `now` makes due what was, and people are told from now on.
    """
    visits = uncounted + Customer.objects.values_list("visit_count", flat=True).get(pk=customer.pk)
    began = _visit_began(customer, venue, at)
    waiting = FollowUp.objects.filter(customer=customer, venue=venue).armed(*BY_VISIT)
    fires = (
        Q(trigger=Trigger.NEXT_VISIT, created_at__lt=began)
        | Q(trigger=Trigger.NTH_VISIT, trigger_number__lte=visits)
        | Q(trigger=Trigger.FIRST_VISIT)
    )
    return fire(waiting.filter(fires), at, now=now)


def unfire_visit_triggers(customer: Customer, venue: Venue, fired_at: datetime) -> int:
    """Have wait again what a visit made due at this moment, as the visit is taken back; give how many.

    What was ended, put off or moved since stays as people left it.
    """
    fired = FollowUp.objects.open().filter(
        customer=customer, venue=venue, trigger__in=BY_VISIT, due_at__isnull=False, snoozed_from=None
    )
    again = 0
    for follow_up in fired.select_related("venue").locked():
        if follow_up.due_at == _due_when_fired(follow_up, fired_at):
            move(follow_up, None)
            again += 1
    return again


def fire_complaint_resolved(complaint: Complaint, now: datetime) -> int:
    """Make due what waits for this complaint to be put right; give how many."""
    return fire(FollowUp.objects.armed(Trigger.COMPLAINT_RESOLVED).filter(complaint=complaint), now)


def fire(waiting: FollowUpQuerySet, at: datetime, *, now: datetime | None = None) -> int:
    """Make these armed follow-ups due: at once, or so many days later where the trigger counts days after."""
    fired = 0
    for follow_up in waiting.select_related("venue").locked():
        make_due(follow_up, _due_when_fired(follow_up, at), now=now)
        fired += 1
    return fired


def _due_when_fired(follow_up: FollowUp, at: datetime) -> datetime:
    days = follow_up.trigger_number or 0 if follow_up.trigger in _COUNTS_DAYS_AFTER else 0
    return scheduling.days_later(at, days, follow_up.venue.zone)


def give(follow_up: FollowUp, role: str, now: datetime, *, owner: Staff | None = None) -> Changed:
    """Change whose a follow-up is that the caller holds locked; what is already due is told to them."""
    _withdraw(follow_up)
    again = now if follow_up.due_at and follow_up.due_at <= now else follow_up.due_at
    return _change(follow_up, owner=owner, role=role, next_dispatch_at=again)


def move(
    follow_up: FollowUp,
    due: datetime | None,
    *,
    now: datetime | None = None,
    snoozed_from: datetime | None = None,
) -> None:
    """Have a follow-up that the caller holds locked due at another moment, or wait again.

    Of one that is due at `now` already people are told from then on: it has not waited to be told since.
    """
    _withdraw(follow_up)
    again = max(due, now) if due and now else due
    _change(follow_up, due_at=due, snoozed_from=snoozed_from, next_dispatch_at=again)


def make_due(follow_up: FollowUp, due: datetime, *, now: datetime | None = None) -> None:
    """Set when a follow-up that the caller holds locked is due; of one before `now` it is told from now."""
    _change(follow_up, due_at=due, next_dispatch_at=max(due, now) if now else due)


BY_VISIT: Final = (Trigger.NEXT_VISIT, Trigger.NTH_VISIT, Trigger.FIRST_VISIT)
_COUNTS_DAYS_AFTER: Final = {Trigger.FIRST_VISIT, Trigger.COMPLAINT_RESOLVED}


def _visit_began(customer: Customer, venue: Venue, now: datetime) -> datetime:
    """When the visit under way here began, as far as anybody wrote down."""
    here = Visit.objects.filter(customer=customer, venue=venue, state=Visit.State.ARRIVED)
    arrived: datetime | None = here.order_by("-arrived_at").values_list("arrived_at", flat=True).first()
    return arrived or now - SAME_VISIT


def _locked(follow_up_id: int, membership: Membership) -> FollowUp:
    """The row, held until the transaction ends; DoesNotExist at another venue."""
    return (
        FollowUp.objects.visible_to(membership)
        .select_related("ended_by", "owner", "venue")
        .locked()
        .get(pk=follow_up_id)
    )


def _locked_open(follow_up_id: int, membership: Membership) -> FollowUp:
    found = _locked(follow_up_id, membership)
    _refuse_ended(found)
    return found


def _refuse_ended(follow_up: FollowUp) -> None:
    if follow_up.state != State.OPEN:
        raise EndedError(follow_up)


def _change(follow_up: FollowUp, **changes: Any) -> Changed:
    """Write the changes and find the event that the database wrote for them."""
    for name, value in changes.items():
        setattr(follow_up, name, value)
    follow_up.save(update_fields=list(changes))
    events = FollowUpEvent.objects.filter(pgh_obj=follow_up.pk).order_by("-pk")
    return Changed(follow_up, events.values_list("pk", flat=True).first())


def _end(follow_up: FollowUp, state: str, membership: Membership, now: datetime, words: str) -> Changed:
    _withdraw(follow_up)
    follow_up.deliveries.filter(recipient=membership.staff_id, channel=Delivery.Channel.APP).seen(now)
    return _change(
        follow_up,
        state=state,
        outcome=words.strip(),
        ended_at=now,
        ended_by=membership.staff,
        next_dispatch_at=None,
    )


def _withdraw(follow_up: FollowUp) -> None:
    """Tell nobody who has not been told yet; a worker that holds one looks at it again before it sends."""
    follow_up.deliveries.filter(state=Delivery.State.WAITING).update(state=Delivery.State.WITHDRAWN)


def _owe_again(ended: FollowUp, now: datetime) -> FollowUp | None:
    """The next one of a series, when the rule goes on; the database allows one to follow."""
    following = next_of_series(ended, now)
    if following is None:
        return None
    due_at, rule = following
    new = {
        "due_at": due_at,
        "recurrence": rule,
        "created_at": now,
        "next_dispatch_at": due_at,
        "follows_id": ended.pk,
    }
    return FollowUp.objects.create(**{name: getattr(ended, name) for name in SERIES}, **new)


def next_of_series(ended: FollowUp, now: datetime) -> tuple[datetime, str] | None:
    """When one that repeats is due after this one, and its rule from there; None where it ends."""
    due, zone = ended.snoozed_from or ended.due_at, ended.venue.zone
    if not ended.recurrence or due is None:
        return None
    if ended.trigger == Trigger.BEFORE_DATE and ended.important_date:
        days = ended.trigger_number or 0
        day_after = scheduling.days_later(due, days + 1, zone)
        return dates.due_before(ended.important_date, days, max(day_after, now), zone), ended.recurrence
    counts_from = scheduling.from_contact(now, due, zone) if ended.counts_from_contact else due
    return scheduling.following(ended.recurrence, counts_from, now, zone)
