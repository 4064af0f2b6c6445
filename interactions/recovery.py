"""Putting right what went wrong: heard → owned → promised → put right → checked → closed.

Each verb is one transaction under the complaint's lock and writes one step: who, when, and what the customer
said. It names the state that its person saw; when somebody was quicker, they are told and nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from customers.models import Customer
from interactions import capture, promises, scheduling
from interactions.cues.dossier import Case
from interactions.cues.owed import similar_before
from interactions.models import (
    Channel,
    Complaint,
    ComplaintStep,
    FollowUp,
    FollowUpEvent,
    Interaction,
    Outcome,
)
from staff.models import Membership

State = Complaint.State

# Customers whose trouble was mended are asked once it has had time to show.
CHECK_AFTER_DAYS: Final = 2
# Where each verb may start. A promise may be made anew, and small things are put right on the spot.
# Whoever is to go on with it may take it over from a colleague.
MAY_TAKE: Final = (State.HEARD, State.OWNED, State.PROMISED, State.RESOLVED)
MAY_PROMISE: Final = (State.HEARD, State.OWNED, State.PROMISED)
MAY_RESOLVE: Final = (State.HEARD, State.OWNED, State.PROMISED)
MAY_CHECK: Final = (State.RESOLVED,)
MAY_CLOSE: Final = (State.RESOLVED, State.CHECKED)
MAY_REOPEN: Final = (State.CLOSED,)

# The rows as they were before each change; crm.history makes the table.
ComplaintEvent: Any = Complaint.pgh_event_model  # type: ignore[attr-defined]  # set by the decorator


@dataclass(slots=True)
class Done:
    """What a step did, as `interactions.taking_back` needs it: events to go back before, follow-ups made."""

    event: int | None = None
    ended: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)


class MovedOnError(Exception):
    """Somebody took it further since this person looked."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(f"complaint {complaint.pk} is {complaint.state}")
        self.complaint = complaint


@transaction.atomic
def hear(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    about: str,
    category: str = Complaint.Category.OTHER,
    severity: str = Complaint.Severity.SERIOUS,
    words: str = "",
    channel: str = Channel.IN_PERSON,
    token: str = "",
) -> Complaint:
    """Write down a complaint as it was heard, on the timeline too. The same token gives the same one."""
    interaction = capture.log(
        customer,
        membership,
        now=now,
        kind=Interaction.Kind.COMPLAINT,
        channel=channel,
        summary=about,
        words=words,
        outcome=Outcome.BAD,
        token=token,
    )
    complaint, is_new = Complaint.objects.get_or_create(
        interaction=interaction,
        defaults={
            "customer": customer,
            "venue": membership.venue,
            "category": category,
            "about": about.strip(),
            "words": words.strip(),
            "severity": severity,
            "opened_at": now,
            "opened_by": membership.staff,
        },
    )
    if is_new:
        _step(complaint, membership, now, words=words)
    return complaint


@transaction.atomic
def take(
    complaint_id: int, membership: Membership, *, now: datetime, seen: str, note: str = "", words: str = ""
) -> Complaint:
    """Make it mine to put right, with what is owed for it; what a colleague began stays as far as it came."""
    complaint = _locked(complaint_id, membership, seen, MAY_TAKE)
    if complaint.owner == membership.staff:
        return complaint
    did = Done()
    if complaint.state == State.HEARD:
        did.ended = _end_follow_ups(complaint, membership, now, _("owned"))
        return _move(
            complaint, membership, now, State.OWNED, did, note=note, words=words, owner=membership.staff
        )
    did.ended = _hand_follow_ups(complaint, membership, now)
    note = note or _("taken over from %(name)s") % {"name": complaint.owner}
    return _move(
        complaint, membership, now, complaint.state, did, note=note, words=words, owner=membership.staff
    )


@transaction.atomic
def promise(
    complaint_id: int,
    membership: Membership,
    *,
    now: datetime,
    seen: str,
    promised: str,
    due_at: datetime,
    words: str = "",
) -> Complaint:
    """Promise the customer something by a moment; it falls due like any other. ValueError if past."""
    if due_at <= now:
        raise ValueError("a promise is for later")
    complaint = _locked(complaint_id, membership, seen, MAY_PROMISE)
    owner = complaint.owner or membership.staff
    did = Done(ended=_end_follow_ups(complaint, membership, now, _("promised anew")))
    did.made.append(_owe(complaint, membership, now, promised, due_at=due_at).pk)
    return _move(
        complaint, membership, now, State.PROMISED, did,
        note=promised, words=words, owner=owner, promised=promised.strip(), due_at=due_at,
    )  # fmt: skip


@transaction.atomic
def resolve(
    complaint_id: int,
    membership: Membership,
    *,
    now: datetime,
    seen: str,
    note: str,
    offered: str = "",
    cost: Decimal | None = None,
    words: str = "",
) -> Complaint:
    """It is put right: what was done, what was offered and what it cost. Whether it helped is asked later."""
    complaint = _locked(complaint_id, membership, seen, MAY_RESOLVE)
    owner = complaint.owner or membership.staff
    did = Done(ended=_end_follow_ups(complaint, membership, now, note))
    did.ended += _fire_what_waited(complaint, now)
    check_at = scheduling.days_later(now, CHECK_AFTER_DAYS, membership.venue.zone)
    ask = _("Ask whether it is good now: %(about)s") % {"about": complaint.about}
    did.made.append(_owe(complaint, membership, now, ask, due_at=check_at).pk)
    return _move(
        complaint, membership, now, State.RESOLVED, did,
        note=note, words=words, owner=owner, resolved_at=now, offered=offered.strip(), cost=cost,
    )  # fmt: skip


@transaction.atomic
def check(
    complaint_id: int, membership: Membership, *, now: datetime, seen: str, reaction: str, words: str = ""
) -> Complaint:
    """The customer was asked. When it is not good yet, it is ours to put right again."""
    complaint = _locked(complaint_id, membership, seen, MAY_CHECK)
    heard = words or str(Outcome(reaction).label)
    did = Done(ended=_end_follow_ups(complaint, membership, now, heard))
    if reaction == Outcome.BAD:
        return _move(
            complaint, membership, now, State.OWNED, did,
            note=_("not good yet"), words=words, reaction=reaction, resolved_at=None,
        )  # fmt: skip
    return _move(
        complaint, membership, now, State.CHECKED, did, words=words, reaction=reaction, checked_at=now
    )


@transaction.atomic
def close(
    complaint_id: int,
    membership: Membership,
    *,
    now: datetime,
    seen: str,
    cause: str = "",
    root_cause: str = "",
    changed: str = "",
    note: str = "",
    words: str = "",
) -> Complaint:
    """Close it: why it happened, and what the house changed because of it.

    Raises ValueError for one that was not checked with the customer and does not say why.
    """
    complaint = _locked(complaint_id, membership, seen, MAY_CLOSE)
    if complaint.state != State.CHECKED and not note.strip():
        raise ValueError("closed unchecked, it says why")
    did = Done(ended=_end_follow_ups(complaint, membership, now, note))
    return _move(
        complaint, membership, now, State.CLOSED, did,
        note=note, words=words, closed_at=now,
        cause=cause, root_cause=root_cause.strip(), changed=changed.strip(),
    )  # fmt: skip


@transaction.atomic
def reopen(
    complaint_id: int, membership: Membership, *, now: datetime, seen: str, note: str, words: str = ""
) -> Complaint:
    """Open it again, with its clock started anew; its owner has it back, or nobody where they left."""
    complaint = _locked(complaint_id, membership, seen, MAY_REOPEN)
    here = Membership.objects.current().filter(staff=complaint.owner_id, venue=complaint.venue_id).exists()
    return _move(
        complaint, membership, now, State.OWNED if here else State.HEARD, Done(),
        kind=ComplaintStep.Kind.REOPENED, note=note, words=words,
        owner=complaint.owner if here else None, reopened_at=now,
        resolved_at=None, checked_at=None, closed_at=None, reaction="", promised="", due_at=None,
    )  # fmt: skip


def repeated(complaints: Sequence[Complaint], membership: Membership) -> dict[int, list[Complaint]]:
    """For each that is not the first of its kind in 60 days, the similar ones before it. One query.

    "Similar" is what the cue card says it is, so that both mark the same ones.
    """
    customers = {complaint.customer_id for complaint in complaints}
    known = Complaint.objects.visible_to(membership).filter(customer__in=customers).select_related("venue")
    by_id = {complaint.pk: complaint for complaint in known}
    cases: dict[int, list[Case]] = {}
    for complaint in by_id.values():
        cases.setdefault(complaint.customer_id, []).append(_case(complaint))
    found = {
        each.pk: [
            by_id[case.id] for case in similar_before(tuple(cases.get(each.customer_id, ())), _case(each))
        ]
        for each in complaints
    }
    return {pk: earlier for pk, earlier in found.items() if earlier}


def _case(complaint: Complaint) -> Case:
    return Case(
        id=complaint.pk,
        category=complaint.category,
        about=complaint.about,
        words=complaint.words,
        opened_at=complaint.opened_at,
    )


def _locked(complaint_id: int, membership: Membership, seen: str, may: Iterable[str]) -> Complaint:
    """The complaint, held, as this person saw it; DoesNotExist at another venue."""
    mine = (
        Complaint.objects.visible_to(membership)
        .at(membership.venue)
        .select_related("owner", "customer", "venue")
    )
    complaint = mine.locked().get(pk=complaint_id)
    if complaint.state != seen or seen not in may:
        raise MovedOnError(complaint)
    return complaint


def _move(
    complaint: Complaint,
    membership: Membership,
    now: datetime,
    state: str,
    did: Done,
    *,
    kind: str = ComplaintStep.Kind.STEP,
    note: str = "",
    words: str = "",
    **changes: Any,
) -> Complaint:
    for name, value in {**changes, "state": state}.items():
        setattr(complaint, name, value)
    before = latest_event(complaint)
    complaint.save(update_fields=[*changes, "state"])
    after = latest_event(complaint)
    did.event = after if after != before else None
    _step(complaint, membership, now, kind=kind, note=note, words=words, undo=asdict(did))
    return complaint


def latest_event(complaint: Complaint) -> int | None:
    """The event of the last change to a complaint; None while nothing has changed."""
    events = ComplaintEvent.objects.filter(pgh_obj=complaint.pk).order_by("-pk")
    found: int | None = events.values_list("pk", flat=True).first()
    return found


def _step(
    complaint: Complaint,
    membership: Membership,
    now: datetime,
    *,
    kind: str = ComplaintStep.Kind.STEP,
    note: str = "",
    words: str = "",
    undo: dict[str, Any] | None = None,
) -> None:
    ComplaintStep.objects.create(
        complaint=complaint,
        kind=kind,
        state=complaint.state,
        at=now,
        by=membership.staff,
        note=note.strip()[:300],
        words=words.strip(),
        undo=undo,
    )


def _owe(
    complaint: Complaint, membership: Membership, now: datetime, text: str, *, due_at: datetime
) -> FollowUp:
    return promises.promise(
        complaint.customer,
        membership,
        now=now,
        text=text[:300],
        kind=FollowUp.Kind.RECOVERY,
        due_at=due_at,
        complaint=complaint,
        owner=complaint.owner or membership.staff,
        origin=FollowUp.Origin.COMPLAINT,
    )


def _open_follow_ups(complaint: Complaint) -> list[int]:
    mine = complaint.follow_ups.open().filter(kind=FollowUp.Kind.RECOVERY, venue=complaint.venue_id)
    return list(mine.order_by("id").values_list("pk", flat=True))


def _end_follow_ups(complaint: Complaint, membership: Membership, now: datetime, outcome: str) -> list[int]:
    """What was owed for the step before is done with this one, and nobody is reminded of it any more."""
    return _events(
        promises.done(pk, membership, now=now, outcome=outcome[:300]) for pk in _open_follow_ups(complaint)
    )


def _hand_follow_ups(complaint: Complaint, membership: Membership, now: datetime) -> list[int]:
    """What is owed for it is owed by whoever took it over."""
    return _events(
        promises.hand_over(pk, membership, now=now, owner=membership.staff)
        for pk in _open_follow_ups(complaint)
    )


def _fire_what_waited(complaint: Complaint, now: datetime) -> list[int]:
    """Make due what waits for it to be put right; give what undoes that."""
    armed = FollowUp.objects.armed(FollowUp.Trigger.COMPLAINT_RESOLVED).filter(complaint=complaint)
    waiting = list(armed.values_list("pk", flat=True))
    promises.fire_complaint_resolved(complaint, now)
    written = FollowUpEvent.objects.filter(pgh_obj__in=waiting)
    return sorted(written.values("pgh_obj").annotate(last=Max("pk")).values_list("last", flat=True))


def _events(changes: Iterable[promises.Changed]) -> list[int]:
    return [changed.event for changed in changes if changed.event is not None]
