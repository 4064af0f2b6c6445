"""Keys with which other programs ask the house on somebody's behalf."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff.models.people import Membership


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Questions asked of keys."""

    def in_use(self) -> ApiKeyQuerySet:
        """Keys that were not taken back, of people who still work at a venue that is open."""
        return self.filter(
            revoked_at=None,
            membership__ended_at=None,
            membership__staff__is_active=True,
            membership__venue__closed_at=None,
        ).select_related("membership__staff", "membership__venue")


@tracked(hide=["token_hash"])
class ApiKey(models.Model):
    """Another program that asks as this person, at this venue: it sees what they would see."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of another program")
        ordering: ClassVar = ["membership", "name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="api_key_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="api_key_revoked_after_made",
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
