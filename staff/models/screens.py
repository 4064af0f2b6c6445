"""Shared counter screens, and who looked at whom."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from staff.models.people import Staff
from staff.models.venues import Venue


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
        verbose_name = _("terminal")
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

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.staff_id} {self.action} {self.subject} {self.subject_id}"
