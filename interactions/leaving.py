"""What somebody owned who no longer works at the venue goes to the role they had there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from interactions import promises
from interactions.models import FollowUp
from staff.models import Membership


@transaction.atomic
def hand_over(now: datetime) -> int:
    """Give what leavers own to their roles, and tell those of what is due; give how many.

    It does not matter how they left: an ended membership, a login taken away. Where nobody has the role,
    it is shown as nobody's.
    """
    here = Membership.objects.filter(staff=OuterRef("owner"), venue=OuterRef("venue"))
    held = here.order_by("-started_at", "-pk").values("role")[:1]
    left = FollowUp.objects.open().filter(owner__isnull=False, venue__closed_at=None)
    orphans = left.exclude(Exists(here.filter(pk__in=Membership.objects.current()))).annotate(
        held=Subquery(held)
    )
    rows = list(orphans.locked())
    for follow_up in rows:
        promises.give(follow_up, follow_up.role or getattr(follow_up, "held", "") or "", now)
    return len(rows)
