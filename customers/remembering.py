"""What happens to a remembered thing: written, heard again, changed, retired, refuted, and each taken back.

Every verb is one transaction that locks the row first, so of two people at once the second is told what
the first did. Nothing is overwritten: a change ends the old row and opens one that supersedes it. Verbs
see only what the member of staff may know; for the rest they raise Preference.DoesNotExist.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from crm.history import events_of
from customers import keys
from customers.models import Confirmation, Customer, Preference
from staff.models import Membership

# Two people at one counter hear the same sentence; it counts once.
ONE_HEARING = timedelta(minutes=10)

# What a change may say anew; the rest it takes over from the row it supersedes.
CHANGEABLE = (
    "kind", "category", "value", "detail", "severity", "discretion", "venue",
    "channels", "dayparts", "valid_from", "valid_until", "half_life_days",
)  # fmt: skip


class EndedError(Exception):
    """The thing was changed, retired or refuted meanwhile: `row` says when, by whom and why."""

    def __init__(self, row: Preference) -> None:
        super().__init__(f"preference {row.pk} ended at {row.retired_at}")
        self.row = row


class AlreadyHeardError(Exception):
    """Somebody wrote down the same a moment ago: `heard` is theirs."""

    def __init__(self, heard: Confirmation) -> None:
        super().__init__(f"preference {heard.preference_id} was heard at {heard.at}")
        self.heard = heard


class CannotUndoError(Exception):
    """It can no longer be taken back, because something was built on it since."""


def _locked(preference_id: int, membership: Membership) -> Preference:
    rows = Preference.objects.visible_to(membership).select_related("retired_by", "recorded_by")
    return rows.select_for_update(of=["self"]).get(pk=preference_id)


def _locked_known(preference_id: int, membership: Membership) -> Preference:
    row = _locked(preference_id, membership)
    if row.retired_at:
        raise EndedError(row)
    return row


@transaction.atomic
def remember(
    customer: Customer, membership: Membership, *, now: datetime, kind: str, value: str, **fields: Any
) -> Preference:
    """Write down one thing about a customer, by this person. `fields` are those of the table."""
    row = Preference.objects.create(
        customer=customer, recorded_by=membership.staff, recorded_at=now, kind=kind, value=value, **fields
    )
    keys.refresh([customer.pk])
    return row


@transaction.atomic
def confirm(preference_id: int, membership: Membership, *, now: datetime) -> Confirmation:
    """The customer said again that it is so.

    Raises EndedError where it was ended, and AlreadyHeardError where somebody confirmed it within the
    last ten minutes.
    """
    row = _locked_known(preference_id, membership)
    said = row.confirmations.filter(outcome=Confirmation.Outcome.CONFIRMED, undone_at=None)
    if twice := said.filter(at__gt=now - ONE_HEARING).select_related("by").last():
        raise AlreadyHeardError(twice)
    # A row written a moment ahead by another machine's clock must not forbid its confirmation.
    row.confirmed_at, row.confirmed_by = max(now, row.recorded_at), membership.staff
    row.status = Preference.Status.CONFIRMED
    row.save(update_fields=["status", "confirmed_at", "confirmed_by"])
    return _heard(row, membership, Confirmation.Outcome.CONFIRMED, row.confirmed_at)


@transaction.atomic
def see_again(preference_id: int, membership: Membership, *, now: datetime) -> Confirmation:
    """Somebody saw it again without being told. Raises EndedError where it was ended."""
    row = _locked_known(preference_id, membership)
    return _heard(row, membership, Confirmation.Outcome.OBSERVED, now)


@transaction.atomic
def contradict(preference_id: int, membership: Membership, *, now: datetime) -> Confirmation:
    """Something spoke against it, so it becomes a question. Raises EndedError where it was ended."""
    row = _locked_known(preference_id, membership)
    return _heard(row, membership, Confirmation.Outcome.CONTRADICTED, now)


def _heard(row: Preference, membership: Membership, outcome: str, at: datetime) -> Confirmation:
    return Confirmation.objects.create(preference=row, outcome=outcome, at=at, by=membership.staff)


@transaction.atomic
def change(
    preference_id: int,
    membership: Membership,
    *,
    now: datetime,
    why: str,
    was_wrong: bool = False,
    status: str = Preference.Status.STATED,
    **fields: Any,
) -> Preference:
    """Say it anew: end the row and open one that supersedes it; give the new one.

    `fields` are those that differ, `status` is how we know the new one. Where the world changed, the old
    one was true until yesterday and the new one is from today on the venue's business day; where it
    `was_wrong`, the old one was never true.
    Raises EndedError where it was ended meanwhile, and TypeError for a field that no change may say.
    """
    if unknown := set(fields) - set(CHANGEABLE):
        raise TypeError(f"a change says nothing of {', '.join(sorted(unknown))}")
    row = _locked_known(preference_id, membership)
    today = membership.venue.business_day(now)
    said = {name: getattr(row, name) for name in CHANGEABLE} | fields
    if not was_wrong:
        said |= _from_today(said, fields, today)
    ended_as = Preference.Status.REFUTED if was_wrong else Preference.Status.EXPIRED
    _end(row, membership, now=now, status=ended_as, why=why, last_day=today - timedelta(days=1))
    row.save(update_fields=ENDING)
    new = Preference.objects.create(
        **said,
        customer_id=row.customer_id,
        supersedes=row,
        status=status,
        recorded_by=membership.staff,
        recorded_at=now,
    )
    keys.refresh([row.customer_id])
    return new


def _from_today(said: dict[str, Any], fields: dict[str, Any], today: date) -> dict[str, Any]:
    """When what is said anew holds: from today, unless the change itself says otherwise."""
    begins, ends = said["valid_from"], said["valid_until"]
    if "valid_until" not in fields and ends and ends < today:
        ends = None
    if "valid_from" not in fields:
        begins = min(today, ends) if ends else today
    return {"valid_from": begins, "valid_until": ends}


@transaction.atomic
def retire(preference_id: int, membership: Membership, *, now: datetime, why: str) -> Preference:
    """It was so and no longer is. Raises EndedError where somebody ended it first."""
    return _ended(preference_id, membership, now=now, status=Preference.Status.EXPIRED, why=why)


@transaction.atomic
def refute(preference_id: int, membership: Membership, *, now: datetime, why: str) -> Preference:
    """It never was so. Raises EndedError where somebody ended it first."""
    return _ended(preference_id, membership, now=now, status=Preference.Status.REFUTED, why=why)


ENDING = ["status", "retired_at", "retired_by", "retired_why", "valid_until"]


def _ended(preference_id: int, membership: Membership, *, now: datetime, status: str, why: str) -> Preference:
    row = _locked_known(preference_id, membership)
    _end(row, membership, now=now, status=status, why=why, last_day=membership.venue.business_day(now))
    row.save(update_fields=ENDING)
    keys.refresh([row.customer_id])
    return row


def _end(
    row: Preference, membership: Membership, *, now: datetime, status: str, why: str, last_day: date
) -> None:
    """Close the row; what was true until now keeps its last day, so that past days can be asked about."""
    row.status, row.retired_at, row.retired_by = status, now, membership.staff
    row.retired_why = why
    if status == Preference.Status.EXPIRED:
        last_day = min(last_day, row.valid_until or last_day)
        row.valid_until = max(last_day, row.valid_from or last_day)


@transaction.atomic
def undo_remember(preference_id: int, membership: Membership, *, now: datetime) -> None:
    """Take back what this person wrote today.

    CannotUndoError later, for anybody else, and once it was heard again, changed or ended.
    """
    row = _locked(preference_id, membership)
    if row.supersedes_id or not _may_go(row, membership, now):
        raise CannotUndoError
    row.delete()
    keys.refresh([row.customer_id])


@transaction.atomic
def undo_hearing(confirmation_id: int, membership: Membership, *, now: datetime) -> None:
    """Take back a confirmation, sighting or contradiction; the row is as it was before.

    CannotUndoError once it was taken back, heard again by somebody else, or ended.
    """
    heard = Confirmation.objects.select_related("preference").get(pk=confirmation_id)
    row = _locked(heard.preference_id, membership)
    heard.refresh_from_db()
    if heard.undone_at or row.retired_at:
        raise CannotUndoError
    if heard.outcome == Confirmation.Outcome.CONFIRMED:
        if row.confirmed_at != heard.at:
            raise CannotUndoError
        _restore(row, ["status", "confirmed_at", "confirmed_by_id"], before=_before_hearing(row, heard.at))
    heard.undone_at = now
    heard.save(update_fields=["undone_at"])


def _before_hearing(row: Preference, at: datetime) -> QuerySet[Any]:
    """What the row was before it was confirmed at this moment, newest first."""
    events = events_of(row)
    # The event that follows the confirmation is the oldest one to show it, and there need not be one.
    following = events.filter(confirmed_at=at).last()
    return events.filter(pk__lt=following.pk) if following else events


@transaction.atomic
def undo_change(preference_id: int, membership: Membership, *, now: datetime) -> Preference:
    """Take back a change: the row that it opened goes, the one it superseded holds again; give that one.

    CannotUndoError after the day, for anybody else than who changed it, and once the new one was heard
    again, changed or ended.
    """
    new = _locked(preference_id, membership)
    if new.supersedes_id is None or not _may_go(new, membership, now):
        raise CannotUndoError
    old = Preference.objects.select_for_update().get(pk=new.supersedes_id)
    new.delete()
    _revive(old)
    return old


def _may_go(row: Preference, membership: Membership, now: datetime) -> bool:
    """Whether a row may be deleted: it is this person's own slip of today, and nothing stands on it."""
    day = membership.venue.business_day
    is_own = row.recorded_by_id == membership.staff_id and day(row.recorded_at) == day(now)
    return is_own and row.retired_at is None and not row.confirmations.exists()


@transaction.atomic
def undo_ending(preference_id: int, membership: Membership) -> Preference:
    """Take back a retirement or refutation. CannotUndoError where the row holds already or was superseded."""
    row = _locked(preference_id, membership)
    if row.retired_at is None or Preference.objects.filter(supersedes=row).exists():
        raise CannotUndoError
    _revive(row)
    return row


def _revive(row: Preference) -> None:
    _restore(
        row,
        ["status", "retired_at", "retired_by_id", "retired_why", "valid_until"],
        before=events_of(row).filter(retired_at=None),
    )
    keys.refresh([row.customer_id])


def _restore(row: Preference, names: list[str], *, before: QuerySet[Any]) -> None:
    """Put these columns back to what the newest of the events, which keep each row before a change, holds."""
    event = before.first()
    if event is None:
        raise CannotUndoError
    for name in names:
        setattr(row, name, getattr(event, name))
    row.save(update_fields=names)
