"""What the playbooks of a venue make, and what managers do with them: try, change, switch on and off.

Each occasion of each customer is dealt with once: the deed is written first, and the database refuses a
second. Runs may overlap, be repeated or come late; nothing is made twice, and nothing is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import DataError, IntegrityError, transaction
from django.db.models import Max

from customers.models import Allowed, ContactPoint, Customer, Preference
from interactions import messages, playbook_occasions, playbook_rules, texting
from interactions.cues.dossier import Contact, Fact
from interactions.cues.reach import answers_of
from interactions.cues.touches import holds_back
from interactions.models import (
    Complaint,
    CustomerMessage,
    FollowUp,
    Playbook,
    PlaybookDeed,
)
from interactions.playbook_rules import MADE, WEEK, Came, Judged, Plan, Standing
from staff.models import Membership

# The rows as they were before each change; crm.history makes the table.
PlaybookEvent: Any = Playbook.pgh_event_model  # type: ignore[attr-defined]  # set by the decorator
logger = logging.getLogger(__name__)

LAST_MONTH: Final = timedelta(days=30)
# What an undo puts back: everything that a person may change.
UNDOABLE: Final = (
    "name", "occasion", "days", "date_kind", "words", "min_visits", "tag", "text", "category", "way",
    "template", "owner_id", "role", "due_days", "due_time", "urgent", "switched_on_at", "switched_by_id",
)  # fmt: skip


class ChangedError(Exception):
    """It was changed since it was read."""


class UnsignedError(Exception):
    """It writes to customers, and who switches it on has no badge number to sign with."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a playbook would have made: each occasion with its customer, and how many were made and held."""

    rows: list[tuple[Judged, Customer]]
    made: int
    held: int
    writes: bool


def run_all(now: datetime) -> int:
    """Have every playbook that is on look at what came since; give how much was made."""
    found = Playbook.objects.on().order_by("venue", "pk").values_list("pk", flat=True)
    return sum(_run_whatever_comes(pk, now) for pk in found)


def _run_whatever_comes(playbook_id: int, now: datetime) -> int:
    """Run one; what goes wrong with it is logged, and holds up no other."""
    try:
        return run(playbook_id, now)
    except (messages.CannotWriteError, DataError, IntegrityError, AssertionError, LookupError, ValueError):
        logger.exception("playbook %s could not be run", playbook_id)
        return 0


@transaction.atomic
def run(playbook_id: int, now: datetime) -> int:
    """Have one playbook look at what came since it last did; 0 when another worker is at it."""
    mine = Playbook.objects.on().filter(pk=playbook_id).select_related("venue", "switched_by", "owner")
    playbook = mine.select_for_update(of=("self",), skip_locked=True).first()
    if playbook is None:
        return 0
    assert playbook.switched_on_at is not None  # noqa: S101 - those that are on have it
    since, until = playbook_rules.window(playbook.switched_on_at, playbook.looked_until, now)
    occasions = _not_dealt_with(playbook, playbook_occasions.came(playbook, since, until))
    people = _held(each.customer for each in occasions)
    judged = playbook_rules.judge(
        plan_of(playbook),
        [each for each in occasions if each.customer in people],
        standings(playbook, people, now),
        cap=messages.rules_of(playbook.venue).weekly_cap,
        zone=playbook.venue.zone,
        now=now,
    )
    made = sum(_do(playbook, each, people[each.came.customer], now) for each in judged)
    Playbook.objects.filter(pk=playbook.pk).update(looked_until=now)
    return made


def trial(playbook: Playbook, now: datetime, span: timedelta = LAST_MONTH) -> Trial:
    """What it would have made in the last month had it been on, by what is known now; writes nothing."""
    occasions = playbook_occasions.came(playbook, now - span, now)
    people = Customer.objects.in_bulk({each.customer for each in occasions})
    judged = playbook_rules.judge(
        plan_of(playbook),
        occasions,
        standings(playbook, people, now, trying=True),
        cap=messages.rules_of(playbook.venue).weekly_cap,
        zone=playbook.venue.zone,
    )
    rows = [(each, people[each.came.customer]) for each in judged]
    made = sum(each.outcome == MADE for each, _person in rows)
    return Trial(rows[::-1], made, len(rows) - made, playbook.writes)


def plan_of(playbook: Playbook) -> Plan:
    """What it does, as the rules judge it."""
    wording = messages.wordings(playbook.venue).get(playbook.template) if playbook.writes else None
    return Plan(
        text=wording.everything if wording else playbook.text,
        category=playbook.category,
        way=channel_of(playbook) if playbook.writes else playbook.way,
        writes=playbook.writes,
        can_go=not playbook.writes or may_go_out(playbook, wording),
        signed=not playbook.writes
        or (wording is not None and messages.may_sign(playbook.venue, playbook.switched_by) is not None),
        due_days=playbook.due_days,
        due_time=playbook.due_time,
    )


def channel_of(playbook: Playbook) -> str:
    """By which channel it writes to customers."""
    by = CustomerMessage.Channel
    return by.SMS if playbook.way == Playbook.Way.SMS else by.EMAIL


def may_go_out(playbook: Playbook, wording: messages.Wording | None) -> bool:
    """Whether what it writes can be sent by its channel: a text message needs short words and a gateway."""
    if channel_of(playbook) == CustomerMessage.Channel.EMAIL:
        return True
    return bool(wording and wording.short_en) and texting.gateway_of(playbook.venue) is not None


def standings(
    playbook: Playbook, people: Collection[int], now: datetime, *, trying: bool = False
) -> dict[int, Standing]:
    """How it stands with each of these customers, in a fixed number of queries."""
    mine = {"customer__in": people}
    guards = _guards(people, now, playbook.venue.business_day(now))
    cases = _grouped(Complaint.objects.open().order_by().filter(**mine).values_list("customer", "pk"))
    answers = _answers(people, writes=playbook.writes)
    still_open = FollowUp.objects.open().filter(**mine, deed__playbook=playbook.pk)
    has_open = set() if trying else set(still_open.values_list("customer", flat=True))
    deeds = PlaybookDeed.objects.filter(**mine, outcome=PlaybookDeed.Outcome.MADE)
    if trying:
        # What it really made is what is tried again.
        deeds = deeds.exclude(playbook=playbook.pk)
    last = dict(
        deeds.filter(playbook=playbook.pk)
        .values("customer")
        .annotate(last=Max("came_at"))
        .values_list("customer", "last")
    )
    recent = deeds.filter(at__gt=now - WEEK - (LAST_MONTH if trying else timedelta(0)))
    made = _grouped(recent.values_list("customer", "at"))
    return {
        pk: Standing(
            guards=tuple(guards.get(pk, ())),
            open_cases=frozenset(cases.get(pk, ())),
            allowed=frozenset(way for way, said in answers.get(pk, {}).items() if "yes" in said),
            refused=frozenset(
                way for way, said in answers.get(pk, {}).items() if "no" in said and "yes" not in said
            ),
            has_one_open=pk in has_open,
            last_made=last.get(pk),
            made=tuple(made.get(pk, ())),
        )
        for pk in people
    }


@transaction.atomic
def switch(playbook_id: int, membership: Membership, *, on: bool, now: datetime) -> int | None:
    """Switch it on from now on, or off; give the event that takes that back, None when it was so already.

    Raises UnsignedError when it writes to customers and this person has no number to sign with.
    """
    playbook = Playbook.objects.visible_to(membership).select_for_update(of=("self",)).get(pk=playbook_id)
    if playbook.is_on == on:
        return None
    if on and playbook.writes and not membership.staff.badge_number:
        raise UnsignedError
    playbook.switched_on_at, playbook.switched_by = (now, membership.staff) if on else (None, None)
    playbook.save(update_fields=["switched_on_at", "switched_by"])
    return _newest_event(playbook)


@transaction.atomic
def keep(playbook: Playbook, membership: Membership, *, seen: int) -> int | None:
    """Save a new or changed playbook of this venue; give the event that takes a change back.

    `seen` is `version_of` when the person read it. Raises ChangedError when it was changed since.
    """
    playbook.venue = membership.venue
    if not playbook.pk:
        playbook.save()
        return None
    found = Playbook.objects.visible_to(membership).select_for_update(of=("self",)).get(pk=playbook.pk)
    if version_of(found) != seen:
        raise ChangedError
    playbook.save(update_fields=[name for name in UNDOABLE if not name.startswith("switched")])
    return _newest_event(playbook) if version_of(playbook) > seen else None


@transaction.atomic
def undo(event_id: int, membership: Membership) -> Playbook:
    """Put a playbook back to what it was before a change, as if that had not been.

    Raises ChangedError when it was changed again since, or its old name is another's now.
    """
    before = PlaybookEvent.objects.filter(pk=event_id).first()
    if before is None:
        raise Playbook.DoesNotExist
    mine = Playbook.objects.visible_to(membership).select_for_update(of=("self",))
    playbook = mine.get(pk=before.pgh_obj_id)
    others = Playbook.objects.visible_to(membership).exclude(pk=playbook.pk)
    if (
        PlaybookEvent.objects.filter(pgh_obj=playbook.pk, pk__gt=event_id).exists()
        or others.filter(name__iexact=before.name).exists()
    ):
        raise ChangedError
    for name in UNDOABLE:
        setattr(playbook, name, getattr(before, name))
    playbook.save(update_fields=list(UNDOABLE))
    return playbook


def version_of(playbook: Playbook) -> int:
    """How often it was changed; 0 for one that was not saved yet."""
    return playbook.events.count() if playbook.pk else 0


def _newest_event(playbook: Playbook) -> int | None:
    found: int | None = playbook.events.order_by("-pk").values_list("pk", flat=True).first()
    return found


def _not_dealt_with(playbook: Playbook, occasions: list[Came]) -> list[Came]:
    known = set(
        PlaybookDeed.objects.filter(
            playbook=playbook, customer__in={each.customer for each in occasions}
        ).values_list("customer", "occasion")
    )
    return [each for each in occasions if (each.customer, each.key) not in known]


def _held(people: Any) -> dict[int, Customer]:
    """These customers, held until the transaction ends: two runs cannot both take the last of a cap."""
    rows = Customer.objects.filter(pk__in=set(people)).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _do(playbook: Playbook, judged: Judged, customer: Customer, now: datetime) -> int:
    """Write down what became of an occasion, and make it if it is to be made; give how many were made."""
    came = judged.came
    deed, is_new = PlaybookDeed.objects.get_or_create(
        playbook=playbook,
        customer=customer,
        occasion=came.key,
        defaults={"came_at": came.at, "outcome": judged.outcome, "at": now},
    )
    if not is_new or judged.outcome != MADE:
        return 0
    if playbook.writes:
        _write(playbook, deed, customer, now)
    else:
        deed.follow_up = _owe(playbook, judged, customer, now)
        deed.save(update_fields=["follow_up"])
    return 1


def _owe(playbook: Playbook, judged: Judged, customer: Customer, now: datetime) -> FollowUp:
    case = judged.came.complaint
    return FollowUp.objects.create(
        customer=customer,
        venue=playbook.venue,
        # What belongs to a recovery ends with its next step.
        kind=FollowUp.Kind.RECOVERY if case else FollowUp.Kind.PLAYBOOK,
        origin=FollowUp.Origin.PLAYBOOK,
        text=playbook.text,
        category=playbook.category,
        due_at=judged.due_at,
        next_dispatch_at=judged.due_at,
        owner=playbook.owner,
        role=playbook.role,
        urgent=playbook.urgent,
        complaint_id=case,
        interaction_id=judged.came.interaction,
        created_at=now,
    )


def _write(playbook: Playbook, deed: PlaybookDeed, customer: Customer, now: datetime) -> CustomerMessage:
    venue, signer = playbook.venue, messages.may_sign(playbook.venue, playbook.switched_by)
    assert signer is not None  # noqa: S101 - judged to be signed in this transaction
    language = messages.language_for(customer, venue)
    channel = channel_of(playbook)
    subject, body = messages.wordings(venue)[playbook.template].said_by(channel, language)
    return messages.write(
        customer,
        venue,
        now=now,
        occurrence=f"playbook:{deed.pk}",
        purpose=CustomerMessage.Purpose.PLAYBOOK,
        signer=signer,
        subject=messages.filled(subject, customer, venue),
        body=messages.filled(body, customer, venue),
        language=language,
        deed=deed,
        channel=channel,
    )


def _guards(people: Collection[int], now: datetime, today: date) -> dict[int, list[Fact]]:
    """What could hold something back, whoever may read it: a reason is never told, only kept to."""
    rows = (
        Preference.objects.filter(customer__in=people)
        .known_on(now)
        .true_on(today)
        .exclude(status=Preference.Status.EXPIRED)
        .prefetch_related("confirmations")
    )
    facts = [(row.customer_id, _fact(row, now)) for row in rows.order_by("pk")]
    return _grouped((pk, fact) for pk, fact in facts if holds_back(fact))


def _fact(row: Preference, now: datetime) -> Fact:
    return Fact(
        id=row.pk,
        kind=row.kind,
        value=row.value,
        recorded_at=row.recorded_at,
        fresh=row.freshness(now),
        category=row.category,
        detail=row.detail,
        severity=row.severity,
    )


def _answers(people: Collection[int], *, writes: bool) -> dict[int, dict[str, set[str]]]:
    """What each customer says to each way of reaching them, over all their contacts.

    Where the house `writes` by itself, a number without its country is none that a text message could go to.
    """
    found: dict[int, dict[str, set[str]]] = {}
    for row in ContactPoint.objects.filter(customer__in=people):
        can_be_texted = not writes or row.normalised.startswith("+")
        sms = row.sms if can_be_texted or row.sms == Allowed.NO else Allowed.UNKNOWN
        contact = Contact(kind=row.kind, calls=row.calls, sms=sms, email=row.email, hours=None)
        for way, said in answers_of(contact).items():
            found.setdefault(row.customer_id, {}).setdefault(way, set()).add(said)
    return found


def _grouped(pairs: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
