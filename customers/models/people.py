"""Who belongs to a customer, and the dates that matter to them."""

from __future__ import annotations

import calendar
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers import occasions
from customers.models.customer import Customer


@tracked()
class Relationship(models.Model):
    """Somebody (or a dog) who belongs to a customer: another customer, or just a name."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("partner")
        CHILD = "child", _("child")
        PARENT = "parent", _("parent")
        ASSISTANT = "assistant", _("assistant")
        FRIEND = "friend", _("friend")
        COLLEAGUE = "colleague", _("colleague")
        CARER = "carer", _("carer")
        PET = "pet", _("pet")
        OTHER = "other", _("other")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relationships")
    kind = models.CharField(_("who they are"), max_length=10, choices=Kind)
    to = models.ForeignKey(
        Customer,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="related_from",
        verbose_name=_("also a customer"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("relationship")
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="relationship_to_somebody", condition=Q(to__isnull=False) | ~Q(name="")
            ),
            models.CheckConstraint(
                name="relationship_not_to_self", condition=Q(to=None) | ~Q(to=F("customer"))
            ),
            models.CheckConstraint(
                name="relationship_kind_known",
                condition=Q(
                    kind__in=[
                        "partner",
                        "child",
                        "parent",
                        "assistant",
                        "friend",
                        "colleague",
                        "carer",
                        "pet",
                        "other",
                    ]
                ),
            ),
            models.UniqueConstraint(
                fields=["customer", "to", "kind"], condition=Q(to__isnull=False), name="relationship_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.to)


@tracked()
class ImportantDate(models.Model):
    """A day of the year that matters, by the Gregorian or the Chinese lunar calendar."""

    class Kind(models.TextChoices):
        BIRTHDAY = "birthday", _("birthday")
        ANNIVERSARY = "anniversary", _("anniversary")
        CHILD_BIRTHDAY = "child_birthday", _("child's birthday")
        NAME_DAY = "name_day", _("name day")
        MEMBERSHIP = "membership", _("membership")
        RENEWAL = "renewal", _("renewal")
        OTHER = "other", _("other")

    class Calendar(models.TextChoices):
        GREGORIAN = "gregorian", _("Gregorian")
        LUNAR = "lunar", _("Chinese lunar")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="dates")
    kind = models.CharField(_("occasion"), max_length=15, choices=Kind)
    label = models.CharField(_("what it is"), max_length=80, blank=True)
    month = models.SmallIntegerField(_("month"))
    day = models.SmallIntegerField(_("day"))
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    calendar = models.CharField(_("calendar"), max_length=10, choices=Calendar, default=Calendar.GREGORIAN)

    class Meta:
        verbose_name = _("important date")
        ordering: ClassVar = ["month", "day", "id"]
        indexes: ClassVar = [models.Index(fields=["calendar", "month", "day"], name="date_of_the_year")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "kind", "label", "month", "day", "calendar"], name="date_once_a_customer"
            ),
            models.CheckConstraint(
                name="date_kind_known",
                condition=Q(
                    kind__in=[
                        "birthday",
                        "anniversary",
                        "child_birthday",
                        "name_day",
                        "membership",
                        "renewal",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="date_exists",
                condition=Q(calendar="gregorian", month__in=[1, 3, 5, 7, 8, 10, 12], day__range=(1, 31))
                | Q(calendar="gregorian", month__in=[4, 6, 9, 11], day__range=(1, 30))
                | Q(calendar="gregorian", month=2, day__range=(1, 29))
                | Q(calendar="lunar", month__range=(1, 12), day__range=(1, 30)),
            ),
            models.CheckConstraint(
                name="date_year_possible", condition=Q(year=None) | Q(year__range=(1880, 2200))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label or self.get_kind_display()} ({self.in_words})"

    def next_on(self, today: date) -> date:
        """The next such day on or after a day, in the calendar on the wall."""
        return occasions.next_day(self.month, self.day, self.calendar, today)

    @property
    def in_words(self) -> str:
        """The day as people write it: "12 May 1984", or by the month's number in the lunar calendar."""
        if self.calendar == self.Calendar.LUNAR:
            return gettext("lunar month %(month)s, day %(day)s") % {"month": self.month, "day": self.day}
        if self.year is None or not _is_real(self.year, self.month, self.day):
            # The year is one with a 29th of February, and is not shown.
            return date_format(date(2000, self.month, self.day), "MONTH_DAY_FORMAT")
        return date_format(date(self.year, self.month, self.day), "DATE_FORMAT")


def _is_real(year: int, month: int, day: int) -> bool:
    return day <= calendar.monthrange(year, month)[1]
