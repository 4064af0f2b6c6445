"""What is written to customers: from a venue's texts, in their language, where and when they allow it.

Two things alone make a message: a person who approved its very words, and a playbook that a manager
switched on. It goes out through `interactions.sending`, which asks here once more just before: e-mails from
here, text messages from `interactions.texting`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.models import Allowed, ContactPoint, Customer
from interactions import capture, contact_hours, links, ready_made
from interactions.models import (
    Channel,
    Complaint,
    ContactRules,
    CustomerMessage,
    Interaction,
    MessageTemplate,
    PlaybookDeed,
)
from interactions.sending import NotNowError, Outbox
from staff.models import Language, Membership, Role, Staff, Venue

Purpose, State = CustomerMessage.Purpose, CustomerMessage.State
By = CustomerMessage.Channel
# Between "send" and the first attempt: time to think better of it.
MAY_CALL_BACK: Final = timedelta(minutes=1)
PLACES: Final = ("{name}", "{venue}")
WORDED: Final = ("slug", "name", "subject_en", "body_en", "subject_zh", "body_zh", "short_en", "short_zh")
SOURCE: Final = "message"
# What a contact has to be to be written to by each channel.
ALLOWING: Final[dict[str, dict[str, str]]] = {
    By.EMAIL: {"kind": ContactPoint.Kind.EMAIL, "email": Allowed.YES},
    By.SMS: {"kind": ContactPoint.Kind.PHONE, "sms": Allowed.YES, "normalised__startswith": "+"},
}


class CannotWriteError(Exception):
    """They do not allow that way, or have no address for it; or nobody can sign."""


class GoneError(Exception):
    """It has gone out, or is going out, or was called back before."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages: the venue's own, or as it comes with the house."""

    slug: str
    name: str | Promise
    subject_en: str
    body_en: str
    subject_zh: str
    body_zh: str
    short_en: str = ""
    short_zh: str = ""
    is_own: bool = False

    def in_language(self, language: str) -> tuple[str, str]:
        """Subject and body."""
        if language == Language.CHINESE:
            return self.subject_zh, self.body_zh
        return self.subject_en, self.body_en

    def said_by(self, channel: str, language: str) -> tuple[str, str]:
        """Subject and body for this channel; a text message has no subject."""
        if channel == By.SMS:
            return "", self.short_zh if language == Language.CHINESE else self.short_en
        return self.in_language(language)

    @property
    def everything(self) -> str:
        """All its words, for what looks whether they touch something."""
        emails = f"{self.subject_en} {self.body_en} {self.subject_zh} {self.body_zh}"
        return f"{emails} {self.short_en} {self.short_zh}"


def wordings(venue: Venue) -> dict[str, Wording]:
    """The texts of a venue by their short names: those of the house, overridden by its own."""
    found = {
        text.slug: Wording(**{name: getattr(text, name) for name in WORDED}) for text in ready_made.TEXTS
    }
    for row in MessageTemplate.objects.filter(venue=venue).order_by("name", "pk"):
        found[row.slug] = Wording(**{name: getattr(row, name) for name in WORDED}, is_own=True)
    return found


def rules_of(venue: Venue) -> ContactRules:
    """How the venue approaches its customers; unsaved and as usual where nobody has said."""
    return ContactRules.objects.filter(venue=venue).first() or ContactRules(venue=venue)


def language_for(customer: Customer, venue: Venue) -> str:
    """Theirs where we write it, else the venue's."""
    spoken = customer.language.lower().replace("_", "-").partition("-")[0]
    return {"zh": Language.CHINESE, "en": Language.ENGLISH}.get(spoken, Language(venue.language))


def filled(text: str, customer: Customer, venue: Venue) -> str:
    """A text with the name to call them by and the venue's in their places."""
    return text.replace("{name}", customer.greeting_name).replace("{venue}", venue.name)


def address_of(customer: Customer, channel: str = By.EMAIL) -> ContactPoint | None:
    """Where they allow this channel, the address to use first; None where nobody asked or they said no.

    A telephone number without its country cannot be texted.
    """
    mine = ContactPoint.objects.filter(customer=customer, **ALLOWING[By(channel)])
    return mine.order_by("-is_primary", "pk").first()


def may_sign(venue: Venue, first: Staff | None = None) -> Staff | None:
    """Who answers for what a playbook writes: this person, else a manager; with a number, and still here."""
    here = Membership.objects.current().filter(venue=venue).exclude(staff__badge_number="")
    own = here.filter(staff=first).select_related("staff").first() if first else None
    managers = here.filter(role__in=[Role.MANAGER, Role.OWNER]).select_related("staff")
    found = own or managers.order_by("started_at", "pk").first()
    return found.staff if found else None


def closing_line(person: Staff, venue: Venue, language: str) -> str:
    """The line that says who answers for a message: name, number, venue."""
    with translation.override(language):
        return _("%(name)s, staff number %(number)s, %(venue)s") % {
            "name": person.display_name,
            "number": person.badge_number,
            "venue": venue.name,
        }


@transaction.atomic
def write(
    customer: Customer,
    venue: Venue,
    *,
    now: datetime,
    occurrence: str,
    purpose: str,
    signer: Staff,
    subject: str,
    body: str,
    language: str,
    deed: PlaybookDeed | None = None,
    channel: str = By.EMAIL,
) -> CustomerMessage:
    """Have these words sent; the same occurrence again gives the message of the first time.

    Raises CannotWriteError where they do not allow this channel, or the signer has no number to sign with.
    """
    contact = address_of(customer, channel)
    if contact is None or not signer.badge_number:
        raise CannotWriteError
    wait = MAY_CALL_BACK if purpose == Purpose.WRITTEN else timedelta(0)
    message, _is_new = CustomerMessage.objects.get_or_create(
        customer=customer,
        occurrence=occurrence,
        channel=channel,
        defaults={
            "venue": venue,
            "contact": contact,
            "to": contact.normalised,
            "purpose": purpose,
            "deed": deed,
            "language": language,
            # A header is one line, whatever was typed.
            "subject": " ".join(subject.split())[:200],
            "body": body.strip(),
            "message_id": _message_id(customer, occurrence, channel),
            "next_attempt_at": now + wait,
            "send_at": now + wait,
            "created_at": now,
            **_approval(signer, venue, language, now),
        },
    )
    return message


def _message_id(customer: Customer, occurrence: str, channel: str) -> str:
    """The name of the one message about this, the same whenever it is asked for."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    way = "" if channel == By.EMAIL else f".{channel}"
    return f"<to.{customer.pk}.{occurrence.replace(':', '.')}{way}@{host}>"


def _approval(signer: Staff, venue: Venue, language: str, now: datetime) -> dict[str, Any]:
    """Who answers for a message since when, and how they sign."""
    signature = closing_line(signer, venue, language)
    return {"signature": signature, "approved_by": signer, "approved_at": now}


@transaction.atomic
def call_back(message_id: int, membership: Membership) -> CustomerMessage:
    """Not to be sent after all. Raises GoneError when it is out, or going out just now."""
    mine = CustomerMessage.objects.visible_to(membership).select_for_update(of=("self",))
    message = mine.get(pk=message_id)
    if message.state != State.WAITING or message.claimed_until is not None:
        raise GoneError
    message.state, message.error = State.WITHDRAWN, _("called back by %(name)s") % {"name": membership.staff}
    message.save(update_fields=["state", "error"])
    return message


def letter_for(message: CustomerMessage, now: datetime) -> EmailMultiAlternatives | None:
    """The letter of a message; None when it must not be sent any more, with why noted on its row.

    Raises sending.NotNowError outside the hours of the customer and the venue.
    """
    row = may_go(message, now)
    if row is None:
        return None
    with translation.override(row.language):
        return _written(row)


def may_go(message: CustomerMessage, now: datetime) -> CustomerMessage | None:
    """The message with all that it is about; None when it must not be sent any more, with why noted on it.

    Raises sending.NotNowError outside the hours of the customer and the venue.
    """
    row = CustomerMessage.objects.select_related("customer", "venue", "contact", "survey").get(pk=message.pk)
    if why := _forbidden(row, now):
        refuse(message, why)
        return None
    rules, contact = rules_of(row.venue), row.contact
    windows = [(rules.hours_from, rules.hours_until)]
    if contact and contact.hours_from and contact.hours_until:
        # Their own hours decide where the venue's leave none of them.
        windows.append((contact.hours_from, contact.hours_until))
    zone = row.venue.zone
    # Hours that hold no moment are nobody's: then the venue's alone decide.
    ways = (windows, windows[1:], windows[:1])
    at = next(filter(None, (contact_hours.next_allowed(now, zone, way) for way in ways if way)), None)
    if at and at > now:
        raise NotNowError(at)
    return row


def refuse(message: CustomerMessage, why: str) -> None:
    """Note on a message that is held why it is not sent."""
    CustomerMessage.objects.filter(pk=message.pk, claimed_until=message.claimed_until).update(error=why)


def _forbidden(message: CustomerMessage, now: datetime) -> str:
    """What forbids sending it by now, in words for whoever reads it to translate; empty when nothing does."""
    contact = message.contact
    if message.customer.status != Customer.Status.ACTIVE:
        return gettext_noop("the customer is no longer active")
    is_mine = contact is not None and contact.normalised == message.to
    if message.channel == By.SMS and not (is_mine and contact and contact.sms == Allowed.YES):
        return gettext_noop("text messages to this number are not allowed")
    if message.channel == By.EMAIL and not (is_mine and contact and contact.email == Allowed.YES):
        return gettext_noop("e-mails to this address are not allowed")
    if message.purpose == Purpose.WRITTEN:
        return ""
    if Complaint.objects.open().filter(customer=message.customer_id).exists():
        return gettext_noop("a complaint is open")
    survey = getattr(message, "survey", None)
    return gettext_noop("too late to ask") if survey and survey.expires_at <= now else ""


def _written(message: CustomerMessage) -> EmailMultiAlternatives:
    way_out = settings.SITE_URL + links.way_out(message)
    survey = getattr(message, "survey", None)
    context = {
        "message": message,
        "paragraphs": [part.splitlines() for part in message.body.split("\n\n") if part.strip()],
        "way_out": way_out,
        "survey_address": survey and settings.SITE_URL + links.question(survey),
    }
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string("interactions/mail/to_customer.txt", context),
        from_email=formataddr((message.venue.name, sender)),
        to=[message.to],
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "no" if message.purpose == Purpose.WRITTEN else "auto-generated",
            # RFC 8058: a mail program unsubscribes with one click, without opening a page.
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    letter.attach_alternative(render_to_string("interactions/mail/to_customer.html", context), "text/html")
    return letter


def note_sent(message: CustomerMessage, now: datetime) -> None:
    """Put on the timeline what the customer was written, once however often it is told."""
    row = CustomerMessage.objects.select_related("customer", "venue", "approved_by").get(pk=message.pk)
    by_hand = row.purpose == Purpose.WRITTEN
    interaction = capture.note(
        row.customer,
        row.venue,
        now=now,
        staff=row.approved_by if by_hand else None,
        source=SOURCE,
        token=str(row.pk),
        kind=Interaction.Kind.MESSAGE,
        channel=Channel.CHAT if row.channel == By.SMS else Channel.EMAIL,
        summary=f"{row.subject}\n{row.body}".strip(),
    )
    CustomerMessage.objects.filter(pk=row.pk).update(interaction=interaction)


TO_CUSTOMERS: Final = Outbox(rows=CustomerMessage, letter_for=letter_for, sent=note_sent)


@transaction.atomic
def unsubscribe(message: CustomerMessage, now: datetime) -> None:
    """No more of these to this address or number, by anybody of the house; what waits is not sent."""
    is_text = message.channel == By.SMS
    kind, use = (ContactPoint.Kind.PHONE, "sms") if is_text else (ContactPoint.Kind.EMAIL, "email")
    same = ContactPoint.objects.select_for_update().filter(kind=kind, normalised=message.to)
    refused = [contact.pk for contact in same.order_by("pk") if getattr(contact, use) != Allowed.NO]
    ContactPoint.objects.filter(pk__in=refused).update(**{use: Allowed.NO})
    waiting = CustomerMessage.objects.waiting().by(message.channel).filter(to=message.to, claimed_until=None)
    with translation.override(message.venue.language):
        waiting.update(state=State.WITHDRAWN, error=gettext_noop("unsubscribed"))
        if refused:
            capture.note(
                message.customer,
                message.venue,
                now=now,
                source="unsubscribe",
                token=f"{message.pk}:{now:%Y%m%d%H%M%S%f}",
                kind=Interaction.Kind.NOTE,
                channel=Channel.CHAT if is_text else Channel.EMAIL,
                summary=_("Wants no more text messages") if is_text else _("Wants no more e-mails"),
            )


def of_customer(customer: Customer, membership: Membership, limit: int) -> Iterable[CustomerMessage]:
    """What this person's venue wrote them, the latest first."""
    mine = CustomerMessage.objects.visible_to(membership).filter(customer=customer)
    return mine.select_related("approved_by", "deed__playbook").order_by("-created_at", "-pk")[:limit]
