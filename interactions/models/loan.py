"""Things lent to a customer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import tracked
from customers.models import Customer
from staff.models import Staff, Venue


class LoanQuerySet(models.QuerySet["Loan"]):
    """Questions asked of what was lent."""

    def at(self, venue: Venue) -> LoanQuerySet:
        """Lent by this venue, what is still out first, then the latest."""
        return self.filter(venue=venue).order_by(F("returned_at").desc(nulls_first=True), "-lent_at", "-id")


@tracked()
class Loan(models.Model):
    """An umbrella, a charger, a book: what was lent, when, and whether it came back."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="loans")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="loans")
    what = models.CharField(_("what we lent"), max_length=120)
    lent_at = models.DateTimeField(_("lent"), default=timezone.now)
    lent_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("due back"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    returned_to = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        ordering: ClassVar = ["-lent_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["customer"], condition=Q(returned_at=None), name="loan_out"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="loan_named", condition=~Q(what="")),
            models.CheckConstraint(
                name="loan_returned_after_lent",
                condition=Q(returned_at=None) | Q(returned_at__gte=F("lent_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.what
