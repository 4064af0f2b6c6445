"""Who works here: venues, shifts, people and their roles, terminals, and who looked at whom."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff import keeping_owners, roles


# PostgreSQL raises on a zone it does not know, so asking for any moment there is the check.
EPOCH = models.Value(datetime(1970, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")))


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless the name is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Choose one such as Europe/London."), params={"name": name})


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


class Role(models.TextChoices):
    """What somebody is at a venue; `staff.roles` says what each may do."""

    FRONT_DESK = roles.FRONT_DESK, _("Front desk")
    CONCIERGE = roles.CONCIERGE, _("Concierge")
    MANAGER = roles.MANAGER, _("Manager")
    OWNER = roles.OWNER, _("Owner")


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
        _("country"), max_length=2, help_text=_("Two letters, such as GB. Phone numbers without a country code are read as this country's.")
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    business_day_starts = models.TimeField(_("business day starts"), default="04:00")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
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
                    False,
                ),
            ),
            models.CheckConstraint(name="venue_country_two_letters", condition=Q(country__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(name="venue_currency_three_letters", condition=Q(currency__regex=r"^[A-Z]{3}$")),
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
    weekdays = ArrayField(models.SmallIntegerField(), verbose_name=_("weekdays"), help_text=_("0 is Monday, 6 is Sunday."))

    class Meta:
        ordering: ClassVar = ["venue", "starts", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), "venue", name="shift_name_once_a_venue"),
            models.CheckConstraint(name="shift_named", condition=~Q(name="")),
            models.CheckConstraint(name="shift_takes_time", condition=~Q(starts=F("ends"))),
            models.CheckConstraint(name="shift_has_weekdays", condition=Q(weekdays__len__gt=0)),
            models.CheckConstraint(name="shift_weekdays_real", condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def weekday_names(self) -> str:
        """The days on which it is worked, in short words and in order."""
        return " ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(set(self.weekdays)))


class StaffQuerySet(models.QuerySet["Staff"]):
    """Questions asked of people."""

    def working_at(self, venue: Venue) -> StaffQuerySet:
        """People with a membership at the venue that has not ended, each once."""
        here = Membership.objects.current().filter(venue=venue, staff=models.OuterRef("pk"))
        return self.filter(models.Exists(here))

    def ever_at(self, venue: Venue) -> StaffQuerySet:
        """People who work or have worked at the venue, each once."""
        return self.filter(models.Exists(Membership.objects.filter(venue=venue, staff=models.OuterRef("pk"))))

    def with_pin(self) -> StaffQuerySet:
        """People who have set a PIN."""
        return self.exclude(pin_hash="")


class StaffManager(BaseUserManager["Staff"].from_queryset(StaffQuerySet)):  # type: ignore[misc]  # made at run time
    """Makes people."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Staff:
        """A person with a login. Raises ValueError without an e-mail address."""
        if not email:
            raise ValueError("a member of staff needs an e-mail address")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The person with this e-mail address, in any case of letters."""
        return self.get(email__iexact=username)


@tracked(
    ignore=["last_login", "pin_failures", "pin_locked_until", "last_venue"], hide=["password", "pin_hash"]
)
class Staff(AbstractBaseUser):
    """A person who works here: the user of the pages."""

    email = models.EmailField(_("e-mail"), max_length=254)
    display_name = models.CharField(_("name"), max_length=80, help_text=_("What colleagues and customers call them."))
    badge_number = models.CharField(_("badge number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ENGLISH)
    is_active = models.BooleanField(_("works here"), default=True)
    pin_hash = models.CharField(max_length=128, blank=True)
    pin_failures = models.PositiveSmallIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True, blank=True)
    last_venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)

    objects = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["display_name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering: ClassVar = ["display_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="staff_email_once"),
            models.UniqueConstraint(fields=["badge_number"], condition=~Q(badge_number=""), name="staff_badge_once"),
            models.CheckConstraint(name="staff_name_given", condition=~Q(display_name="")),
            models.CheckConstraint(name="staff_language_known", condition=Q(language__in=Language.values)),
        ]
        triggers: ClassVar = [keeping_owners.staff_trigger]

    def __str__(self) -> str:
        return self.display_name

    def set_pin(self, pin: str) -> None:
        """Keep the hash of a PIN of four to eight digits; an empty one takes the PIN away. ValueError otherwise."""
        if pin and not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
            raise ValueError("a PIN is four to eight digits")
        self.pin_hash = make_password(pin) if pin else ""

    def pin_fits(self, pin: str) -> bool:
        """Whether this is the person's PIN."""
        return bool(self.pin_hash) and check_password(pin, self.pin_hash)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions asked of memberships."""

    def current(self) -> MembershipQuerySet:
        """Memberships that have not ended, of people who work here, at venues that are open."""
        return self.filter(ended_at=None, staff__is_active=True, venue__closed_at=None)


@tracked()
class Membership(models.Model):
    """Somebody's role at a venue: the one thing that opens any page."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("venue"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["venue__name", "staff__display_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "venue"], condition=Q(ended_at=None), name="membership_once_a_venue"
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at"))
            ),
        ]
        triggers: ClassVar = [keeping_owners.membership_trigger]

    def __str__(self) -> str:
        return f"{self.staff} · {self.get_role_display()} · {self.venue}"

    def can(self, ability: str) -> bool:
        """Whether this role has an ability; see `staff.roles`."""
        return roles.can(self.role, ability)


class RotaQuerySet(models.QuerySet["Rota"]):
    """Questions asked of the rota."""

    def of_week(self, venue: Venue, monday: date) -> RotaQuerySet:
        """Who is down for what at the venue in the seven days from a Monday on."""
        week = (monday, monday + timedelta(days=6))
        return self.filter(shift__venue=venue, day__range=week).select_related("staff").order_by("staff__display_name")


@tracked()
class Rota(models.Model):
    """Who works which shift on which business day."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="rota")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="rota")
    day = models.DateField(_("day"))

    objects = RotaQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["day", "shift", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift", "staff", "day"], name="rota_once"),
        ]


class TerminalQuerySet(models.QuerySet["Terminal"]):
    """Questions asked of terminals."""

    def in_use(self) -> TerminalQuerySet:
        """Terminals that were not taken back, at venues that are open."""
        return self.filter(revoked_at=None, venue__closed_at=None).select_related("venue")


@tracked(ignore=["last_seen_at"], hide=["token_hash"])
class Terminal(models.Model):
    """A shared counter screen on which enrolled people switch by PIN."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="terminals")
    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TerminalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["venue", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"), "venue", condition=Q(revoked_at=None), name="terminal_name_once_a_venue"
            ),
            models.CheckConstraint(name="terminal_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class AccessLog(models.Model):
    """Who looked at whom, when, from where. Rows are only ever added: the database refuses the rest.

    `subject` and `subject_id` name the row that was looked at without a foreign key, because what is
    looked at lives in apps above this one and must stay readable here when it is gone.
    """

    class Action(models.TextChoices):
        OPENED = "opened", _("opened")
        FOUND = "found", _("opened from a search")
        EXPORTED = "exported", _("exported")
        REVEALED = "revealed", _("revealed")
        PRINTED = "printed", _("printed")

    at = models.DateTimeField(default=timezone.now)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    venue = models.ForeignKey(Venue, null=True, on_delete=models.PROTECT, related_name="+")
    terminal = models.ForeignKey(Terminal, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10, choices=Action)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id", "-at"], name="access_subject"),
            models.Index(fields=["staff", "-at"], name="access_staff"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="access_subject_given", condition=~Q(subject="")),
            models.CheckConstraint(
                name="access_action_known",
                condition=Q(action__in=["opened", "found", "exported", "revealed", "printed"]),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
