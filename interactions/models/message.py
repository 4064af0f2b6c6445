"""What is written to customers: by which rules, from which texts, and each message itself."""

from __future__ import annotations

from datetime import datetime, time
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import ContactPoint, Customer
from interactions.models.feedback import Feedback
from interactions.models.interaction import Interaction
from interactions.models.playbook import PlaybookDeed
from staff.models import Language, Membership, Staff, Venue


@tracked()
class ContactRules(models.Model):
    """How a venue approaches its customers by itself: how often, at what hours, and whether it asks them."""

    venue = models.OneToOneField(Venue, on_delete=models.CASCADE, related_name="contact_rules")
    weekly_cap = models.PositiveSmallIntegerField(
        _("at most so many a customer and week"),
        default=2,
        help_text=_("Of what all playbooks make together, in any seven days."),
    )
    hours_from = models.TimeField(_("messages from"), default=time(9))
    hours_until = models.TimeField(_("until"), default=time(20))
    asks = models.CharField(
        _("ask how it was"),
        max_length=5,
        choices=Feedback.Scale,
        blank=True,
        help_text=_("One question by e-mail after a visit, where they allow it."),
    )
    asks_after_hours = models.PositiveSmallIntegerField(_("hours after the visit"), default=20)
    asks_since = models.DateTimeField(null=True, blank=True, editable=False)
    asks_for = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("rules for messages")
        constraints: ClassVar = [
            models.CheckConstraint(name="contact_rules_allow_some", condition=Q(weekly_cap__range=(1, 20))),
            models.CheckConstraint(
                name="contact_rules_have_hours", condition=~Q(hours_from=F("hours_until"))
            ),
            models.CheckConstraint(
                name="contact_rules_scale_known", condition=Q(asks="") | Q(asks__in=Feedback.Scale.values)
            ),
            models.CheckConstraint(
                name="contact_rules_ask_since",
                condition=Q(asks="") | Q(asks_since__isnull=False, asks_for__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_rules_ask_soon", condition=Q(asks_after_hours__range=(0, 120))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue_id}: {self.weekly_cap} a week"


@tracked()
class MessageTemplate(models.Model):
    """A venue's own wording of a text to customers, in both languages of the house."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="message_templates")
    slug = models.SlugField(max_length=40, editable=False)
    name = models.CharField(_("name"), max_length=80)
    subject_en = models.CharField(_("subject in English"), max_length=150)
    body_en = models.TextField(_("text in English"), max_length=2000)
    subject_zh = models.CharField(_("subject in Chinese"), max_length=150)
    body_zh = models.TextField(_("text in Chinese"), max_length=2000)
    short_en = models.CharField(_("as a text message in English"), max_length=300, blank=True)
    short_zh = models.CharField(_("as a text message in Chinese"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("text to customers")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "slug"], name="message_template_once_a_venue"),
            models.UniqueConstraint(Lower("name"), "venue", name="message_template_name_once"),
            models.CheckConstraint(
                name="message_template_has_words",
                condition=~Q(name="")
                & ~Q(slug="")
                & ~Q(subject_en="")
                & ~Q(body_en="")
                & ~Q(subject_zh="")
                & ~Q(body_zh=""),
            ),
            models.CheckConstraint(
                name="message_template_short_in_both",
                condition=Q(short_en="", short_zh="") | (~Q(short_en="") & ~Q(short_zh="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerMessageQuerySet(models.QuerySet["CustomerMessage"]):
    """Questions asked of what is written to customers."""

    def visible_to(self, membership: Membership | None) -> CustomerMessageQuerySet:
        """What this person may read: what their venue wrote."""
        return self.none() if membership is None else self.filter(venue=membership.venue_id)

    def by(self, channel: str) -> CustomerMessageQuerySet:
        """Those that go this way."""
        return self.filter(channel=channel)

    def waiting(self) -> CustomerMessageQuerySet:
        """Neither sent, withdrawn nor given up."""
        return self.filter(state=CustomerMessage.State.WAITING)

    def at(self, venue: Venue) -> CustomerMessageQuerySet:
        """Written by this venue."""
        return self.filter(venue=venue)

    def late(self, moment: datetime) -> CustomerMessageQuerySet:
        """Waiting although it was to go out before an aware moment."""
        return self.waiting().filter(send_at__lt=moment)

    def dead(self) -> CustomerMessageQuerySet:
        """Given up, and nobody has said what is to become of it."""
        return self.filter(state=CustomerMessage.State.DEAD)

    def ready(self, now: datetime) -> CustomerMessageQuerySet:
        """Waiting, with the time for the next attempt come, and no worker's lease on it."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.waiting().filter(free, next_attempt_at__lte=now).order_by("next_attempt_at", "id")


class CustomerMessage(models.Model):
    """One message to one customer on one channel, for one occasion. The database refuses a second.

    It holds the words as they were approved; the closing line and the way out are added when it goes out.
    """

    class Purpose(models.TextChoices):
        WRITTEN = "written", _("written by hand")
        PLAYBOOK = "playbook", _("by a playbook")
        SURVEY = "survey", _("asks how it was")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("text message")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        WITHDRAWN = "withdrawn", _("not sent")
        DEAD = "dead", _("given up")
        DISMISSED = "dismissed", _("given up, and let go by a person")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="messages")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(
        ContactPoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    to = models.CharField(max_length=254)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.EMAIL)
    occurrence = models.CharField(max_length=80)
    purpose = models.CharField(max_length=8, choices=Purpose)
    deed = models.OneToOneField(
        PlaybookDeed, null=True, blank=True, on_delete=models.SET_NULL, related_name="message"
    )
    language = models.CharField(max_length=10, choices=Language)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    signature = models.CharField(max_length=200)
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    interaction = models.OneToOneField(
        Interaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="message"
    )
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    send_at = models.DateTimeField(
        default=timezone.now, help_text="When it is to go out: at once, or in the hours they allow."
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CustomerMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a customer")
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state="waiting"),
                name="customer_message_to_send",
            ),
            models.Index(fields=["send_at"], condition=Q(state="waiting"), name="customer_message_late"),
            models.Index(fields=["customer", "-created_at"], name="customer_message_of"),
            models.Index(fields=["venue", "-id"], condition=Q(state="dead"), name="customer_message_dead"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "occurrence", "channel"], name="customer_message_once"
            ),
            models.CheckConstraint(
                name="customer_message_says_something",
                condition=(~Q(subject="") | Q(channel="sms")) & ~Q(body="") & ~Q(to="") & ~Q(occurrence=""),
            ),
            models.CheckConstraint(name="customer_message_is_signed", condition=~Q(signature="")),
            models.CheckConstraint(
                name="customer_message_channel_known", condition=Q(channel__in=["email", "sms"])
            ),
            models.CheckConstraint(
                name="customer_message_purpose_known",
                condition=Q(purpose__in=["written", "playbook", "survey"]),
            ),
            models.CheckConstraint(
                name="customer_message_state_known",
                condition=Q(state__in=["waiting", "sent", "withdrawn", "dead", "dismissed"]),
            ),
            models.CheckConstraint(
                name="customer_message_sent_is_dated", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="customer_message_dead_says_why",
                condition=~Q(state__in=["dead", "dismissed"]) | ~Q(error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.title} ({self.state})"

    @property
    def title(self) -> str:
        """What a list calls it: its subject, or how it begins where it has none."""
        return self.subject or Truncator(self.body).chars(80)
