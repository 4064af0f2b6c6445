"""What the look-up asks: one row of keys for each customer who can be found."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from customers.models.customer import Customer

# From the most regular and recent to the rest; who is in which is worked out every night.
TIERS: Final = 4


class SearchKeys(models.Model):
    """The search keys of an active customer; those who are archived or merged have no row.

    A table of its own, so that noting a visit never indexes the keys anew. One index for each tier, so that
    the look-up stops at the first tier that fills its list: docs/decisions/0005-look-up-by-keys.md.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="search_keys"
    )
    tier = models.SmallIntegerField(default=0)
    keys = ArrayField(models.IntegerField())
    # Words heard in interactions, as customers.search_keys.Facts.heard wants them: written from above.
    heard = ArrayField(models.TextField(), default=list)

    # What those found are put in order by, as it stands in the customer's own row: triggers copy it, so that
    # nobody who fits need be read twice.
    home_venue_id = models.BigIntegerField(default=0, editable=False)
    last_visit_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            GinIndex(
                fields=["keys"],
                name=f"search_keys_tier_{tier}",
                condition=Q(tier=tier),
                # Looking up must not wade through a list of pending entries.
                fastupdate=False,
            )
            for tier in range(TIERS)
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="search_keys_tier_known", condition=Q(tier__range=(0, TIERS - 1))),
        ]

    def __str__(self) -> str:
        return f"{len(self.keys)} keys of {self.customer_id}"


class NameStart(models.Model):
    """A beginning of a word of somebody's name, kept once for the whole house: keys alone, and no text.

    The look-up asks here what a misspelt word may have been meant for, and then for people by that: there are
    far fewer words than people (docs/decisions/0005-look-up-by-keys.md). There may be two of one beginning,
    as two who save the same new name at the same moment do not wait for each other.
    """

    key = models.IntegerField(db_index=True)
    # As customers.search_keys.Start wants them.
    near = ArrayField(models.IntegerField())
    above = ArrayField(models.IntegerField())

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["near"], name="name_start_near", fastupdate=False)]

    def __str__(self) -> str:
        return f"{len(self.near)} keys of the start {self.key}"
