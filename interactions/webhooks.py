"""Telling a venue's SMS gateway or chat of what is due, through the same deliveries as the e-mails.

A delivery keeps one `webhook-id` however often it is tried, so that the other side knows a repeat.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from customers.models import Customer
from interactions import letters, posting, signing
from interactions.models import Delivery, FollowUp, Webhook
from interactions.sending import Outbox, RefusedError
from staff.models import Membership, Venue

# So long both secrets sign after a change.
OVERLAP: Final = timedelta(hours=24)


@dataclass(slots=True)
class Posting:
    """A message ready to be posted; it goes out as a letter does."""

    webhook: Webhook
    message_id: str
    body: bytes
    at: datetime
    connection: object = None

    def send(self) -> None:
        """Post it. Raises RefusedError."""
        try:
            deliver(self.webhook, self.message_id, self.body, self.at)
        except (posting.PostError, posting.ForbiddenError) as error:
            for_good = isinstance(error, posting.ForbiddenError) or error.for_good
            raise RefusedError(str(error), for_good=for_good) from error


class NoLine:
    """What stands where e-mails have their connection: each message makes its own."""

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""


def letter_for(delivery: Delivery, now: datetime) -> Posting | None:
    """What to post of a delivery; None when it must not be told any more, or nobody listens.

    Raises sending.NotNowError in the reader's quiet hours.
    """
    rows = Delivery.objects.select_related("follow_up__customer", "follow_up__venue")
    row = rows.filter(pk=delivery.pk).first()
    if row is None:
        return None
    delivery.state, follow_up = row.state, row.follow_up
    webhook = Webhook.objects.live().filter(venue=follow_up.venue_id).first()
    members = Membership.objects.current().filter(staff=delivery.recipient_id, venue=follow_up.venue_id)
    reader = members.select_related("staff", "venue").first()
    is_waiting = row.state == Delivery.State.WAITING and follow_up.state == FollowUp.State.OPEN
    is_owed = is_waiting and follow_up.due_at == delivery.occurrence
    is_kept = follow_up.customer.status != Customer.Status.ACTIVE
    if webhook is None or reader is None or not is_owed or is_kept:
        return None
    if not FollowUp.objects.readable_by(reader).filter(pk=follow_up.pk).exists():
        return None
    letters.respect_quiet_hours(reader, now)
    with translation.override(reader.staff.language), timezone.override(follow_up.venue.zone):
        told = _told(delivery, follow_up, reader, now)
    return to_post(webhook, delivery.message_id, "follow_up.due", told, now)


def to_post(webhook: Webhook, message_id: str, kind: str, data: dict[str, Any], now: datetime) -> Posting:
    """What is to be posted; of the same message it bears the same `webhook-id`, always."""
    webhook_id = "msg_" + hashlib.sha256(message_id.encode()).hexdigest()[:32]
    return Posting(webhook, webhook_id, _body(kind, data, now), now)


def deliver(webhook: Webhook, message_id: str, body: bytes, at: datetime) -> None:
    """Sign and post. Raises posting.PostError and posting.ForbiddenError."""
    keys = [webhook.secret]
    if webhook.old_secret and webhook.old_until and at < webhook.old_until:
        keys.append(webhook.old_secret)
    posting.post(webhook.url, body, signing.headers(keys, message_id, at, body), **rules())


def rules() -> dict[str, Any]:
    """Whom may be posted to: in production only the public, by https, and whoever the house trusts."""
    return {"allowed": frozenset(settings.WEBHOOK_TRUSTED_HOSTS), "strict": settings.PRODUCTION}


def send_test(webhook: Webhook, now: datetime) -> str:
    """Post a message that says it is a test; give why it was not taken, empty when it was."""
    body = _body("test", {"text": "Regulars", "venue": webhook.venue.name}, now)
    try:
        deliver(webhook, f"msg_{secrets.token_hex(16)}", body, now)
    except (posting.PostError, posting.ForbiddenError) as error:
        return str(error)
    return ""


@transaction.atomic
def connect(
    venue: Venue, member: Membership, *, url: str, now: datetime, texts_customers: bool = False
) -> str:
    """Tell this address from now on; give the secret, once, where there was none before."""
    known = Webhook.objects.select_for_update().filter(venue=venue).first()
    if known is not None:
        known.url, known.is_live, known.texts_customers = url, True, texts_customers
        known.save(update_fields=["url", "is_live", "texts_customers"])
        return ""
    secret = signing.new_secret()
    said = {"url": url, "texts_customers": texts_customers}
    Webhook.objects.create(venue=venue, secret=secret, made_by=member.staff, made_at=now, **said)
    return secret


@transaction.atomic
def rotate(webhook_id: int, now: datetime) -> str:
    """Give a new secret, once; the old one signs besides for a day."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    webhook.old_secret, webhook.old_until = webhook.secret, now + OVERLAP
    webhook.secret = signing.new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    return webhook.secret


def _told(delivery: Delivery, follow_up: FollowUp, reader: Membership, now: datetime) -> dict[str, Any]:
    late = letters.lateness(delivery.occurrence, now)
    words = f"{follow_up.customer.name}: {follow_up.text}" + (f" ({late})" if late else "")
    return {
        "text": words,
        "url": settings.SITE_URL + reverse("customer", args=[follow_up.customer_id]),
        "due_at": delivery.occurrence.isoformat(),
        "urgent": follow_up.urgent,
        "venue": follow_up.venue.name,
        "recipient": {
            "name": reader.staff.display_name,
            "email": reader.staff.email,
            "badge_number": reader.staff.badge_number,
        },
    }


def _body(kind: str, data: dict[str, Any], at: datetime) -> bytes:
    told = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


TO_WEBHOOKS: Final = Outbox(letter_for=letter_for, channel=Delivery.Channel.WEBHOOK, connect=NoLine)
