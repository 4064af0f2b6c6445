"""The e-mail that tells a member of staff what is due, in their language and on the venue's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import BigIntegerField, F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.prepared import GivenMany, Prepared, PreparedModels
from crm.spans import span
from interactions.cues import card_for
from interactions.cues.questions import STAFF, VENUE, viewer
from interactions.hours import NotNowError
from interactions.models import Complaint, Delivery, FollowUp
from interactions.recipients import crews
from staff.models import Membership, Venue

# What is told within this time after it was due is on time.
PUNCTUAL: Final = timedelta(minutes=5)
# How many of a digest come with the customer's card; further ones have a line each.
WITH_CARD: Final = 10
IDS: Final = GivenMany("ids", BigIntegerField())


def letter_for(delivery: Delivery, now: datetime) -> EmailMultiAlternatives | None:
    """The letter of a delivery; None when it must not be sent any more.

    That is when it was seen to or put off since, when the customer was archived, or when what it follows
    from is kept from the reader.
    Where the reader no longer works at the venue, it goes back to dispatch, which finds somebody else.
    Raises NotNowError in the reader's quiet hours.
    """
    letter, _kept = _letter_of([delivery], delivery.message_id, now)
    return letter


def letter_of_digest(
    deliveries: Sequence[Delivery], now: datetime
) -> tuple[EmailMultiAlternatives | None, list[Delivery]]:
    """One letter about all of these that must still be sent, and those it is about; None about none.

    They are of one digest, which keeps the Message-ID, so that a repeat bears the same however many are left.
    """
    digest = deliveries[0].digest
    assert digest is not None  # noqa: S101 - the caller takes what is in one
    return _letter_of(deliveries, digest.message_id, now)


def _letter_of(
    deliveries: Sequence[Delivery], message_id: str, now: datetime
) -> tuple[EmailMultiAlternatives | None, list[Delivery]]:
    """One letter to one reader, about one thing or several."""
    owed = _still_owed(deliveries)
    if not owed:
        return None, []
    reader = _reader(deliveries[0].recipient_id, owed[0][1].venue_id)
    if reader is None:
        found = [follow_up.pk for _delivery, follow_up in owed]
        FollowUp.objects.open().filter(pk__in=found).update(next_dispatch_at=now)
        return None, []
    respect_quiet_hours(reader, now)
    for _delivery, follow_up in owed:
        follow_up.venue = reader.venue
    with translation.override(reader.staff.language), timezone.override(reader.venue.zone):
        letter = (
            _written(*owed[0], reader, message_id, now)
            if len(owed) == 1
            else _written_together(owed, reader, message_id, now)
        )
    # What is kept from the reader does not go out, nor whatever was seen to while the letter was written.
    if len(kept := _still_to_tell(owed, reader)) < len(owed):
        return _letter_of(kept, message_id, now)
    return letter, [delivery for delivery, _follow_up in owed]


def _still_owed(deliveries: Sequence[Delivery]) -> list[tuple[Delivery, FollowUp]]:
    """Those that are still to be told, with what they are about, the longest due first.

    Notes on each how it stands by now: whoever did, put off or handed over what it is about withdrew it.
    """
    states = dict(_states().ask(ids=[delivery.pk for delivery in deliveries]))
    rows = _follow_ups().ask(ids=[delivery.follow_up_id for delivery in deliveries])
    by_id = {follow_up.pk: follow_up for follow_up in rows}
    for delivery in deliveries:
        delivery.state = states.get(delivery.pk, delivery.state)
    found = [
        (delivery, by_id[delivery.follow_up_id])
        for delivery in deliveries
        if delivery.state == Delivery.State.WAITING
        and delivery.follow_up_id in by_id
        and by_id[delivery.follow_up_id].due_at == delivery.occurrence
    ]
    return sorted(found, key=lambda pair: (pair[0].occurrence, pair[0].pk))


def _still_to_tell(owed: Sequence[tuple[Delivery, FollowUp]], reader: Membership) -> list[Delivery]:
    """The deliveries of these that this person may read and that still stand as they did."""
    ids = [delivery.pk for delivery, _follow_up in owed]
    rows = _readable(reader.role).ask(venue=reader.venue_id, staff=reader.staff_id, ids=ids)
    still = {row.pk for row in rows}
    return [delivery for delivery, _follow_up in owed if delivery.pk in still]


@cache
def _states() -> Prepared:
    """How deliveries stand, by their ids."""
    return Prepared(Delivery.objects.filter(pk__in=IDS).values_list("pk", "state"))


@cache
def _follow_ups() -> PreparedModels:
    """Open follow-ups of active customers by their ids, with what a letter says of nearly all of them.

    Each further table would cost the planner more than the few that have one in it cost to look up.
    """
    rows = FollowUp.objects.open().of_active().filter(pk__in=IDS)
    return PreparedModels(rows.select_related("customer", "owner", "created_by", "deed"))


@cache
def _readable(role: str) -> Prepared:
    """Which deliveries still stand, of what somebody with a role may read: handing over withdraws them."""
    readable = FollowUp.objects.open().of_active().readable_by(viewer(role))
    rows = Delivery.objects.waiting().filter(pk__in=IDS, occurrence=F("follow_up__due_at"))
    return Prepared(rows.filter(follow_up__in=readable).values_list("pk"))


@cache
def _members() -> PreparedModels:
    """Somebody's membership of a venue, if they still work there."""
    rows = Membership.objects.current().filter(staff=STAFF, venue=VENUE)
    return PreparedModels(rows.select_related("staff", "venue"))


def respect_quiet_hours(reader: Membership, now: datetime) -> None:
    """Raise NotNowError in the quiet hours of somebody who is not on shift: an attempt that failed may be
    made again at any hour."""
    if reader.staff.quiet_from is None:
        return
    moment = crews([reader.venue], now)[reader.venue_id].at_once(reader.staff)
    if moment > now:
        raise NotNowError(moment)


def lateness(due: datetime, now: datetime) -> str:
    """How late something is, in words; empty while it is on time."""
    return "" if now - due < PUNCTUAL else _("%(time)s late") % {"time": span(due, now, depth=1)}


def _reader(person_id: int, venue_id: int) -> Membership | None:
    return next(iter(_members().ask(staff=person_id, venue=venue_id)), None)


def _about(delivery: Delivery, follow_up: FollowUp, reader: Membership, now: datetime) -> dict[str, Any]:
    """What a letter says of one thing: with the customer's card, as the reader may see it."""
    card = card_for(follow_up.customer, reader, now=now, stage="before", with_folded=False)
    return {
        "follow_up": follow_up,
        "customer": follow_up.customer,
        "reader": reader,
        "complaint": _complaint(follow_up, reader),
        "card": card,
        # What the letter is about need not be said again by the card in it.
        "cues": [cue for cue in card.cues if cue.source != f"follow_up:{follow_up.pk}"],
        "late": lateness(delivery.occurrence, now),
        "address": settings.SITE_URL + reverse("customer", args=[follow_up.customer_id]),
        "all_address": settings.SITE_URL + reverse("follow_ups"),
    }


def _complaint(follow_up: FollowUp, reader: Membership) -> Complaint | None:
    """The complaint that a follow-up is about, if this person may read it."""
    if follow_up.complaint_id is None:
        return None
    return Complaint.objects.visible_to(reader).filter(pk=follow_up.complaint_id).first()


def _written(
    delivery: Delivery, follow_up: FollowUp, reader: Membership, message_id: str, now: datetime
) -> EmailMultiAlternatives:
    context = _about(delivery, follow_up, reader, now)
    late = context["late"]
    subject = f"{follow_up.customer.name}: {follow_up.text}" + (f" ({late})" if late else "")
    return _sealed(subject, "follow_up", context, reader, message_id)


def _written_together(
    owed: Sequence[tuple[Delivery, FollowUp]], reader: Membership, message_id: str, now: datetime
) -> EmailMultiAlternatives:
    """All that is due for one person: the first with their cards, the others in a line each."""
    several = [_about(*pair, reader, now) for pair in owed[:WITH_CARD]]
    rest = [
        {"follow_up": follow_up, "customer": follow_up.customer, "late": lateness(delivery.occurrence, now)}
        for delivery, follow_up in owed[WITH_CARD:]
    ]
    context = {"several": several, "rest": rest, "words": _things_due(len(owed)), "venue": reader.venue}
    context["all_address"] = several[0]["all_address"]
    return _sealed(how_many(len(owed), reader.venue), "digest", context, reader, message_id)


def how_many(count: int, venue: Venue) -> str:
    """How many things are due, and where: the first line of what tells of several."""
    return f"{_things_due(count)}: {venue.name}"


def _things_due(count: int) -> str:
    return ngettext("%(n)s thing is due", "%(n)s things are due", count) % {"n": count}


def _sealed(
    subject: str, template: str, context: dict[str, Any], reader: Membership, message_id: str
) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(
        # A header is one line, whatever was typed.
        subject=" ".join(subject.split()),
        body=render_to_string(f"interactions/mail/{template}.txt", context),
        to=[reader.staff.email],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string(f"interactions/mail/{template}.html", context), "text/html")
    return letter
