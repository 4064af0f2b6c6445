"""Venues, their clocks and their shifts."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import IsNull
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from crm.history import tracked

if TYPE_CHECKING:
    from staff.models.people import Staff

# PostgreSQL raises on a zone it does not know, so asking for any moment there is the check.
EPOCH = models.Value(datetime(1970, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")))


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless the name is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Choose one such as Europe/London."), params={"name": name}
        )


class Language(models.TextChoices):
    """The languages that the pages speak."""

    ENGLISH = "en", _("English")
    CHINESE = "zh-hans", _("Simplified Chinese")


class Industry(models.TextChoices):
    """What kind of house a venue is; decides which vocabulary it starts with."""

    HOTEL = "hotel", _("Hotel")
    RESTAURANT = "restaurant", _("Restaurant")
    CAFE = "cafe", _("Café")
    SALON = "salon", _("Salon")
    CLINIC = "clinic", _("Clinic")
    RETAIL = "retail", _("Shop")
    ADVISORY = "advisory", _("Advisers")


class VenueQuerySet(models.QuerySet["Venue"]):
    """Questions asked of venues."""

    def open_to(self, staff: Staff) -> VenueQuerySet:
        """The venues where this person has a membership that has not ended."""
        return self.filter(memberships__staff=staff, memberships__ended_at=None, closed_at=None)

    def with_head_count(self) -> VenueQuerySet:
        """Each with `head_count`, how many people work there now."""
        working = Q(memberships__ended_at=None, memberships__staff__is_active=True)
        return self.annotate(head_count=models.Count("memberships", filter=working))


@tracked()
class Venue(models.Model):
    """A place where customers are served, with its own clock and business day."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), unique=True)
    industry = models.CharField(_("industry"), max_length=20, choices=Industry)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[check_time_zone])
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ENGLISH)
    country = models.CharField(
        _("country"),
        max_length=2,
        help_text=_(
            "Two letters, such as GB. Phone numbers without a country code are read as this country's."
        ),
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    business_day_starts = models.TimeField(_("business day starts"), default="04:00")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(name="venue_name_given", condition=~Q(name="")),
            models.CheckConstraint(name="venue_industry_known", condition=Q(industry__in=Industry.values)),
            models.CheckConstraint(name="venue_language_known", condition=Q(language__in=Language.values)),
            models.CheckConstraint(
                name="venue_time_zone_exists",
                condition=IsNull(
                    models.Func(
                        F("time_zone"), EPOCH, function="timezone", output_field=models.DateTimeField()
                    ),
                    rhs=False,
                ),
            ),
            models.CheckConstraint(
                name="venue_country_two_letters", condition=Q(country__regex=r"^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="venue_currency_three_letters", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The venue's clock."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def business_day(self, moment: datetime) -> date:
        """The business day that an aware moment belongs to: before the day starts it is still yesterday."""
        local = moment.astimezone(self.zone)
        return local.date() if local.time() >= self.business_day_starts else local.date() - timedelta(days=1)

    def day_starts_at(self, day: date) -> datetime:
        """The aware moment at which a business day starts, on the venue's clock."""
        return datetime.combine(day, self.business_day_starts, tzinfo=self.zone)


@tracked()
class Shift(models.Model):
    """A named stretch of the day at a venue; one that ends before it starts runs past midnight."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="shifts", verbose_name=_("venue"))
    name = models.CharField(_("name"), max_length=60)
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))
    weekdays = ArrayField(
        models.SmallIntegerField(), verbose_name=_("weekdays"), help_text=_("0 is Monday, 6 is Sunday.")
    )

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering: ClassVar = ["venue", "starts", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "venue", name="shift_name_once_a_venue"),
            models.CheckConstraint(name="shift_named", condition=~Q(name="")),
            models.CheckConstraint(name="shift_takes_time", condition=~Q(starts=F("ends"))),
            models.CheckConstraint(name="shift_has_weekdays", condition=Q(weekdays__len__gt=0)),
            models.CheckConstraint(
                name="shift_weekdays_real", condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def weekday_names(self) -> str:
        """The days on which it is worked, in short words and in order."""
        return " ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(set(self.weekdays)))
