"""A complaint and the steps of its recovery."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer
from interactions.models.interaction import Interaction, Outcome
from staff.models import Membership, Staff, Venue


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Questions asked of complaints."""

    def open(self) -> ComplaintQuerySet:
        """Complaints that are not closed, the oldest first."""
        return self.exclude(state=Complaint.State.CLOSED).order_by("opened_at", "id")

    def visible_to(self, membership: Membership | None) -> ComplaintQuerySet:
        """What this member of staff may read: not one noted in an interaction that is kept from them."""
        if membership is None:
            return self.none()
        readable = Interaction.objects.visible_to(membership).filter(pk=OuterRef("interaction"))
        return self.filter(Q(interaction=None) | Exists(readable))

    def at(self, venue: Venue) -> ComplaintQuerySet:
        """About this venue."""
        return self.filter(venue=venue)

    def locked(self) -> ComplaintQuerySet:
        """Held until the transaction ends."""
        return self.select_for_update(of=("self",))


@tracked()
class Complaint(models.Model):
    """Something went wrong: heard → owned → promised → resolved → checked with the customer → closed."""

    class State(models.TextChoices):
        HEARD = "heard", _("heard")
        OWNED = "owned", _("owned")
        PROMISED = "promised", _("promised")
        RESOLVED = "resolved", _("put right")
        CHECKED = "checked", _("checked with the customer")
        CLOSED = "closed", _("closed")

    class Severity(models.TextChoices):
        MINOR = "minor", _("minor")
        SERIOUS = "serious", _("serious")
        GRAVE = "grave", _("grave")

    class Category(models.TextChoices):
        WAIT = "wait", _("wait")
        QUALITY = "quality", _("quality")
        NOISE = "noise", _("noise")
        CLEANLINESS = "cleanliness", _("cleanliness")
        STAFF_MANNER = "staff_manner", _("staff manner")
        BILLING = "billing", _("billing")
        BOOKING = "booking", _("booking")
        PRODUCT_FAULT = "product_fault", _("product fault")
        PRIVACY = "privacy", _("privacy")
        OTHER = "other", _("other")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="complaints")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="complaints")
    interaction = models.OneToOneField(
        Interaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="complaint"
    )
    category = models.CharField(_("about"), max_length=15, choices=Category, default=Category.OTHER)
    about = models.CharField(_("what went wrong"), max_length=300)
    words = models.TextField(_("in their words"), blank=True)
    severity = models.CharField(_("how bad"), max_length=10, choices=Severity, default=Severity.SERIOUS)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HEARD)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Staff,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complaints",
        verbose_name=_("owner"),
    )
    promised = models.CharField(_("what we promised"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("by when"), null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reaction = models.CharField(_("how they took it"), max_length=10, choices=Outcome, blank=True)
    offered = models.CharField(_("what we offered"), max_length=300, blank=True)
    cost = models.DecimalField(_("what it cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    root_cause = models.CharField(_("why it happened"), max_length=300, blank=True)
    changed = models.CharField(_("what we changed because of it"), max_length=300, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        indexes: ClassVar = [
            models.Index(fields=["customer", "-opened_at"], name="complaint_of_customer"),
            models.Index(fields=["venue", "opened_at"], condition=~Q(state="closed"), name="complaint_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="complaint_about_given", condition=~Q(about="")),
            models.CheckConstraint(
                name="complaint_state_known",
                condition=Q(state__in=["heard", "owned", "promised", "resolved", "checked", "closed"]),
            ),
            models.CheckConstraint(
                name="complaint_category_known",
                condition=Q(
                    category__in=[
                        "wait",
                        "quality",
                        "noise",
                        "cleanliness",
                        "staff_manner",
                        "billing",
                        "booking",
                        "product_fault",
                        "privacy",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="complaint_severity_known", condition=Q(severity__in=["minor", "serious", "grave"])
            ),
            models.CheckConstraint(
                name="complaint_promise_is_worded", condition=~Q(state="promised") | ~Q(promised="")
            ),
            models.CheckConstraint(
                name="complaint_resolved_is_dated",
                condition=~Q(state__in=["resolved", "checked"])
                | Q(resolved_at__isnull=False, resolved_at__gte=F("opened_at")),
            ),
            models.CheckConstraint(
                name="complaint_checked_is_dated", condition=~Q(state="checked") | Q(checked_at__isnull=False)
            ),
            models.CheckConstraint(
                name="complaint_cost_not_negative", condition=Q(cost=None) | Q(cost__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.about


class ComplaintStep(models.Model):
    """One step of a recovery: who took it, when, and what the customer said."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=Complaint.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    words = models.TextField(_("in their words"), blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="complaint_step_state_known",
                condition=Q(state__in=["heard", "owned", "promised", "resolved", "checked", "closed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"
