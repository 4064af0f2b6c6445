"""One question after a visit, on a link that only the customer was given."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from interactions.models.feedback import Feedback
from interactions.models.follow_up import FollowUp
from interactions.models.interaction import Interaction
from interactions.models.message import CustomerMessage
from staff.models import Language, Venue

_ONE_CUSTOMER = Func(
    F("customer"),
    F("customer"),
    models.Value("[]"),
    function="int8range",
    output_field=BigIntegerRangeField(),
)
_QUIET = Func(
    F("asked_at"),
    F("quiet_until"),
    models.Value("[)"),
    function="tstzrange",
    output_field=DateTimeRangeField(),
)


class Survey(models.Model):
    """A customer was asked how a visit was, and what they answered. Not again before `quiet_until`."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="surveys")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="surveys")
    interaction = models.OneToOneField(
        Interaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="survey"
    )
    message = models.OneToOneField(
        CustomerMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="survey"
    )
    scale = models.CharField(max_length=5, choices=Feedback.Scale)
    language = models.CharField(max_length=10, choices=Language)
    asked_at = models.DateTimeField()
    quiet_until = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    feedback = models.OneToOneField(
        Feedback, null=True, blank=True, on_delete=models.SET_NULL, related_name="survey"
    )
    follow_up = models.OneToOneField(
        FollowUp, null=True, blank=True, on_delete=models.SET_NULL, related_name="survey"
    )

    class Meta:
        verbose_name = _("survey")
        constraints: ClassVar = [
            ExclusionConstraint(
                # A range of one number, because ranges can be compared without a further extension.
                name="survey_leaves_them_in_peace",
                expressions=[(_ONE_CUSTOMER, RangeOperators.OVERLAPS), (_QUIET, RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="survey_in_order",
                condition=Q(quiet_until__gt=F("asked_at"), expires_at__gt=F("asked_at")),
            ),
            models.CheckConstraint(name="survey_scale_known", condition=Q(scale__in=Feedback.Scale.values)),
            models.CheckConstraint(name="survey_language_known", condition=Q(language__in=Language.values)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}, {self.asked_at:%Y-%m-%d}"
