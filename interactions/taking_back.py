"""Taking back the last step of a recovery, with what it did to what we owe."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from interactions import promises
from interactions.models import Complaint, ComplaintStep, FollowUp
from interactions.recovery import ComplaintEvent, MovedOnError, latest_event
from staff.models import Membership

# Everything that a step may change.
UNDOABLE: Final = (
    "state", "owner_id", "promised", "due_at", "resolved_at", "checked_at", "closed_at", "reopened_at",
    "reaction", "offered", "cost", "cause", "root_cause", "changed",
)  # fmt: skip


def last_undoable(complaint: Complaint, membership: Membership) -> ComplaintStep | None:
    """The last step, when it is this person's to take back: their own, or for a manager anybody's."""
    taken = complaint.steps.filter(undone_at=None).exclude(kind=ComplaintStep.Kind.ESCALATED)
    last: ComplaintStep | None = taken.order_by("-at", "-id").first()
    if last is None or last.undo is None:
        return None
    is_mine = last.by_id == membership.staff_id or membership.can("see_managers_only")
    return last if is_mine else None


@transaction.atomic
def undo(step_id: int, membership: Membership, *, now: datetime) -> Complaint:
    """Put a complaint back to what it was before its last step, and what that step ended or made due.

    The step itself stays in the history, marked. Raises MovedOnError when it is not the last any more, or
    was changed since, and ComplaintStep.DoesNotExist when it is not this person's.
    """
    readable = Complaint.objects.visible_to(membership).at(membership.venue)
    step = ComplaintStep.objects.get(pk=step_id, complaint__in=readable)
    complaint = Complaint.objects.locked().select_related("customer", "venue").get(pk=step.complaint_id)
    last = last_undoable(complaint, membership)
    if last != step or not step.undo:
        raise MovedOnError(complaint)
    event = step.undo["event"]
    if event is not None:
        if latest_event(complaint) != event:
            raise MovedOnError(complaint)
        _restore(complaint, event)
    _call_off(step.undo["made"], membership, now)
    _bring_back(step.undo["ended"], membership, now)
    step.undone_at, step.undone_by = now, membership.staff
    step.save(update_fields=["undone_at", "undone_by"])
    return complaint


def _restore(complaint: Complaint, event: int) -> None:
    before = ComplaintEvent.objects.get(pk=event)
    for name in UNDOABLE:
        setattr(complaint, name, getattr(before, name))
    complaint.save(update_fields=list(UNDOABLE))


def _call_off(made: Iterable[int], membership: Membership, now: datetime) -> None:
    """What the step promised is not owed any more, where nobody has seen to it since."""
    for pk in FollowUp.objects.open().filter(pk__in=made).order_by("id").values_list("pk", flat=True):
        promises.cancel(pk, membership, now=now, reason=_("the step was taken back"))


def _bring_back(ended: Iterable[int], membership: Membership, now: datetime) -> None:
    """What the step ended is owed again; what somebody changed since stays as they left it."""
    for event in ended:
        try:
            promises.undo(event, membership, now=now)
        except promises.ChangedError:
            continue
