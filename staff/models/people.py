"""People, what they are at a venue, and when they work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff import keeping_owners, roles
from staff.models.venues import Language, Shift, Venue


class Role(models.TextChoices):
    """What somebody is at a venue; `staff.roles` says what each may do."""

    FRONT_DESK = roles.FRONT_DESK, _("Front desk")
    CONCIERGE = roles.CONCIERGE, _("Concierge")
    MANAGER = roles.MANAGER, _("Manager")
    OWNER = roles.OWNER, _("Owner")


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


class StaffManager(BaseUserManager["Staff"]):
    """Makes people."""

    def get_queryset(self) -> StaffQuerySet:
        """All people, open to the questions above."""
        return StaffQuerySet(self.model, using=self._db)

    def working_at(self, venue: Venue) -> StaffQuerySet:
        """People who work at the venue now."""
        return self.get_queryset().working_at(venue)

    def ever_at(self, venue: Venue) -> StaffQuerySet:
        """People who work or have worked at the venue."""
        return self.get_queryset().ever_at(venue)

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
    display_name = models.CharField(
        _("name"), max_length=80, help_text=_("What colleagues and customers call them.")
    )
    badge_number = models.CharField(_("badge number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ENGLISH)
    is_active = models.BooleanField(_("works here"), default=True)
    quiet_from = models.TimeField(
        _("no e-mail from"),
        null=True,
        blank=True,
        help_text=_("On the clock of the venue. What falls due meanwhile is e-mailed afterwards."),
    )
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["badge_number"], condition=~Q(badge_number=""), name="staff_badge_once"
            ),
            models.CheckConstraint(name="staff_name_given", condition=~Q(display_name="")),
            models.CheckConstraint(name="staff_language_known", condition=Q(language__in=Language.values)),
            models.CheckConstraint(
                name="staff_quiet_hours_whole",
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
            ),
        ]
        triggers: ClassVar = [keeping_owners.staff_trigger]

    def __str__(self) -> str:
        return self.display_name

    def set_pin(self, pin: str) -> None:
        """Keep the hash of a PIN of 4 to 8 digits; an empty one takes it away. ValueError otherwise."""
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

    staff = models.ForeignKey(
        Staff, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("venue")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role at a venue")
        ordering: ClassVar = ["venue__name", "staff__display_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "venue"], condition=Q(ended_at=None), name="membership_once_a_venue"
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
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
        return (
            self.filter(shift__venue=venue, day__range=week)
            .select_related("staff")
            .order_by("staff__display_name")
        )


@tracked()
class Rota(models.Model):
    """Who works which shift on which business day."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="rota")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="rota")
    day = models.DateField(_("day"))

    objects = RotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on the rota")
        ordering: ClassVar = ["day", "shift", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift", "staff", "day"], name="rota_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.staff_id} {self.shift_id}"
