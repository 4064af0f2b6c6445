"""Playbooks: rules by which a venue owes its customers something, and what each of them did."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer, ImportantDate
from interactions.models.follow_up import FollowUp
from staff.models import Membership, Role, Staff, Venue


class PlaybookQuerySet(models.QuerySet["Playbook"]):
    """Questions asked of playbooks."""

    def visible_to(self, membership: Membership | None) -> PlaybookQuerySet:
        """Those of the venue, for who may see how the house is run."""
        if membership is None or not membership.can("see_house"):
            return self.none()
        return self.filter(venue=membership.venue_id)

    def on(self) -> PlaybookQuerySet:
        """Switched on, at venues that are open."""
        return self.filter(switched_on_at__isnull=False, venue__closed_at=None)


@tracked(ignore=["looked_until"])
class Playbook(models.Model):
    """When this comes for these customers, that is owed to them, by somebody, by then."""

    class Occasion(models.TextChoices):
        FIRST_VISIT = "first_visit", _("after the first visit")
        DATE = "date", _("around a date of theirs")
        AWAY = "away", _("not seen for some days")
        RHYTHM = "rhythm", _("not seen for twice their rhythm")
        MENDED = "mended", _("after a complaint was put right")
        LOW_SCORE = "low_score", _("a low score that nobody answered")
        HAD = "had", _("after something was had or done")
        YEARLY = "yearly", _("every year since the first visit")
        NO_SHOW = "no_show", _("did not come")

    class Way(models.TextChoices):
        PHONE = "phone", _("by a call")
        SMS = "sms", _("by a text message")
        EMAIL = "email", _("by e-mail")

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="playbooks")
    name = models.CharField(_("name"), max_length=80)
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    days = models.PositiveSmallIntegerField(_("how many days"), default=0)
    date_kind = models.CharField(_("which date"), max_length=15, choices=ImportantDate.Kind, blank=True)
    words = models.CharField(_("what was had or done"), max_length=60, blank=True)
    min_visits = models.PositiveSmallIntegerField(_("from how many visits on"), default=0)
    tag = models.CharField(_("only with this tag"), max_length=40, blank=True)
    text = models.CharField(_("what to do"), max_length=300, blank=True)
    category = models.CharField(_("what it touches"), max_length=60, blank=True)
    way = models.CharField(_("how they are reached"), max_length=5, choices=Way, blank=True)
    template = models.SlugField(_("text to send"), max_length=40, blank=True, allow_unicode=True)
    owner = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    role = models.CharField(_("or a role"), max_length=20, choices=Role, blank=True)
    due_days = models.PositiveSmallIntegerField(_("due after how many days"), default=0)
    due_time = models.TimeField(_("at what time"), default=time(9))
    urgent = models.BooleanField(_("urgent"), default=False)
    ready_made = models.SlugField(max_length=40, blank=True, editable=False)
    switched_on_at = models.DateTimeField(null=True, blank=True, editable=False)
    switched_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    looked_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PlaybookQuerySet.as_manager()
    # What it said before each change; crm.history makes the table.
    events: Any

    class Meta:
        verbose_name = _("playbook")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "venue", name="playbook_name_once_a_venue"),
            models.CheckConstraint(name="playbook_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="playbook_occasion_known",
                condition=Q(
                    occasion__in=[
                        "first_visit",
                        "date",
                        "away",
                        "rhythm",
                        "mended",
                        "low_score",
                        "had",
                        "yearly",
                        "no_show",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="playbook_way_known", condition=Q(way="") | Q(way__in=["phone", "sms", "email"])
            ),
            models.CheckConstraint(
                name="playbook_role_known", condition=Q(role="") | Q(role__in=Role.values)
            ),
            models.CheckConstraint(name="playbook_owner_or_role", condition=Q(owner=None) | Q(role="")),
            models.CheckConstraint(
                name="playbook_does_one_thing",
                condition=Q(template="") & ~Q(text="") | ~Q(template="") & Q(text=""),
            ),
            models.CheckConstraint(
                name="playbook_writes_by_a_written_way", condition=Q(template="") | ~Q(way="phone")
            ),
            models.CheckConstraint(
                name="playbook_date_named",
                condition=~Q(occasion="date") | ~Q(date_kind=""),
            ),
            models.CheckConstraint(name="playbook_words_given", condition=~Q(occasion="had") | ~Q(words="")),
            models.CheckConstraint(
                name="playbook_absence_takes_days", condition=~Q(occasion="away") | Q(days__gt=0)
            ),
            models.CheckConstraint(
                name="playbook_days_in_reach", condition=Q(days__lte=3650, due_days__lte=365)
            ),
            models.CheckConstraint(
                name="playbook_switched_by_somebody",
                condition=Q(switched_on_at=None) | Q(switched_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        """Whether it makes anything."""
        return self.switched_on_at is not None

    @property
    def writes(self) -> bool:
        """Whether it writes to the customer, instead of having staff do something."""
        return bool(self.template)


class PlaybookDeed(models.Model):
    """What became of one occasion of one customer: what was made of it, or what forbade that. Once."""

    class Outcome(models.TextChoices):
        MADE = "made", _("made")
        SAFETY = "safety", _("touches a safety fact")
        AVOID = "avoid", _("touches something to avoid")
        REFUSAL = "refusal", _("they do not allow it")
        COMPLAINT = "complaint", _("a complaint is open")
        OWED = "owed", _("owed already")
        AGAIN = "again", _("was there this year already")
        CAP = "cap", _("enough for this week")
        UNSIGNED = "unsigned", _("nobody with a badge number could sign it")
        NO_WAY = "no_way", _("no text messages go out from here")

    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="deeds")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="playbook_deeds")
    occasion = models.CharField(max_length=120)
    came_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    follow_up = models.OneToOneField(
        FollowUp, null=True, blank=True, on_delete=models.SET_NULL, related_name="deed"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("deed of a playbook")
        indexes: ClassVar = [
            models.Index(fields=["playbook", "-at", "-id"], name="playbook_deed_newest"),
            models.Index(fields=["customer", "at"], condition=Q(outcome="made"), name="playbook_deed_made"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playbook", "customer", "occasion"], name="playbook_deed_once"),
            models.CheckConstraint(name="playbook_deed_occasion_given", condition=~Q(occasion="")),
            models.CheckConstraint(
                name="playbook_deed_outcome_known",
                condition=Q(
                    outcome__in=[
                        "made",
                        "safety",
                        "avoid",
                        "refusal",
                        "complaint",
                        "owed",
                        "again",
                        "cap",
                        "unsigned",
                        "no_way",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="playbook_deed_made_or_held", condition=Q(outcome="made") | Q(follow_up=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id}: {self.customer_id}, {self.occasion} ({self.outcome})"
