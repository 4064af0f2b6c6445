"""What gathers the reminders to one person in one shift into one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from staff.models import Staff, Venue


class Digest(models.Model):
    """The one message to somebody in a shift, on one channel, that is about all that is not urgent.

    The database allows one. It is open for more until a worker takes it to send it; what becomes due after
    that goes into the next.
    """

    recipient = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="digests")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="digests")
    shift_starts_at = models.DateTimeField()
    # As a delivery's: what is shown in the app needs no gathering.
    channel = models.CharField(max_length=10, default="email")
    closed_at = models.DateTimeField(null=True, blank=True)
    # That of the first delivery in it, kept so that a repeat bears the same.
    message_id = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "venue", "shift_starts_at", "channel"], name="digest_once_a_shift"
            ),
            models.CheckConstraint(
                name="digest_channel_known", condition=Q(channel__in=["email", "webhook"])
            ),
            models.CheckConstraint(
                name="digest_closed_has_a_name", condition=Q(closed_at=None) | ~Q(message_id="")
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.channel} to {self.recipient_id} at {self.venue_id}, {self.shift_starts_at:%Y-%m-%d %H:%M}"
        )
