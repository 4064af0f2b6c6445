"""Text messages to customers, through a gateway that a venue's webhook leads to.

They are written, held and kept to the same rules as the e-mails of `interactions.messages`; only the way out
differs: posted and signed as `interactions.webhooks` posts what is due, once however often it is tried.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from interactions import links, messages, webhooks
from interactions.models import CustomerMessage, Webhook
from interactions.sending import Outbox
from interactions.webhooks import Posting
from staff.models import Venue

# What a hand-written one may say. The closing line and the way out come on top.
LONGEST: Final = 300


def gateway_of(venue: Venue) -> Webhook | None:
    """The webhook that passes text messages of this venue on; None where an owner has not said so."""
    return Webhook.objects.texting().filter(venue=venue).first()


def posting_for(message: CustomerMessage, now: datetime) -> Posting | None:
    """What to post of a text message; None when it must not be sent any more, with why noted on its row.

    Raises sending.NotNowError outside the hours of the customer and the venue.
    """
    row = messages.may_go(message, now)
    webhook = gateway_of(row.venue) if row else None
    if row and webhook is None:
        messages.refuse(message, gettext_noop("no text messages go out from here"))
    if row is None or webhook is None:
        return None
    told = {"to": row.to, "text": words_of(row), "language": row.language, "venue": row.venue.name}
    return webhooks.to_post(webhook, row.message_id, "message.sms", told, now)


def words_of(message: CustomerMessage) -> str:
    """All that the customer reads: the words, who answers for them, and the way out."""
    way_out = settings.SITE_URL + links.way_out(message)
    with translation.override(message.language):
        out = _("No more texts: %(address)s") % {"address": way_out}
    return f"{message.body}\n{message.signature}\n{out}"


TO_PHONES: Final = Outbox(
    rows=CustomerMessage,
    letter_for=posting_for,
    sent=messages.note_sent,
    channel=CustomerMessage.Channel.SMS,
    connect=webhooks.NoLine,
)
