"""A visit that is expected, under way or over."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer
from interactions.models.interaction import Interaction
from staff.models import Staff, Venue


class VisitQuerySet(models.QuerySet["Visit"]):
    """Questions asked of the arrivals list."""

    def at(self, venue: Venue) -> VisitQuerySet:
        """Visits to this venue."""
        return self.filter(venue=venue)

    def of(self, customer: Customer) -> VisitQuerySet:
        """Visits of this customer."""
        return self.filter(customer=customer)

    def between(self, start: datetime, end: datetime) -> VisitQuerySet:
        """Visits expected, or without that begun, in [start, end), soonest first."""
        return (
            self.annotate(at=Coalesce("expected_at", "arrived_at"))
            .filter(at__gte=start, at__lt=end)
            .order_by("at", "id")
        )

    def still_awaited(self) -> VisitQuerySet:
        """Without those expected of customers who are archived: they have left the lists."""
        return self.exclude(~Q(customer__status=Customer.Status.ACTIVE), state=Visit.State.EXPECTED)

    def here_now(self) -> VisitQuerySet:
        """Visits under way, the latest arrival first."""
        return self.filter(state=Visit.State.ARRIVED).order_by("-arrived_at", "-id")

    def never_logged(self, before: datetime) -> VisitQuerySet:
        """Visits that took place, begun before an aware moment, of which nothing stands on the timeline."""
        took_place = [Visit.State.ARRIVED, Visit.State.LEFT]
        return self.filter(state__in=took_place, interaction=None, arrived_at__lt=before).order_by(
            "arrived_at", "id"
        )

    def to_log(self, start: datetime, end: datetime) -> VisitQuerySet:
        """Visits that nothing was logged for yet: those under way, then those expected in [start, end)."""
        under_way = Q(state=Visit.State.ARRIVED)
        expected = Q(state=Visit.State.EXPECTED, expected_at__gte=start, expected_at__lt=end)
        return self.filter(under_way | expected, interaction=None).order_by("state", "expected_at", "id")

    def expected_between(self, start: datetime, end: datetime) -> VisitQuerySet:
        """Visits still expected in [start, end), soonest first."""
        return self.filter(state=Visit.State.EXPECTED, expected_at__gte=start, expected_at__lt=end).order_by(
            "expected_at", "id"
        )


@tracked()
class Visit(models.Model):
    """A booking, an appointment, a stay: when they are expected, and what became of it."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("expected")
        ARRIVED = "arrived", _("arrived")
        LEFT = "left", _("left")
        NO_SHOW = "no_show", _("did not come")
        CANCELLED = "cancelled", _("cancelled")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="visits")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.EXPECTED)
    expected_at = models.DateTimeField(_("expected"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    party_size = models.PositiveSmallIntegerField(_("how many people"), null=True, blank=True)
    companions = ArrayField(
        models.CharField(max_length=80), verbose_name=_("with whom"), default=list, blank=True
    )
    occasion = models.CharField(_("occasion"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    interaction = models.OneToOneField(
        Interaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="visit"
    )
    created_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        indexes: ClassVar = [
            models.Index(
                fields=["venue", "expected_at"], condition=Q(state="expected"), name="visit_expected_soonest"
            ),
            models.Index(
                fields=["venue", "-arrived_at"], condition=Q(state="arrived"), name="visit_here_now"
            ),
            models.Index(fields=["customer", "-expected_at"], name="visit_of_customer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="visit_state_known",
                condition=Q(state__in=["expected", "arrived", "left", "no_show", "cancelled"]),
            ),
            models.CheckConstraint(
                name="visit_expected_is_timed",
                condition=~Q(state__in=["expected", "no_show", "cancelled"]) | Q(expected_at__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_arrived_is_timed",
                condition=Q(state__in=["arrived", "left"], arrived_at__isnull=False)
                | (~Q(state__in=["arrived", "left"]) & Q(arrived_at=None)),
            ),
            models.CheckConstraint(
                name="visit_left_is_timed",
                condition=Q(state="left", left_at__isnull=False, left_at__gte=F("arrived_at"))
                | (~Q(state="left") & Q(left_at=None)),
            ),
            models.CheckConstraint(
                name="visit_party_positive", condition=Q(party_size=None) | Q(party_size__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.expected_at or self.arrived_at}"
