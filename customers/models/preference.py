"""What we remember: one remembered thing a row, with who wrote it, when, and how sure we still are."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.freshness import Freshness, freshness, is_heard_again
from customers.models.customer import Customer
from staff.models import Membership, Staff, Venue


class PreferenceQuerySet(models.QuerySet["Preference"]):
    """Questions asked of remembered things."""

    def visible_to(self, membership: Membership | None) -> PreferenceQuerySet:
        """What this member of staff may know.

        Managers-only facts are for managers; one that names a venue, for that venue's.
        """
        if membership is None:
            return self.none()
        if not membership.can("see_managers_only"):
            return self.exclude(discretion=Preference.Discretion.MANAGERS_ONLY)
        return self.exclude(
            ~Q(venue=membership.venue_id), discretion=Preference.Discretion.MANAGERS_ONLY, venue__isnull=False
        )

    def known(self) -> PreferenceQuerySet:
        """What we hold to be so now: neither superseded, retired nor refuted."""
        return self.filter(retired_at=None)

    def known_on(self, moment: datetime) -> PreferenceQuerySet:
        """What we knew at an aware moment, whether or not it was true then."""
        return self.filter(Q(retired_at=None) | Q(retired_at__gt=moment), recorded_at__lte=moment)

    def true_on(self, day: date) -> PreferenceQuerySet:
        """What was true on a day, by the dates given for it, whenever we came to know it."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day)
        ).exclude(status=Preference.Status.REFUTED)

    def with_authors(self) -> PreferenceQuerySet:
        """With who wrote, confirmed and ended each, and every time it was heard, in two queries."""
        return self.select_related("recorded_by", "confirmed_by", "retired_by", "venue").prefetch_related(
            models.Prefetch("confirmations", Confirmation.objects.filter(undone_at=None).select_related("by"))
        )


@tracked()
class Preference(models.Model):
    """One remembered thing. Never overwritten: a change retires the row and opens one that supersedes it."""

    class Kind(models.TextChoices):
        SAFETY = "safety", _("safety")
        NEED = "need", _("need")
        LIKE = "like", _("like")
        DISLIKE = "dislike", _("dislike")
        AVOID = "avoid", _("avoid")
        STYLE = "style", _("style")
        TOPIC = "topic", _("topic")

    class Status(models.TextChoices):
        STATED = "stated", _("told us")
        OBSERVED = "observed", _("observed")
        CONFIRMED = "confirmed", _("confirmed")
        EXPIRED = "expired", _("expired")
        REFUTED = "refuted", _("not so")

    class Severity(models.TextChoices):
        SEVERE = "severe", _("severe")
        MODERATE = "moderate", _("moderate")
        MILD = "mild", _("mild")
        ASK = "ask", _("ask every time")

    class Discretion(models.TextChoices):
        SAY_ALOUD = "say_aloud", _("say aloud")
        ACT_SILENTLY = "act_silently", _("act on silently")
        MANAGERS_ONLY = "managers_only", _("managers only")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    category = models.CharField(_("category"), max_length=60, blank=True)
    value = models.CharField(_("what to remember"), max_length=200)
    detail = models.TextField(_("more"), blank=True)
    severity = models.CharField(_("how severe"), max_length=10, choices=Severity, blank=True)
    status = models.CharField(_("how we know"), max_length=10, choices=Status, default=Status.STATED)
    discretion = models.CharField(
        _("discretion"), max_length=15, choices=Discretion, default=Discretion.SAY_ALOUD
    )
    venue = models.ForeignKey(
        Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("only at")
    )
    channels = ArrayField(
        models.CharField(max_length=10), verbose_name=_("only on"), default=list, blank=True
    )
    dayparts = ArrayField(
        models.CharField(max_length=10), verbose_name=_("time of day"), default=list, blank=True
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    half_life_days = models.PositiveIntegerField(_("half-life in days"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Staff,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written down by"),
    )
    recorded_at = models.DateTimeField(_("written down"), default=timezone.now)
    confirmed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_why = models.CharField(_("why it no longer holds"), max_length=200, blank=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        ordering: ClassVar = ["kind", "category", "id"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "kind"], condition=Q(retired_at=None), name="preference_known"),
            models.Index(fields=["valid_until"], condition=Q(retired_at=None), name="preference_running_out"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="preference_value_given", condition=~Q(value="")),
            models.CheckConstraint(
                name="preference_kind_known",
                condition=Q(kind__in=["safety", "need", "like", "dislike", "avoid", "style", "topic"]),
            ),
            models.CheckConstraint(
                name="preference_status_known",
                condition=Q(status__in=["stated", "observed", "confirmed", "expired", "refuted"]),
            ),
            models.CheckConstraint(
                name="preference_discretion_known",
                condition=Q(discretion__in=["say_aloud", "act_silently", "managers_only"]),
            ),
            models.CheckConstraint(
                name="preference_severity_for_safety",
                condition=Q(severity="")
                | Q(kind="safety", severity__in=["severe", "moderate", "mild", "ask"]),
            ),
            models.CheckConstraint(
                name="preference_confirmed_is_dated",
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="preference_confirmed_after_recorded",
                condition=Q(confirmed_at=None) | Q(confirmed_at__gte=F("recorded_at")),
            ),
            models.CheckConstraint(
                name="preference_refuted_is_retired",
                condition=~Q(status="refuted") | Q(retired_at__isnull=False),
            ),
            models.CheckConstraint(
                name="preference_retired_says_why",
                condition=Q(retired_at=None, retired_why="")
                | (Q(retired_at__isnull=False) & ~Q(retired_why="")),
            ),
            models.CheckConstraint(
                name="preference_valid_in_order",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="preference_half_life_positive",
                condition=Q(half_life_days=None) | Q(half_life_days__gt=0),
            ),
            models.CheckConstraint(
                name="preference_not_superseding_self", condition=Q(supersedes=None) | ~Q(supersedes=F("id"))
            ),
            models.CheckConstraint(
                name="preference_dayparts_known",
                condition=Q(dayparts__contained_by=["morning", "midday", "afternoon", "evening", "night"]),
            ),
            models.CheckConstraint(
                name="preference_channels_known",
                condition=Q(channels__contained_by=["in_person", "phone", "email", "chat", "social", "web"]),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="never_overwritten",
                fields=[
                    "kind",
                    "category",
                    "value",
                    "detail",
                    "severity",
                    "recorded_at",
                    "recorded_by",
                    "supersedes",
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def freshness(self, now: datetime) -> Freshness:
        """How sure we are at an aware moment that this is still true; see `customers.freshness`.

        Reads the confirmations, so fetch many rows `with_authors()`.
        """
        standing = [heard for heard in self.confirmations.all() if heard.undone_at is None]
        heard_again = {heard.at for heard in standing if is_heard_again(self.kind, heard.outcome)}
        if self.confirmed_at:
            heard_again.add(self.confirmed_at)
        return freshness(
            self.kind,
            self.category,
            self.status,
            self.recorded_at,
            confirmations=heard_again,
            contradictions=[
                heard.at for heard in standing if heard.outcome == Confirmation.Outcome.CONTRADICTED
            ],
            half_life_days=self.half_life_days,
            now=now,
            severity=self.severity,
        )


class Confirmation(models.Model):
    """One time that a remembered thing was heard again: still true, seen again, or contradicted."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("still true")
        OBSERVED = "observed", _("seen again")
        CONTRADICTED = "contradicted", _("contradicted")

    preference = models.ForeignKey(Preference, on_delete=models.CASCADE, related_name="confirmations")
    outcome = models.CharField(max_length=12, choices=Outcome)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="confirmation_outcome_known",
                condition=Q(outcome__in=["confirmed", "observed", "contradicted"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d}"
