"""What a customer answered when asked how it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer
from interactions.models.interaction import Interaction
from staff.models import Membership, Staff, Venue

# What somebody ought to answer: 2 or less of 5, 6 or less of 10 (a detractor).
LOWEST_FINE = {"csat": 3, "nps": 7}


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Questions asked of what customers answered."""

    def visible_to(self, membership: Membership | None) -> FeedbackQuerySet:
        """What this member of staff may read: not what was noted in an interaction that is kept from them."""
        if membership is None:
            return self.none()
        readable = Interaction.objects.visible_to(membership).filter(pk=OuterRef("interaction"))
        return self.filter(Q(interaction=None) | Exists(readable))

    def unanswered(self) -> FeedbackQuerySet:
        """Low scores that nobody answered, the oldest first."""
        low = Q()
        for scale, fine in LOWEST_FINE.items():
            low |= Q(scale=scale, score__lt=fine)
        return self.filter(low, answered_at=None).order_by("at", "id")


@tracked()
class Feedback(models.Model):
    """A score on a known scale, in the customer's own words, and who answered it."""

    class Scale(models.TextChoices):
        CSAT = "csat", _("satisfaction, 1 to 5")
        NPS = "nps", _("would recommend, 0 to 10")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="feedback")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="feedback")
    interaction = models.ForeignKey(
        Interaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="feedback"
    )
    scale = models.CharField(_("scale"), max_length=5, choices=Scale, default=Scale.CSAT)
    score = models.SmallIntegerField(_("score"))
    words = models.TextField(_("in their words"), blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("what we answered"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at"], name="feedback_of_customer"),
            models.Index(fields=["venue", "-at"], name="feedback_of_venue"),
            models.Index(fields=["venue", "at"], condition=Q(answered_at=None), name="feedback_unanswered"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="feedback_score_on_scale",
                condition=Q(scale="csat", score__range=(1, 5)) | Q(scale="nps", score__range=(0, 10)),
            ),
            models.CheckConstraint(
                name="feedback_answer_is_dated", condition=Q(answer="") | Q(answered_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scale_display()}: {self.score}"

    @property
    def is_low(self) -> bool:
        """Whether somebody ought to answer."""
        return self.score < LOWEST_FINE[self.scale]
