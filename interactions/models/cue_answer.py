"""Which cues were shown to whom, and what they answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from staff.models import Staff, Venue


class CueAnswer(models.Model):
    """One showing of one cue, with the one-tap answer when there was one."""

    class Answer(models.TextChoices):
        USED = "used", _("used")
        STILL_TRUE = "still_true", _("still true")
        CHANGED = "changed", _("changed")
        NOT_NOW = "not_now", _("not now")
        DONE = "done", _("done")
        ASKED = "asked", _("asked")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cue_answers")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="+")
    cue_key = models.CharField(
        max_length=80, help_text="What the cue came from, such as preference:12 or usual."
    )
    cue_kind = models.CharField(max_length=40)
    lane = models.CharField(max_length=10)
    shown_at = models.DateTimeField(default=timezone.now)
    business_day = models.DateField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-shown_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-shown_at"], name="cue_answer_of_customer"),
            models.Index(fields=["venue", "business_day"], name="cue_answer_of_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "cue_key", "by", "business_day"], name="cue_shown_once_a_day_and_person"
            ),
            models.CheckConstraint(
                name="cue_lane_known",
                condition=Q(lane__in=["safety", "owed", "must", "today", "moment", "verify"]),
            ),
            models.CheckConstraint(
                name="cue_answer_known",
                condition=Q(answer="", answered_at=None)
                | Q(
                    answer__in=["used", "still_true", "changed", "not_now", "done", "asked"],
                    answered_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cue_key} ({self.answer or 'shown'})"
