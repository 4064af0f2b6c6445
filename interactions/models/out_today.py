"""What a venue is out of on a business day."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff.models import Staff, Venue


class OutTodayQuerySet(models.QuerySet["OutToday"]):
    """Questions asked of what is out."""

    def at(self, venue: Venue) -> OutTodayQuerySet:
        """At this venue, the last said first."""
        return self.filter(venue=venue).order_by("-said_at", "-id")

    def on(self, day: date) -> OutTodayQuerySet:
        """Out on this business day and not back."""
        return self.filter(business_day=day, back_at=None)


@tracked()
class OutToday(models.Model):
    """One thing that cannot be had today: who said so, and who said that it is back."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+")
    item = models.CharField(_("what is out"), max_length=120)
    key = models.CharField(max_length=120, help_text="As in ItemStat.", editable=False)
    business_day = models.DateField()
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    back_at = models.DateTimeField(null=True, blank=True)
    back_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = OutTodayQuerySet.as_manager()

    class Meta:
        verbose_name = _("out today")
        indexes: ClassVar = [models.Index(fields=["venue", "-said_at", "-id"], name="out_today_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(name="out_today_named", condition=~Q(item="") & ~Q(key="")),
            models.CheckConstraint(
                name="out_today_back_after_out", condition=Q(back_at=None) | Q(back_at__gte=F("said_at"))
            ),
            models.UniqueConstraint(
                fields=["venue", "business_day", "key"], condition=Q(back_at=None), name="out_today_once"
            ),
        ]

    def __str__(self) -> str:
        return self.item
