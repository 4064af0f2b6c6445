"""Where a venue wants to be told of what is due: an SMS gateway, a chat."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff.models import Staff, Venue


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Questions asked of webhooks."""

    def live(self) -> WebhookQuerySet:
        """Not switched off."""
        return self.filter(is_live=True)

    def texting(self) -> WebhookQuerySet:
        """Live, and passing on text messages to customers."""
        return self.live().filter(texts_customers=True)


@tracked(hide=["secret", "old_secret"])
class Webhook(models.Model):
    """The address that a venue's messages are posted to, and the secret that signs them.

    After a change of the secret both sign for a day, so that the other side may change at leisure.
    """

    venue = models.OneToOneField(Venue, on_delete=models.CASCADE, related_name="webhook")
    url = models.URLField(_("address"), max_length=500)
    secret = models.CharField(max_length=100)
    old_secret = models.CharField(max_length=100, blank=True)
    old_until = models.DateTimeField(null=True, blank=True)
    is_live = models.BooleanField(_("switched on"), default=True)
    texts_customers = models.BooleanField(
        _("send text messages to customers through it"),
        default=False,
        help_text=_("Only where they said yes to text messages; it is given their number and the words."),
    )
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        constraints: ClassVar = [
            models.CheckConstraint(name="webhook_address_given", condition=Q(url__regex=r"^https?://")),
            models.CheckConstraint(
                name="webhook_secret_given",
                condition=Q(secret__regex="^whsec_."),  # noqa: S106 - how each begins, not one of them
            ),
            models.CheckConstraint(
                name="webhook_old_secret_ends",
                condition=Q(old_secret="", old_until=None) | (~Q(old_secret="") & Q(old_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.url
