"""What one shift tells the next: the briefing made before it, and the notes that are signed for."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from interactions.models.delivery import Delivery
from staff.models import Membership, Shift, Staff, Venue


class Briefing(models.Model):
    """That a shift was briefed on a business day: made once, however many look at the same time."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="briefings")
    day = models.DateField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("briefing")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift", "day"], name="briefing_once"),
            models.CheckConstraint(name="briefing_before_the_end", condition=Q(made_at__lt=F("ends_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.day:%Y-%m-%d}"


class BriefingLetterQuerySet(models.QuerySet["BriefingLetter"]):
    """Questions asked of the briefings sent by e-mail."""

    def waiting(self) -> BriefingLetterQuerySet:
        """Neither sent, withdrawn nor given up."""
        return self.filter(state=Delivery.State.WAITING)

    def ready(self, now: datetime) -> BriefingLetterQuerySet:
        """Waiting, with the time for the next attempt come, and no worker's lease on it."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.waiting().filter(free, next_attempt_at__lte=now).order_by("next_attempt_at", "id")

    def at(self, venue: Venue) -> BriefingLetterQuerySet:
        """About a shift of this venue."""
        return self.filter(briefing__shift__venue=venue)

    def late(self, moment: datetime) -> BriefingLetterQuerySet:
        """Waiting although it was to go out before an aware moment."""
        return self.waiting().filter(send_at__lt=moment)

    def dead(self) -> BriefingLetterQuerySet:
        """Given up, and nobody has said what is to become of it."""
        return self.filter(state=Delivery.State.DEAD)


class BriefingLetter(models.Model):
    """A briefing on its way to one person of the shift by e-mail. The database refuses a second."""

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="letters")
    recipient = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=Delivery.State, default=Delivery.State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    send_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = BriefingLetterQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at", "id"], condition=Q(state="waiting"), name="briefing_letter_to_send"
            ),
            models.Index(fields=["send_at"], condition=Q(state="waiting"), name="briefing_letter_late"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "recipient"], name="briefing_letter_once"),
            models.CheckConstraint(
                name="briefing_letter_state_known",
                condition=Q(state__in=["waiting", "sent", "withdrawn", "dead", "dismissed"]),
            ),
            models.CheckConstraint(
                name="briefing_letter_sent_is_dated", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="briefing_letter_dead_says_why",
                condition=~Q(state__in=["dead", "dismissed"]) | ~Q(error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} → {self.recipient_id} ({self.state})"


class HandoverNoteQuerySet(models.QuerySet["HandoverNote"]):
    """Questions asked of what one shift left for the next."""

    def of(self, membership: Membership) -> HandoverNoteQuerySet:
        """Those of this person's venue that stand."""
        return self.filter(venue=membership.venue_id, withdrawn_at=None)

    def unsigned(self) -> HandoverNoteQuerySet:
        """Nobody has signed for them, the oldest first: they stay until somebody does."""
        return self.filter(signed_at=None, withdrawn_at=None).order_by("written_at", "id")

    def signed_since(self, moment: datetime) -> HandoverNoteQuerySet:
        """Signed for since an aware moment, the last first."""
        return self.filter(signed_at__gte=moment).order_by("-signed_at", "-id")


@tracked()
class HandoverNote(models.Model):
    """What the outgoing shift leaves for the incoming one, who signs for having read it."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="handover_notes")
    text = models.CharField(_("note"), max_length=500)
    written_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    signed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover note")
        indexes: ClassVar = [
            models.Index(
                fields=["venue", "written_at"],
                condition=Q(signed_at=None, withdrawn_at=None),
                name="handover_unsigned",
            ),
            models.Index(fields=["venue", "-signed_at"], name="handover_signed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="handover_text_given", condition=~Q(text="")),
            models.CheckConstraint(
                name="handover_signed_by_somebody",
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False, signed_at__gte=F("written_at")),
            ),
            models.CheckConstraint(
                name="handover_signed_by_another",
                condition=Q(signed_by=None) | ~Q(signed_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="handover_signed_stays", condition=Q(withdrawn_at=None) | Q(signed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.text
