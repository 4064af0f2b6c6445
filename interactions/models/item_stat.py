"""How a whole house orders: which items people come back for, and what goes with which usual."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from staff.models import Venue


class ItemStat(models.Model):
    """How a house comes back to one item. Made of the timeline.

    `buyers` had it, `repeats` are the visits after a customer's first with it, and `chances` the visits at
    which somebody who had had it before could have had it again.
    """

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+")
    item = models.CharField(
        max_length=120, help_text="The name as it is compared: lower case, no outer spaces."
    )
    buyers = models.PositiveIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    chances = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "item"], name="item_stat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.buyers} (+{self.repeats})"


class ItemPair(models.Model):
    """What people whose usual is one item also have: how many, and which share. Made of the timeline."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+")
    usual = models.CharField(max_length=120, help_text="As in ItemStat.")
    item = models.CharField(max_length=120, help_text="The other item, as it is written on the timeline.")
    people = models.PositiveIntegerField()
    share = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["venue", "usual", "item"], name="item_pair_once"),
            models.CheckConstraint(name="item_pair_share", condition=Q(share__gt=0, share__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.usual} + {self.item}: {self.people}"
