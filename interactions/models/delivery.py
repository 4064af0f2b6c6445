"""Each time a follow-up is told to somebody."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interactions.models.digest import Digest
from interactions.models.follow_up import FollowUp
from staff.models import Staff, Venue


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions asked of what was told to whom."""

    def waiting(self) -> DeliveryQuerySet:
        """Neither sent, withdrawn nor given up."""
        return self.filter(state=Delivery.State.WAITING)

    def free(self, now: datetime) -> DeliveryQuerySet:
        """Waiting, and no worker's lease on it."""
        return self.waiting().filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def ready(self, now: datetime) -> DeliveryQuerySet:
        """Those with the time for the next attempt come, and no worker's lease on them."""
        return self.free(now).filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")

    def first_of_digests(self, now: datetime) -> DeliveryQuerySet:
        """Of each digest only the first that is ready, and all that are in none.

        Whoever locks the first takes the others with it; were each locked for itself, two workers could
        hold a part each.
        """
        earlier = Delivery.objects.ready(now).filter(digest=OuterRef("digest"), pk__lt=OuterRef("pk"))
        return self.filter(Q(digest=None) | ~Exists(earlier))

    def at(self, venue: Venue) -> DeliveryQuerySet:
        """About what is owed at this venue."""
        return self.filter(follow_up__venue=venue)

    def late(self, moment: datetime) -> DeliveryQuerySet:
        """Waiting although it was to go out before an aware moment."""
        return self.waiting().filter(send_at__lt=moment)

    def dead(self) -> DeliveryQuerySet:
        """Given up, and nobody has said what is to become of it."""
        return self.filter(state=Delivery.State.DEAD)

    def seen(self, now: datetime) -> int:
        """Note that these were seen, of those that were sent; give how many."""
        sent = self.filter(state=Delivery.State.SENT)
        return sent.update(state=Delivery.State.ACKNOWLEDGED, acknowledged_at=now)


class Delivery(models.Model):
    """One occurrence of a follow-up told to one person on one channel. The database refuses a second."""

    class Channel(models.TextChoices):
        APP = "app", _("in the app")
        EMAIL = "email", _("e-mail")
        WEBHOOK = "webhook", _("webhook")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        ACKNOWLEDGED = "acknowledged", _("seen")
        WITHDRAWN = "withdrawn", _("withdrawn: done before it was sent")
        DEAD = "dead", _("given up")
        DISMISSED = "dismissed", _("given up, and let go by a person")

    # By follow-up and by recipient it is found through the indexes below.
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    occurrence = models.DateTimeField()
    recipient = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200)
    send_at = models.DateTimeField(
        default=timezone.now,
        help_text="When it is to go out: at once, or moved out of quiet hours or into the next shift.",
    )
    digest = models.ForeignKey(
        Digest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
        db_index=False,
    )
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=Q(state="waiting"), name="delivery_to_send"
            ),
            models.Index(fields=["send_at"], condition=Q(state="waiting"), name="delivery_late"),
            models.Index(fields=["recipient", "-created_at"], name="delivery_of_recipient"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="delivery_of_digest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["follow_up", "occurrence", "recipient", "channel"], name="delivery_once"
            ),
            models.UniqueConstraint(fields=["message_id"], name="delivery_named_once"),
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(state__in=["waiting", "sent", "acknowledged", "withdrawn", "dead", "dismissed"]),
            ),
            models.CheckConstraint(
                name="delivery_channel_known", condition=Q(channel__in=["app", "email", "webhook"])
            ),
            models.CheckConstraint(
                name="delivery_sent_is_dated", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_dead_says_why", condition=~Q(state__in=["dead", "dismissed"]) | ~Q(error="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} → {self.recipient_id} ({self.channel}, {self.state})"
