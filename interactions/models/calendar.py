"""A person's calendar feed: an address that a calendar program reads, and that can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from staff.models import Membership, Staff


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Questions asked of calendar feeds."""

    def live(self) -> CalendarFeedQuerySet:
        """Not taken back, of people who still work somewhere."""
        works = Membership.objects.current().filter(staff=OuterRef("staff"))
        return self.filter(Exists(works), revoked_at=None, staff__is_active=True)

    def revoke(self, now: datetime) -> int:
        """Take these back; give how many that were not yet."""
        return self.filter(revoked_at=None).update(revoked_at=now)


class CalendarFeed(models.Model):
    """An address of somebody's feed. What opens it is kept as a hash alone; a person has one at a time."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff"], condition=Q(revoked_at=None), name="calendar_feed_one_a_person"
            ),
            models.CheckConstraint(
                name="calendar_feed_revoked_after_made",
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.made_at:%Y-%m-%d}"
