"""A complaint and the steps of its recovery."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer
from interactions import targets
from interactions.models.interaction import Interaction, Outcome
from staff.models import Membership, Staff, Venue

# The order in which the card reads them; its index is made of the same expression.
OPEN_FIRST = Case(When(state="closed", then=1), default=0, output_field=IntegerField())


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

    def past_target(self, reason: str, now: datetime) -> ComplaintQuerySet:
        """Open and past one of their targets at an aware moment; see `interactions.targets`."""
        waiting = targets.WAITS[reason]
        past = Q()
        for severity, within in targets.WITHIN[reason].items():
            past |= Q(severity=severity, clock__lte=now - within)
        return self.annotate(clock=Coalesce("reopened_at", "opened_at")).filter(past, state__in=waiting)

    def to_escalate(self, reason: str, now: datetime) -> ComplaintQuerySet:
        """Past this target, at venues that are open, with no manager told of it since the clock started."""
        told = Escalation.objects.filter(
            complaint=OuterRef("pk"), reason=reason, clock_from=OuterRef("clock")
        )
        return self.past_target(reason, now).filter(~Exists(told), venue__closed_at=None).order_by("id")


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

    class Cause(models.TextChoices):
        HANDOVER = "handover", _("it was not passed on")
        PROCEDURE = "procedure", _("no rule for it, or a wrong one")
        TRAINING = "training", _("not shown how")
        STAFFING = "staffing", _("too few people")
        SLIP = "slip", _("a slip")
        EQUIPMENT = "equipment", _("something broke")
        SUPPLIER = "supplier", _("a supplier")
        SYSTEM = "system", _("booking or till")
        EXPECTATION = "expectation", _("we had promised otherwise")
        OUTSIDE = "outside", _("outside our hands")
        UNKNOWN = "unknown", _("not known")

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
    reopened_at = models.DateTimeField(null=True, blank=True)
    reaction = models.CharField(_("how they took it"), max_length=10, choices=Outcome, blank=True)
    offered = models.CharField(_("what we offered"), max_length=300, blank=True)
    cost = models.DecimalField(_("what it cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    cause = models.CharField(_("kind of cause"), max_length=12, choices=Cause, blank=True)
    root_cause = models.CharField(_("why it happened"), max_length=300, blank=True)
    changed = models.CharField(_("what we changed because of it"), max_length=300, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        indexes: ClassVar = [
            models.Index(fields=["customer", "-opened_at"], name="complaint_of_customer"),
            models.Index(
                "customer", OPEN_FIRST, F("opened_at").desc(), F("id").desc(), name="complaint_open_first"
            ),
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
                name="complaint_cause_known",
                condition=Q(
                    cause__in=[
                        "",
                        "handover",
                        "procedure",
                        "training",
                        "staffing",
                        "slip",
                        "equipment",
                        "supplier",
                        "system",
                        "expectation",
                        "outside",
                        "unknown",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="complaint_reopened_after_opened",
                condition=Q(reopened_at=None) | Q(reopened_at__gte=F("opened_at")),
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

    @property
    def clock_from(self) -> datetime:
        """Since when the clock runs: since they complained, or since it was opened again."""
        return self.reopened_at or self.opened_at

    @property
    def target_at(self) -> datetime | None:
        """By when the house wants the next thing to have happened; None where no target runs."""
        return targets.target(self.state, self.severity, self.clock_from)


class ComplaintStep(models.Model):
    """One step of a recovery: who took it, when, and what the customer said.

    `undo` holds what a step did, for whoever takes it back; a step that was taken back stays, marked.
    """

    class Kind(models.TextChoices):
        STEP = "step", _("step")
        REOPENED = "reopened", _("opened again")
        ESCALATED = "escalated", _("the managers were told")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STEP)
    state = models.CharField(max_length=10, choices=Complaint.State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    words = models.TextField(_("in their words"), blank=True)
    undo = models.JSONField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="complaint_step_kind_known",
                condition=Q(kind__in=["step", "reopened", "escalated"]),
            ),
            models.CheckConstraint(
                name="complaint_step_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_step_state_known",
                condition=Q(state__in=["heard", "owned", "promised", "resolved", "checked", "closed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"


class Escalation(models.Model):
    """That the managers were told of a complaint past a target: once for each running of its clock."""

    class Reason(models.TextChoices):
        UNOWNED = "unowned", _("nobody owns it")
        UNRESOLVED = "unresolved", _("it is not put right")

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="escalations")
    reason = models.CharField(max_length=10, choices=Reason)
    clock_from = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["complaint", "reason", "clock_from"], name="escalation_once"),
            models.CheckConstraint(
                name="escalation_reason_known", condition=Q(reason__in=["unowned", "unresolved"])
            ),
            models.CheckConstraint(name="escalation_after_its_clock", condition=Q(at__gte=F("clock_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.reason} {self.at:%Y-%m-%d %H:%M}"
