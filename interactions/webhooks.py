"""Telling a venue's SMS gateway or chat of what is due, through the same deliveries as the e-mails.

A delivery keeps one `webhook-id` however often it is tried, so that the other side knows a repeat.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

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
    found = _to_tell([delivery])
    if found is None:
        return None
    letters.respect_quiet_hours(found.reader, now)
    with translation.override(found.reader.staff.language), timezone.override(found.reader.venue.zone):
        told = {**_told(*found.owed[0], now), **_to_whom(found.reader)}
    return to_post(found.webhook, delivery.message_id, "follow_up.due", told, now)


def letter_of_digest(deliveries: Sequence[Delivery], now: datetime) -> tuple[Posting | None, list[Delivery]]:
    """What to post of all that is in a digest, and which of it that tells; None where it tells nothing.

    Raises sending.NotNowError in the reader's quiet hours.
    """
    digest, found = deliveries[0].digest, _to_tell(deliveries)
    if digest is None or found is None:
        return None, []
    letters.respect_quiet_hours(found.reader, now)
    with translation.override(found.reader.staff.language), timezone.override(found.reader.venue.zone):
        each = [_told(*pair, now) for pair in found.owed]
        words = letters.how_many(len(each), found.reader.venue)
    told = {
        "text": "\n".join([words, *(one["text"] for one in each)]),
        "url": settings.SITE_URL + reverse("follow_ups"),
        "urgent": False,
        **_to_whom(found.reader),
        "follow_ups": each,
    }
    kept = [delivery for delivery, _follow_up in found.owed]
    return to_post(found.webhook, digest.message_id, "follow_ups.due", told, now), kept


class _ToTell(NamedTuple):
    """What is told of to whom, and where to."""

    webhook: Webhook
    reader: Membership
    owed: list[tuple[Delivery, FollowUp]]


def _to_tell(deliveries: Sequence[Delivery]) -> _ToTell | None:
    """What of this must still be told to the person it is for; None where nothing is, or nobody listens."""
    owed = _still_owed(deliveries)
    if not owed:
        return None
    person, venue = owed[0][0].recipient_id, owed[0][1].venue_id
    webhook = Webhook.objects.live().filter(venue=venue).first()
    members = Membership.objects.current().filter(staff=person, venue=venue)
    reader = members.select_related("staff", "venue").first()
    if webhook is None or reader is None:
        return None
    ids = [follow_up.pk for _delivery, follow_up in owed]
    readable = FollowUp.objects.readable_by(reader).filter(pk__in=ids).values_list("pk", flat=True)
    kept = [pair for pair in owed if pair[1].pk in set(readable)]
    return _ToTell(webhook, reader, kept) if kept else None


def _still_owed(deliveries: Sequence[Delivery]) -> list[tuple[Delivery, FollowUp]]:
    """Those still owed to an active customer, the longest due first; notes how each stands by now."""
    given = {delivery.pk: delivery for delivery in deliveries}
    rows = Delivery.objects.filter(pk__in=given).order_by("occurrence", "pk")
    there = list(rows.select_related("follow_up__customer"))
    for row in there:
        given[row.pk].state = row.state
    active = FollowUp.objects.open().of_active().filter(pk__in=[row.follow_up_id for row in there])
    still = set(active.values_list("pk", "due_at"))
    return [
        (given[row.pk], row.follow_up)
        for row in there
        if row.state == Delivery.State.WAITING and (row.follow_up_id, row.occurrence) in still
    ]


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


def _told(delivery: Delivery, follow_up: FollowUp, now: datetime) -> dict[str, Any]:
    """What is said of one thing that is due."""
    late = letters.lateness(delivery.occurrence, now)
    words = f"{follow_up.customer.name}: {follow_up.text}" + (f" ({late})" if late else "")
    return {
        "text": words,
        "url": settings.SITE_URL + reverse("customer", args=[follow_up.customer_id]),
        "due_at": delivery.occurrence.isoformat(),
        "urgent": follow_up.urgent,
    }


def _to_whom(reader: Membership) -> dict[str, Any]:
    """Who is to hear it, and of which venue it is."""
    return {
        "venue": reader.venue.name,
        "recipient": {
            "name": reader.staff.display_name,
            "email": reader.staff.email,
            "badge_number": reader.staff.badge_number,
        },
    }


def _body(kind: str, data: dict[str, Any], at: datetime) -> bytes:
    told = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


TO_WEBHOOKS: Final = Outbox(
    letter_for=letter_for,
    letter_of_digest=letter_of_digest,
    channel=Delivery.Channel.WEBHOOK,
    connect=NoLine,
)
