"""One contact with a customer on any channel, and what was ordered or done in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer, Preference
from staff.models import Membership, Staff, Venue


class Channel(models.TextChoices):
    """How we were in contact."""

    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    CHAT = "chat", _("chat")
    SOCIAL = "social", _("social media")
    WEB = "web", _("web")


class Outcome(models.TextChoices):
    """Whether it went well, as the customer said it."""

    GOOD = "good", _("good")
    NEUTRAL = "neutral", _("neither")
    BAD = "bad", _("bad")


class InteractionQuerySet(models.QuerySet["Interaction"]):
    """Questions asked of the timeline."""

    def visible_to(self, membership: Membership | None) -> InteractionQuerySet:
        """What this member of staff may read: managers' notes are for managers, and at their venue."""
        if membership is None:
            return self.none()
        hidden = Preference.Discretion.MANAGERS_ONLY
        if not membership.can("see_managers_only"):
            return self.exclude(discretion=hidden)
        return self.exclude(~Q(venue=membership.venue_id), discretion=hidden)

    def kept_from(self, membership: Membership) -> InteractionQuerySet:
        """What this member of staff may not read."""
        hidden = self.filter(discretion=Preference.Discretion.MANAGERS_ONLY)
        if membership.can("see_managers_only"):
            return hidden.exclude(venue=membership.venue_id)
        return hidden

    def at(self, venue: Venue) -> InteractionQuerySet:
        """What happened at this venue."""
        return self.filter(venue=venue)

    def of(self, customer: Customer) -> InteractionQuerySet:
        """What happened with this customer."""
        return self.filter(customer=customer)

    def since(self, moment: datetime) -> InteractionQuerySet:
        """What happened at or after an aware moment."""
        return self.filter(occurred_at__gte=moment)

    def older_than(self, moment: datetime, pk: int) -> InteractionQuerySet:
        """What stands below this place of the timeline: older, or as old and written earlier."""
        # The first condition alone lets the index be entered at the right place.
        return self.filter(occurred_at__lte=moment).exclude(occurred_at=moment, pk__gte=pk)

    def newest_first(self) -> InteractionQuerySet:
        """In the order of the timeline."""
        return self.order_by("-occurred_at", "-id")


@tracked(ignore=["moved"])
class Interaction(models.Model):
    """What happened, in our words and in the customer's own."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        CALL = "call", _("call")
        MESSAGE = "message", _("message")
        REQUEST = "request", _("request")
        COMPLIMENT = "compliment", _("compliment")
        COMPLAINT = "complaint", _("complaint")
        GESTURE = "gesture", _("gesture")
        NO_SHOW = "no_show", _("no-show")
        FEEDBACK = "feedback", _("feedback")
        HANDOVER = "handover", _("handover")
        NOTE = "note", _("note")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="interactions")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="interactions")
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="interactions"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.IN_PERSON)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.VISIT)
    occurred_at = models.DateTimeField(_("when"), default=timezone.now)
    summary = models.TextField(_("what happened"), blank=True)
    words = models.TextField(_("in their words"), blank=True)
    outcome = models.CharField(_("how it went, as they said it"), max_length=10, choices=Outcome, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    party_size = models.PositiveSmallIntegerField(_("how many people"), null=True, blank=True)
    companions = ArrayField(
        models.CharField(max_length=80), verbose_name=_("with whom"), default=list, blank=True
    )
    discretion = models.CharField(
        _("discretion"),
        max_length=15,
        choices=Preference.Discretion,
        default=Preference.Discretion.SAY_ALOUD,
    )
    source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    moved = models.JSONField(
        null=True,
        editable=False,
        help_text="What we owe that waited for a contact, from when to when this one moved it.",
    )

    objects = InteractionQuerySet.as_manager()
    # What it said before each correction; crm.history makes the table.
    events: Any

    class Meta:
        verbose_name = _("interaction")
        indexes: ClassVar = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="interaction_timeline"),
            models.Index(fields=["venue", "-occurred_at", "-id"], name="interaction_venue_newest"),
            models.Index(fields=["id"], condition=Q(discretion="managers_only"), name="interaction_kept"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="interaction_imported_once",
            ),
            models.CheckConstraint(
                name="interaction_kind_known",
                condition=Q(
                    kind__in=[
                        "visit",
                        "call",
                        "message",
                        "request",
                        "compliment",
                        "complaint",
                        "gesture",
                        "no_show",
                        "feedback",
                        "handover",
                        "note",
                    ]
                ),
            ),
            models.CheckConstraint(name="interaction_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(
                name="interaction_outcome_known", condition=Q(outcome="") | Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="interaction_discretion_known",
                condition=Q(discretion__in=["say_aloud", "act_silently", "managers_only"]),
            ),
            models.CheckConstraint(
                name="interaction_external_has_source", condition=Q(external_id="") | ~Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_at:%Y-%m-%d}"


@tracked()
class InteractionItem(models.Model):
    """One thing ordered, bought or done in an interaction."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(_("what"), max_length=120)
    quantity = models.PositiveSmallIntegerField(_("how many"), default=1)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("item")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="item_named", condition=~Q(name="")),
            models.CheckConstraint(name="item_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="item_price_not_negative", condition=Q(price=None) | Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name if self.quantity == 1 else f"{self.quantity} × {self.name}"


class PreferenceSource(models.Model):
    """After which interaction a preference was written down."""

    preference = models.OneToOneField(Preference, on_delete=models.CASCADE, related_name="source")
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="preferences_noted")

    def __str__(self) -> str:
        return f"{self.preference_id} from {self.interaction_id}"
