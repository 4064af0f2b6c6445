"""Telling the managers of a complaint that is past its target: once, whoever looks and however often."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from interactions.models import Complaint, ComplaintStep, Escalation, FollowUp
from staff.models import Role

BATCH: Final = 100
Reason = Escalation.Reason


def escalate(now: datetime) -> int:
    """Tell the managers of every complaint past a target of which they were not told; give how many."""
    return sum(_escalate_all(reason, now) for reason in Reason.values)


def _escalate_all(reason: str, now: datetime) -> int:
    total = 0
    while count := _escalate_batch(reason, now):
        total += count
    return total


@transaction.atomic
def _escalate_batch(reason: str, now: datetime) -> int:
    """Take some that nobody else holds: the note that they were told and what tells them are one."""
    late = Complaint.objects.to_escalate(reason, now).select_related("venue")
    held = list(late.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    return sum(_escalate(complaint, reason, now) for complaint in held)


def _escalate(complaint: Complaint, reason: str, now: datetime) -> bool:
    _row, is_new = Escalation.objects.get_or_create(
        complaint=complaint, reason=reason, clock_from=complaint.clock_from, defaults={"at": now}
    )
    if not is_new:
        return False
    with translation.override(complaint.venue.language):
        told = str(Reason(reason).label)
        FollowUp.objects.create(
            customer_id=complaint.customer_id,
            venue=complaint.venue,
            kind=FollowUp.Kind.RECOVERY,
            text=_text(complaint, reason)[:300],
            due_at=now,
            next_dispatch_at=now,
            role=Role.MANAGER,
            urgent=True,
            origin=FollowUp.Origin.COMPLAINT,
            complaint=complaint,
            created_at=now,
        )
    ComplaintStep.objects.create(
        complaint=complaint,
        kind=ComplaintStep.Kind.ESCALATED,
        state=complaint.state,
        at=now,
        note=told,
    )
    return True


def _text(complaint: Complaint, reason: str) -> str:
    if reason == Reason.UNOWNED:
        return _("Nobody has taken this complaint: %(about)s") % {"about": complaint.about}
    return _("Past its target and not put right: %(about)s") % {"about": complaint.about}
