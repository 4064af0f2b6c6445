"""The e-mail that tells a member of staff what is due, in their language and on the venue's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from interactions.cues import card_for
from interactions.models import Complaint, Delivery, FollowUp
from staff.models import Membership

# What is told within this time after it was due is on time.
PUNCTUAL: Final = timedelta(minutes=5)


def letter_for(delivery: Delivery, now: datetime) -> EmailMultiAlternatives | None:
    """The letter of a delivery; None when it must not be sent any more.

    That is when it was seen to or put off since, when the customer was archived, or when what it follows
    from is kept from the reader.
    Where the reader no longer works at the venue, it goes back to dispatch, which finds somebody else.
    """
    follow_up = FollowUp.objects.select_related("customer", "venue", "owner", "created_by").get(
        pk=delivery.follow_up_id
    )
    if follow_up.state != FollowUp.State.OPEN or follow_up.due_at != delivery.occurrence:
        return None
    reader = _reader(delivery, follow_up)
    if reader is None:
        FollowUp.objects.open().filter(pk=follow_up.pk).update(next_dispatch_at=now)
        return None
    if not FollowUp.objects.of_active().readable_by(reader).filter(pk=follow_up.pk).exists():
        return None
    with translation.override(reader.staff.language), timezone.override(follow_up.venue.zone):
        return _written(delivery, follow_up, reader, now)


def lateness(due: datetime, now: datetime) -> str:
    """How late something is, in words; empty while it is on time."""
    return "" if now - due < PUNCTUAL else _("%(time)s late") % {"time": timesince(due, now, depth=1)}


def _reader(delivery: Delivery, follow_up: FollowUp) -> Membership | None:
    works_there = Membership.objects.current().filter(staff=delivery.recipient_id, venue=follow_up.venue_id)
    return works_there.select_related("staff", "venue").first()


def _written(
    delivery: Delivery, follow_up: FollowUp, reader: Membership, now: datetime
) -> EmailMultiAlternatives:
    card = card_for(follow_up.customer, reader, now=now, stage="before")
    late = lateness(delivery.occurrence, now)
    context = {
        "follow_up": follow_up,
        "customer": follow_up.customer,
        "reader": reader,
        "complaint": Complaint.objects.visible_to(reader).filter(follow_ups=follow_up.pk).first(),
        "card": card,
        # What the letter is about need not be said again by the card in it.
        "cues": [cue for cue in card.cues if cue.source != f"follow_up:{follow_up.pk}"],
        "late": late,
        "address": settings.SITE_URL + reverse("customer", args=[follow_up.customer_id]),
        "all_address": settings.SITE_URL + reverse("follow_ups"),
    }
    subject = f"{follow_up.customer.name}: {follow_up.text}" + (f" ({late})" if late else "")
    letter = EmailMultiAlternatives(
        # A header is one line, whatever was typed.
        subject=" ".join(subject.split()),
        body=render_to_string("interactions/mail/follow_up.txt", context),
        to=[reader.staff.email],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string("interactions/mail/follow_up.html", context), "text/html")
    return letter
