"""What we owe: promises and other follow-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer, ImportantDate
from interactions.models.complaint import Complaint
from interactions.models.interaction import Interaction
from staff.models import Membership, Role, Staff, Venue


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Questions asked of what we owe."""

    def open(self) -> FollowUpQuerySet:
        """Neither done nor cancelled."""
        return self.filter(state=FollowUp.State.OPEN)

    def of_active(self) -> FollowUpQuerySet:
        """Of active customers: who is archived has left the lists, and nobody is reminded of them."""
        return self.filter(customer__status=Customer.Status.ACTIVE)

    def due_by(self, moment: datetime) -> FollowUpQuerySet:
        """Open, of active customers, and due at or before an aware moment; the longest overdue first."""
        return self.open().of_active().filter(due_at__lte=moment).order_by("due_at", "id")

    def to_dispatch(self, now: datetime) -> FollowUpQuerySet:
        """Due and not sent out yet, held for this transaction; what another dispatcher holds is left out."""
        due = self.open().of_active().filter(next_dispatch_at__lte=now)
        return due.select_for_update(skip_locked=True, of=("self",)).order_by("next_dispatch_at", "id")

    def armed(self, *triggers: str) -> FollowUpQuerySet:
        """Open, of active customers, and waiting for one of these triggers."""
        return self.open().of_active().filter(due_at=None, trigger__in=triggers)

    def locked(self) -> FollowUpQuerySet:
        """Held until the transaction ends, always in one order, so that two cannot wait for each other."""
        return self.select_for_update(of=("self",)).order_by("id")

    def readable_by(self, membership: Membership) -> FollowUpQuerySet:
        """At any venue; not what follows from an interaction or complaint that is kept from this person.

        Whoever it was given to knows of it all the same.
        """
        kept = Interaction.objects.kept_from(membership)
        # Two questions, because one with an OR in it would read every interaction there is.
        noted = Exists(kept.filter(pk=OuterRef("interaction")))
        complained = Exists(kept.filter(complaint=OuterRef("complaint")))
        return self.filter(Q(owner=membership.staff_id) | ~(noted | complained))

    def visible_to(self, membership: Membership | None) -> FollowUpQuerySet:
        """What this member of staff may see and do: everything owed at their venue that they may read."""
        if membership is None:
            return self.none()
        return self.readable_by(membership).filter(venue=membership.venue_id)

    def with_manning(self) -> FollowUpQuerySet:
        """With `is_manned`: whether its owner, or anybody with its role, still works at the venue."""
        there = Membership.objects.current().filter(venue=OuterRef("venue"))
        return self.annotate(
            is_manned=Case(
                When(owner__isnull=False, then=Exists(there.filter(staff=OuterRef("owner")))),
                When(~Q(role=""), then=Exists(there.filter(role=OuterRef("role")))),
                default=Value(value=False),
            )
        )

    def of(self, membership: Membership) -> FollowUpQuerySet:
        """At this venue and mine, my role's, or nobody's; of people who left is nobody's too."""
        mine = Q(owner=membership.staff_id) | Q(owner=None, role=membership.role) | Q(is_manned=False)
        return self.with_manning().visible_to(membership).filter(mine)

    def owned_by(self, membership: Membership) -> FollowUpQuerySet:
        """This person's own."""
        return self.with_manning().filter(owner=membership.staff_id, venue=membership.venue_id)

    def for_role_of(self, membership: Membership) -> FollowUpQuerySet:
        """For anybody with this person's role."""
        return self.with_manning().visible_to(membership).filter(owner=None, role=membership.role)

    def nobodys(self, membership: Membership) -> FollowUpQuerySet:
        """At this person's venue and nobody's, or of people who left, or of a role that nobody has."""
        return self.with_manning().visible_to(membership).filter(Q(is_manned=False))


@tracked(ignore=["next_dispatch_at", "token"])
class FollowUp(models.Model):
    """Something to do for a customer: at a time, or when something happens."""

    class Kind(models.TextChoices):
        PROMISE = "promise", _("promise")
        REMINDER = "reminder", _("reminder")
        GESTURE = "gesture", _("gesture")
        DATE = "date", _("date")
        PLAYBOOK = "playbook", _("playbook")
        RECOVERY = "recovery", _("recovery")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    class Trigger(models.TextChoices):
        NEXT_VISIT = "next_visit", _("at the next visit")
        NTH_VISIT = "nth_visit", _("at a visit by number")
        ABSENT_DAYS = "absent_days", _("when not seen for some days")
        ABSENT_RHYTHM = "absent_rhythm", _("when not seen for twice their rhythm")
        FIRST_VISIT = "first_visit", _("after the first visit")
        COMPLAINT_RESOLVED = "complaint_resolved", _("when the complaint is put right")
        BEFORE_DATE = "before_date", _("some days before a date")

    class Origin(models.TextChoices):
        MANUAL = "manual", _("written by hand")
        PLAYBOOK = "playbook", _("a playbook")
        COMPLAINT = "complaint", _("a complaint")
        CAPTURE = "capture", _("a logged line")
        IMPORT = "import", _("an import")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="follow_ups")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PROMISE)
    text = models.CharField(_("what to do"), max_length=300)
    category = models.CharField(_("what it touches"), max_length=60, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    trigger = models.CharField(_("due when"), max_length=20, choices=Trigger, blank=True)
    trigger_number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    important_date = models.ForeignKey(
        # A date that is removed takes nothing along that is owed: see interactions.dates.
        ImportantDate,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="follow_ups",
        db_index=False,
    )
    owner = models.ForeignKey(
        Staff,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("owner"),
        db_index=False,
    )
    role = models.CharField(_("or a role"), max_length=20, choices=Role, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    recurrence = models.CharField(
        _("repeats"), max_length=200, blank=True, help_text=_("An RFC 5545 rule such as FREQ=MONTHLY.")
    )
    counts_from_contact = models.BooleanField(
        _("counts from the last contact"),
        default=False,
        help_text=_("Staying in touch: any contact starts it again."),
    )
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by", editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    snoozed_from = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MANUAL)
    complaint = models.ForeignKey(
        Complaint,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
        db_index=False,
    )
    interaction = models.ForeignKey(
        Interaction,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
        db_index=False,
    )
    created_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    token = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text="Of the form it came from, so that a form sent twice is one promise.",
    )
    next_dispatch_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When dispatch looks at it next; empty once it was sent out.",
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        # Each time one is sent out, every index takes an entry more: none is here that nobody asks, and of
        # what most follow-ups have none, only those that have one are in it.
        indexes: ClassVar = [
            *(
                models.Index(
                    fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"follow_up_{name}"
                )
                for name in ("complaint", "interaction", "important_date", "ended_by", "created_by")
            ),
            models.Index(fields=["venue", "due_at", "id"], condition=Q(state="open"), name="follow_up_due"),
            models.Index(fields=["customer"], condition=Q(state="open"), name="follow_up_of_customer"),
            models.Index(fields=["owner", "due_at"], condition=Q(state="open"), name="follow_up_of_owner"),
            models.Index(
                fields=["next_dispatch_at", "id"],
                condition=Q(state="open", next_dispatch_at__isnull=False),
                name="follow_up_to_dispatch",
            ),
            models.Index(
                fields=["trigger", "id"], condition=Q(state="open", due_at=None), name="follow_up_armed"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="follow_up_text_given", condition=~Q(text="")),
            models.CheckConstraint(
                name="follow_up_kind_known",
                condition=Q(kind__in=["promise", "reminder", "gesture", "date", "playbook", "recovery"]),
            ),
            models.CheckConstraint(
                name="follow_up_state_known", condition=Q(state__in=["open", "done", "cancelled"])
            ),
            models.CheckConstraint(
                name="follow_up_has_a_time_or_trigger", condition=Q(due_at__isnull=False) | ~Q(trigger="")
            ),
            models.CheckConstraint(
                name="follow_up_trigger_known",
                condition=Q(trigger="")
                | Q(
                    trigger__in=[
                        "next_visit",
                        "nth_visit",
                        "absent_days",
                        "absent_rhythm",
                        "first_visit",
                        "complaint_resolved",
                        "before_date",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="follow_up_trigger_numbered",
                condition=~Q(trigger__in=["nth_visit", "absent_days", "before_date"])
                # No days before a date is the day itself.
                | (Q(trigger_number__isnull=False) & (Q(trigger="before_date") | Q(trigger_number__gt=0))),
            ),
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="follow_up_form_sent_once"
            ),
            models.CheckConstraint(
                name="follow_up_dispatched_when_due",
                condition=Q(next_dispatch_at=None) | Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_date_named",
                condition=~Q(trigger="before_date") | Q(important_date__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_cadence_repeats", condition=Q(counts_from_contact=False) | ~Q(recurrence="")
            ),
            models.CheckConstraint(
                name="follow_up_cadence_is_of_contacts_alone",
                condition=Q(counts_from_contact=False) | Q(trigger=""),
            ),
            models.CheckConstraint(
                name="follow_up_role_known", condition=Q(role="") | Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="follow_up_ended_is_dated",
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="follow_up_cancelled_says_why", condition=~Q(state="cancelled") | ~Q(outcome="")
            ),
        ]

    def __str__(self) -> str:
        return self.text


# The rows of follow-ups as they were before each change; crm.history makes the table.
FollowUpEvent: Any = FollowUp.pgh_event_model  # type: ignore[attr-defined]  # set by the decorator
