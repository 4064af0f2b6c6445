"""The customer: who they are, what to call them, and the counters that tell how regular they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff.models import Membership, Staff, Venue


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Questions asked of customers."""

    def visible_to(self, membership: Membership | None) -> CustomerQuerySet:
        """Customers this member of staff may see: everybody the business serves, or nobody for a stranger."""
        return self if membership is not None else self.none()

    def active(self) -> CustomerQuerySet:
        """Customers who are neither archived nor merged into another."""
        return self.filter(status=Customer.Status.ACTIVE)

    def archived(self) -> CustomerQuerySet:
        """Customers put away, but kept."""
        return self.filter(status=Customer.Status.ARCHIVED)

    def tagged(self, tag: str) -> CustomerQuerySet:
        """Customers who carry this tag."""
        return self.filter(tags__contains=[tag])

    def recent_first(self) -> CustomerQuerySet:
        """Who has not visited yet first, then by the last visit; the newest entry decides a tie."""
        return self.order_by("-last_visit_at", "-id")

    def after(self, last_visit_at: datetime | None, customer_id: int) -> CustomerQuerySet:
        """Those who follow this row in the order of `recent_first`."""
        if last_visit_at is None:
            return self.filter(Q(last_visit_at=None, id__lt=customer_id) | Q(last_visit_at__isnull=False))
        # The first condition alone lets the database start at the right place of its index.
        same_or_earlier = self.filter(last_visit_at__lte=last_visit_at)
        return same_or_earlier.filter(Q(last_visit_at__lt=last_visit_at) | Q(id__lt=customer_id))

    def with_numbers(self) -> CustomerQuerySet:
        """With their contacts, the one to use first in front, in one query more."""
        return self.prefetch_related("contacts")

    def named(self, *names: str) -> CustomerQuerySet:
        """Customers whose full name (in any case of letters) or native name is one of these."""
        folded = [name.upper() for name in names if name]
        return self.alias(upper_name=Upper("full_name")).filter(
            Q(upper_name__in=folded) | Q(native_name__in=[name for name in names if name])
        )

    def reached_at(self, contacts: Iterable[tuple[str, str]]) -> CustomerQuerySet:
        """Customers with one of these contacts, each a kind and a normalised value."""
        wanted = Q(pk__in=[])
        for kind, normalised in contacts:
            wanted |= Q(contacts__kind=kind, contacts__normalised=normalised)
        return self.filter(wanted).distinct()


@tracked(
    ignore=[
        "visit_count",
        "first_visit_at",
        "last_visit_at",
        "version",
        "updated_at",
    ]
)
class Customer(models.Model):
    """A person we serve."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        ARCHIVED = "archived", _("archived")
        MERGED = "merged", _("merged into another")

    preferred_name = models.CharField(
        _("what to call them"),
        max_length=80,
        blank=True,
        help_text=_("As you would greet them: Dana, Mr Wang."),
    )
    full_name = models.CharField(_("full name"), max_length=160, blank=True)
    native_name = models.CharField(_("name in their own script"), max_length=80, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=80), verbose_name=_("other names"), default=list, blank=True
    )
    pronunciation = models.CharField(
        _("how to say it"), max_length=80, blank=True, help_text=_("Such as DAY-nuh.")
    )
    form_of_address = models.CharField(_("form of address"), max_length=60, blank=True)
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("The language they like to be served in, such as en or zh."),
    )
    birth_year = models.SmallIntegerField(_("year of birth"), null=True, blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    home_venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, related_name="regulars", verbose_name=_("home venue")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    archived_why = models.CharField(_("why"), max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )

    visit_count = models.PositiveIntegerField(default=0)
    first_visit_at = models.DateTimeField(null=True, blank=True)
    last_visit_at = models.DateTimeField(null=True, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes: ClassVar = [
            models.Index(fields=["home_venue", "-last_visit_at", "-id"], name="customer_home_recent"),
            models.Index(fields=["-last_visit_at", "-id"], name="customer_recent"),
            models.Index(fields=["-created_at", "-id"], name="customer_newest"),
            models.Index(Upper("full_name"), name="customer_full_name"),
            models.Index(fields=["native_name"], condition=~Q(native_name=""), name="customer_native_name"),
            GinIndex(fields=["tags"], name="customer_tags"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="customer_has_a_name",
                condition=~Q(preferred_name="") | ~Q(full_name="") | ~Q(native_name=""),
            ),
            models.CheckConstraint(
                name="customer_status_known", condition=Q(status__in=["active", "archived", "merged"])
            ),
            models.CheckConstraint(
                name="customer_archived_is_dated",
                condition=Q(status="archived", archived_at__isnull=False)
                | (~Q(status="archived") & Q(archived_at=None)),
            ),
            models.CheckConstraint(
                name="customer_merged_into_one",
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="customer_not_merged_into_self", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="customer_birth_year_possible",
                condition=Q(birth_year=None) | Q(birth_year__range=(1880, 2100)),
            ),
            models.CheckConstraint(
                name="customer_visits_are_dated",
                condition=Q(visit_count=0, first_visit_at=None, last_visit_at=None)
                | Q(
                    visit_count__gt=0,
                    first_visit_at__isnull=False,
                    last_visit_at__isnull=False,
                    last_visit_at__gte=F("first_visit_at"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page with their card and timeline."""
        return reverse("customer", args=[self.pk])

    @property
    def name(self) -> str:
        """The name to list them under: full, else preferred, else native."""
        return self.full_name or self.preferred_name or self.native_name

    @property
    def greeting_name(self) -> str:
        """What to call them to their face: preferred, else native, else full."""
        return self.preferred_name or self.native_name or self.full_name
