"""How to reach a customer, and what they allow."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models.customer import Customer


class Allowed(models.TextChoices):
    """Whether a use of an address was agreed to. Unknown is not yes."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not asked")


@tracked()
class ContactPoint(models.Model):
    """A phone number, an e-mail address or another handle, with what it may be used for and when."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        WECHAT = "wechat", _("WeChat")
        WHATSAPP = "whatsapp", _("WhatsApp")
        LINE = "line", _("LINE")
        INSTAGRAM = "instagram", _("Instagram")
        OTHER = "other", _("other")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.CharField(_("number or address"), max_length=254)
    normalised = models.CharField(
        max_length=254,
        editable=False,
        help_text="Phones: + and digits, or bare digits where no country fits. E-mail: lower case.",
    )
    label = models.CharField(
        _("label"), max_length=40, blank=True, help_text=_("Such as work, or her assistant.")
    )
    is_primary = models.BooleanField(_("use this first"), default=False)
    calls = models.CharField(_("calls"), max_length=7, choices=Allowed, default=Allowed.UNKNOWN)
    sms = models.CharField(_("text messages"), max_length=7, choices=Allowed, default=Allowed.UNKNOWN)
    email = models.CharField(_("e-mails"), max_length=7, choices=Allowed, default=Allowed.UNKNOWN)
    hours_from = models.TimeField(_("from"), null=True, blank=True)
    hours_until = models.TimeField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("contact")
        ordering: ClassVar = ["-is_primary", "kind", "id"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "normalised"], name="contact_normalised"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "kind", "normalised"], name="contact_once_a_customer"
            ),
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(is_primary=True), name="contact_one_primary_a_kind"
            ),
            models.CheckConstraint(name="contact_value_given", condition=~Q(value="") & ~Q(normalised="")),
            models.CheckConstraint(
                name="contact_kind_known",
                condition=Q(kind__in=["phone", "email", "wechat", "whatsapp", "line", "instagram", "other"]),
            ),
            models.CheckConstraint(
                name="contact_uses_known",
                condition=Q(calls__in=Allowed.values, sms__in=Allowed.values, email__in=Allowed.values),
            ),
            models.CheckConstraint(
                name="contact_hours_both_or_none",
                condition=Q(hours_from=None, hours_until=None)
                | Q(hours_from__isnull=False, hours_until__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_phone_normalised",
                condition=~Q(kind="phone") | Q(normalised__regex=r"^\+?[0-9]{3,20}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.value
