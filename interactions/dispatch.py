"""From what is due to who is told: rows in the database, written once however many look at the same time.

Nothing here has a time window: whatever is due and was not sent out is sent out, and the message says how
late it is. Sending is `interactions.sending`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from interactions import recipients
from interactions.models import Delivery, FollowUp
from staff.models import Staff

BATCH: Final = 500


def dispatch(now: datetime, batch: int = BATCH) -> int:
    """Write deliveries for everything due at an aware moment, batch by batch; give how many follow-ups."""
    total = 0
    while count := dispatch_batch(now, batch):
        total += count
        if count < batch:
            break
    return total


@transaction.atomic
def dispatch_batch(now: datetime, batch: int = BATCH) -> int:
    """Take up to `batch` due follow-ups that nobody else holds and write whom to tell of them.

    The deliveries and the note that they are written are one transaction: a dispatcher that dies leaves
    the follow-ups to the next, and two at once take different ones.
    """
    due = list(FollowUp.objects.to_dispatch(now).select_related("venue")[:batch])
    if not due:
        return 0
    crews = recipients.crews({each.venue_id: each.venue for each in due}.values(), now)
    rows = [
        row
        for follow_up in due
        for person in crews[follow_up.venue_id].told(follow_up)
        for row in _deliveries(follow_up, person, now)
    ]
    _write(rows, now)
    FollowUp.objects.filter(pk__in=[each.pk for each in due]).update(next_dispatch_at=None)
    return len(due)


def message_id(follow_up: FollowUp, occurrence: datetime, person: Staff, channel: str) -> str:
    """The same name for the same delivery, always: a mail program shows a repeat after a crash only once."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{follow_up.pk}.{occurrence:%Y%m%dT%H%M%S%f}.{person.pk}.{channel}@{host}>"


def _deliveries(follow_up: FollowUp, person: Staff, now: datetime) -> Iterable[Delivery]:
    occurrence = follow_up.due_at
    assert occurrence is not None  # noqa: S101 - the database refuses a dispatch time without a due time
    for channel in Delivery.Channel:
        # In the app it is there as soon as the row is; an e-mail has yet to be sent.
        is_there = channel == Delivery.Channel.APP
        yield Delivery(
            follow_up=follow_up,
            occurrence=occurrence,
            recipient=person,
            channel=channel,
            state=Delivery.State.SENT if is_there else Delivery.State.WAITING,
            sent_at=now if is_there else None,
            next_attempt_at=now,
            created_at=now,
            message_id=message_id(follow_up, occurrence, person, channel),
        )


def _write(rows: list[Delivery], now: datetime) -> None:
    """Insert what is not there yet; what was withdrawn (and then undone) waits again."""
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    names = [row.message_id for row in rows]
    withdrawn = Delivery.objects.filter(message_id__in=names, state=Delivery.State.WITHDRAWN)
    withdrawn.update(state=Delivery.State.WAITING, attempts=0, next_attempt_at=now, claimed_until=None)
