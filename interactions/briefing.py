"""The briefing of a shift: who comes and what to remember, what is promised, what the last shift left.

It is put together for each reader anew, so that nobody reads what is not theirs to know. That a shift was
briefed, and to whom it was sent, are rows: looked at twice, or by two at once, nobody is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Customer
from interactions import turns
from interactions.cues import cards_for
from interactions.cues.card import Card, Cue
from interactions.models import Briefing, BriefingLetter, Complaint, FollowUp, HandoverNote, Visit
from interactions.recipients import MANAGERS, crews
from interactions.sending import NotNowError, Outbox
from interactions.turns import Turn
from staff.models import Membership, Rota, Staff, Venue

# So long before a shift its people are told.
LEAD: Final = timedelta(minutes=45)
# More guests than these stand on the list without their cards.
CARDS: Final = 200
PROMISES: Final = 30
COMPLAINTS: Final = 12


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is expected, and what to remember of them; no card beyond the first 200."""

    visit: Visit
    card: Card | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on a briefing, as one person may read it."""

    turn: Turn
    guests: list[Guest]
    asks: list[tuple[Customer, Cue]]
    promises: list[FollowUp]
    more_promises: int
    complaints: list[Complaint]
    notes: list[HandoverNote]


def compose(membership: Membership, turn: Turn, now: datetime) -> Sheet:
    """The sheet of a shift for this reader at an aware moment.

    Each card is as it will be when its guest is expected. As many queries for a hundred guests as for one.
    """
    guests = _guests(_expected(membership, turn), membership, now)
    due = FollowUp.objects.visible_to(membership).due_by(turn.ends).select_related("customer", "owner")
    open_ones = Complaint.objects.visible_to(membership).at(membership.venue).open()
    owed = list(due[: PROMISES + 1])
    return Sheet(
        turn=turn,
        guests=guests,
        asks=[(each.visit.customer, cue) for each in guests if each.card for cue in _to_ask(each.card)],
        promises=owed[:PROMISES],
        more_promises=due.count() - PROMISES if len(owed) > PROMISES else 0,
        complaints=list(open_ones.select_related("customer", "owner")[:COMPLAINTS]),
        notes=list(HandoverNote.objects.of(membership).unsigned().select_related("written_by")),
    )


def brief(now: datetime) -> int:
    """Make the briefing of every shift that starts soon or runs, and letters to its people; give how many."""
    venues = Venue.objects.filter(closed_at=None, shifts__isnull=False).distinct().prefetch_related("shifts")
    return sum(_brief(venue, now) for venue in venues)


def letter_for(row: BriefingLetter, now: datetime) -> EmailMultiAlternatives | None:
    """The letter of a briefing; None once its shift is over, or its reader works there no more.

    Raises NotNowError in the quiet hours of who is not down for the shift.
    """
    letter = BriefingLetter.objects.select_related("briefing__shift__venue").get(pk=row.pk)
    shift = letter.briefing.shift
    works_there = Membership.objects.current().filter(staff=letter.recipient_id, venue=shift.venue_id)
    reader = works_there.select_related("staff", "venue").first()
    if reader is None or letter.briefing.ends_at <= now:
        return None
    _respect_quiet_hours(letter, reader, now)
    with translation.override(reader.staff.language), timezone.override(reader.venue.zone):
        return _written(letter, reader, now)


def message_id(briefing: Briefing, person: Staff) -> str:
    """The same name for the same letter, always."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<briefing.{briefing.pk}.{person.pk}@{host}>"


TO_THE_SHIFT: Final = Outbox(rows=BriefingLetter, letter_for=letter_for)


def _expected(membership: Membership, turn: Turn) -> list[Visit]:
    expected = Visit.objects.at(membership.venue).expected_between(turn.starts, turn.ends)
    return list(expected.filter(customer__status=Customer.Status.ACTIVE).select_related("customer"))


def _guests(visits: list[Visit], membership: Membership, now: datetime) -> list[Guest]:
    first = visits[:CARDS]
    people = [(visit.customer, max(now, visit.expected_at or now)) for visit in first]
    cards = cards_for(people, membership, stage="before")
    return [
        *(Guest(visit, _without_booking(card)) for visit, card in zip(first, cards, strict=True)),
        *(Guest(visit, None) for visit in visits[CARDS:]),
    ]


def _without_booking(card: Card) -> Card:
    """What the booking says stands beside the name already."""
    return replace(card, cues=tuple(cue for cue in card.cues if cue.kind != "booking"))


def _to_ask(card: Card) -> list[Cue]:
    """What must be asked again: safety facts that are old or were never confirmed."""
    return [cue for cue in card.safety if cue.ask]


@transaction.atomic
def _brief(venue: Venue, now: datetime) -> int:
    soon = [turn for turn in turns.around(venue, venue.shifts.all(), now) if turn.ends > now]
    wanted = [turn for turn in soon if turn.starts - LEAD <= now]
    return sum(_write(venue, turn, now) for turn in wanted)


def _write(venue: Venue, turn: Turn, now: datetime) -> int:
    """The row of a briefing, and letters for those who are to have one and have none yet."""
    briefing, _is_new = Briefing.objects.get_or_create(
        shift=turn.shift, day=turn.day, defaults={"made_at": now, "ends_at": turn.ends}
    )
    told = BriefingLetter.objects.filter(briefing=briefing).values("recipient")
    rows = [
        BriefingLetter(
            briefing=briefing,
            recipient=member.staff,
            next_attempt_at=now,
            send_at=now,
            created_at=now,
            message_id=message_id(briefing, member.staff),
        )
        for member in _readers(venue, turn).exclude(staff__in=told).select_related("staff")
    ]
    BriefingLetter.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _readers(venue: Venue, turn: Turn) -> QuerySet[Membership]:
    """Who is down for a shift; the managers where nobody is, so that somebody knows."""
    here = Membership.objects.current().filter(venue=venue)
    down = here.filter(staff__in=Rota.objects.filter(shift=turn.shift, day=turn.day).values("staff"))
    return down if down.exists() else here.filter(role__in=MANAGERS)


def _respect_quiet_hours(letter: BriefingLetter, reader: Membership, now: datetime) -> None:
    """Raise NotNowError in the quiet hours of a manager who is told in place of whoever is down for it.

    Whoever is down for a shift gets up for it, and is told before it.
    """
    briefing = letter.briefing
    down = Rota.objects.filter(shift=briefing.shift_id, day=briefing.day, staff=reader.staff_id)
    if reader.staff.quiet_from is None or down.exists():
        return
    moment = crews([reader.venue], now)[reader.venue_id].at_once(reader.staff)
    if moment > now:
        raise NotNowError(moment)


def _written(letter: BriefingLetter, reader: Membership, now: datetime) -> EmailMultiAlternatives:
    shift = letter.briefing.shift
    turn = turns.turn_of(shift, letter.briefing.day, reader.venue)
    where = f"{reverse('briefing')}?shift={shift.pk}&day={letter.briefing.day.isoformat()}"
    context = {
        "sheet": compose(reader, turn, now),
        "reader": reader,
        "venue": reader.venue,
        "site": settings.SITE_URL,
        "address": settings.SITE_URL + where,
        "now": now,
    }
    words = {"shift": shift.name, "venue": reader.venue.name}
    mail = EmailMultiAlternatives(
        subject=" ".join((_("Briefing: %(shift)s, %(venue)s") % words).split()),
        body=render_to_string("interactions/mail/briefing.txt", context),
        to=[reader.staff.email],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("interactions/mail/briefing.html", context), "text/html")
    return mail
