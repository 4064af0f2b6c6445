"""Who is expected and who came: the verbs of the arrivals list.

Each verb locks the visit, refuses a step that its state does not allow, and does nothing when the
step was already taken: two people tapping at once, or one twice, leave the same list.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from customers.models import Customer
from interactions import capture, promises
from interactions.models import Interaction, Visit
from staff.models import Membership, Venue

# Interactions that a step on the list wrote by itself; undoing the step takes them away again.
SOURCE = "visit"

State = Visit.State
ALLOWED_FROM: dict[str, tuple[str, ...]] = {
    State.ARRIVED: (State.EXPECTED, State.NO_SHOW),
    State.LEFT: (State.ARRIVED,),
    State.NO_SHOW: (State.EXPECTED,),
    State.CANCELLED: (State.EXPECTED,),
}


class NotFromHereError(Exception):
    """The visit is in a state from which this step cannot be taken; `.visit` is how it stands."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit.state)
        self.visit = visit


def expect(
    customer: Customer,
    membership: Membership,
    *,
    expected_at: datetime,
    party_size: int | None = None,
    companions: Sequence[str] = (),
    occasion: str = "",
    note: str = "",
) -> Visit:
    """Put a customer on the list of this venue for an aware moment."""
    return Visit.objects.create(
        customer=customer,
        venue=membership.venue,
        expected_at=expected_at,
        party_size=party_size,
        companions=list(companions),
        occasion=occasion.strip(),
        note=note.strip(),
        created_by=membership.staff,
    )


@transaction.atomic
def arrive(visit_id: int, membership: Membership, *, now: datetime) -> Visit:
    """They are here. What was promised for their next visit is due from this moment."""
    visit, is_news = _begin(visit_id, membership.venue, State.ARRIVED)
    if is_news:
        _forget_what_the_step_wrote(visit, now)
        visit.state, visit.arrived_at = State.ARRIVED, now
        visit.save(update_fields=["state", "arrived_at", "interaction"])
        uncounted = 1 if visit.interaction_id is None else 0
        promises.fire_visit_triggers(visit.customer, visit.venue, now, uncounted=uncounted)
    return visit


@transaction.atomic
def leave(visit_id: int, membership: Membership, *, now: datetime) -> Visit:
    """They have gone. A visit that nobody logged is put on the timeline as it was."""
    visit, is_news = _begin(visit_id, membership.venue, State.LEFT)
    if is_news:
        _put_on_timeline(visit, membership, now)
        visit.state, visit.left_at = State.LEFT, max(now, visit.arrived_at or now)
        visit.save(update_fields=["state", "left_at"])
    return visit


@transaction.atomic
def did_not_come(visit_id: int, membership: Membership, *, now: datetime) -> Visit:
    """They were expected and did not come; the timeline keeps it."""
    visit, is_news = _begin(visit_id, membership.venue, State.NO_SHOW)
    if is_news:
        capture.log(
            visit.customer,
            membership,
            now=now,
            kind=Interaction.Kind.NO_SHOW,
            occurred_at=min(visit.expected_at or now, now),
            visit=visit,
            source=SOURCE,
        )
        visit.state = State.NO_SHOW
        visit.save(update_fields=["state"])
    return visit


@transaction.atomic
def cancel(visit_id: int, membership: Membership) -> Visit:
    """They told us that they will not come."""
    visit, is_news = _begin(visit_id, membership.venue, State.CANCELLED)
    if is_news:
        visit.state = State.CANCELLED
        visit.save(update_fields=["state"])
    return visit


@transaction.atomic
def step_back(visit_id: int, membership: Membership, *, now: datetime) -> Visit:
    """Undo the last step: who left is here, who was here, did not come or cancelled is expected.

    What the step itself wrote on the timeline goes; what somebody logged stays. A visit that was
    never expected cannot be stepped back from here: NotFromHereError.
    """
    visit = _locked(visit_id, membership.venue)
    if visit.state == State.LEFT:
        visit.state, visit.left_at = State.ARRIVED, None
    elif visit.expected_at is None or (visit.state == State.ARRIVED and visit.interaction_id is not None):
        raise NotFromHereError(visit)
    else:
        if visit.arrived_at is not None:
            promises.unfire_visit_triggers(visit.customer, visit.venue, visit.arrived_at)
        visit.state, visit.arrived_at = State.EXPECTED, None
    _forget_what_the_step_wrote(visit, now)
    visit.save(update_fields=["state", "arrived_at", "left_at", "interaction"])
    return visit


def _locked(visit_id: int, venue: Venue) -> Visit:
    """The visit, locked until the transaction ends. Raises Visit.DoesNotExist."""
    visits = Visit.objects.at(venue).select_related("customer", "venue", "interaction")
    return visits.select_for_update(of=["self"]).get(pk=visit_id)


def _begin(visit_id: int, venue: Venue, to: Visit.State) -> tuple[Visit, bool]:
    """The locked visit, and whether the step is still to be taken."""
    visit = _locked(visit_id, venue)
    if visit.state != to and visit.state not in ALLOWED_FROM[to]:
        raise NotFromHereError(visit)
    return visit, visit.state != to


def _put_on_timeline(visit: Visit, membership: Membership, now: datetime) -> None:
    if visit.interaction_id is None:
        capture.log(
            visit.customer,
            membership,
            now=now,
            occurred_at=visit.arrived_at,
            summary=visit.occasion,
            visit=visit,
            source=SOURCE,
        )


def _forget_what_the_step_wrote(visit: Visit, now: datetime) -> None:
    written = visit.interaction
    if written is not None and written.source == SOURCE:
        visit.interaction = None
        visit.save(update_fields=["interaction"])
        capture.remove(written, now=now)
