"""Sending what waits to be told, by whichever worker comes first.

A delivery is claimed with a lease in one short transaction, sent outside any, and noted in another. Who
dies in between leaves a lease that runs out, and the next worker sends it again under the same Message-ID:
better told twice than not at all.
"""

from __future__ import annotations

import contextlib
import logging
import random
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from interactions import letters
from interactions.backoff import MOST_ATTEMPTS, retry_after
from interactions.models import Delivery

logger = logging.getLogger(__name__)

BATCH: Final = 20
LEASE: Final = timedelta(minutes=5)
# Less than a lease by more than a mail server may take to answer, so that nobody sends on a lease gone by.
MAY_START: Final = LEASE - timedelta(minutes=2)
# A task ends by itself long before it would be killed; what is left is for the next tick.
LONGEST_RUN: Final = timedelta(minutes=5)

Clock = Callable[[], datetime]


class NotNowError(Exception):
    """It must not go out at this hour: it waits until the moment given, and this was no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%Y-%m-%d %H:%M %Z}")
        self.until = until


def _nothing_more(_row: Any, _now: datetime) -> None:
    """What follows from a delivery that was sent: nothing."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Rows that wait to be sent, with the columns of a delivery, and what is done with each.

    `letter_for` gives the letter of a row, None when it must not be sent any more, or raises NotNowError;
    `sent` writes, in the transaction that notes that it went out, what follows from that.
    """

    rows: type[Any] = Delivery
    letter_for: Callable[[Any, datetime], EmailMessage | None] = letters.letter_for
    sent: Callable[[Any, datetime], None] = _nothing_more


TO_STAFF: Final = Outbox()


def send_waiting(clock: Clock = timezone.now, outbox: Outbox = TO_STAFF) -> int:
    """Send until nothing is ready any more, or for five minutes; give how many were sent."""
    began, sent = clock(), 0
    while clock() < began + LONGEST_RUN and (batch := claim(clock(), outbox=outbox)):
        sent += _send_batch(batch, clock, outbox)
    return sent


@transaction.atomic
def claim(now: datetime, limit: int = BATCH, outbox: Outbox = TO_STAFF) -> list[Any]:
    """Take deliveries that are ready and nobody's; they are ours until the lease runs out.

    An attempt counts when it begins: what makes its worker die each time is given up in the end too.
    """
    rows: Any = outbox.rows.objects
    taken = list(rows.ready(now).select_for_update(skip_locked=True, of=("self",))[:limit])
    for delivery in taken:
        if delivery.attempts >= MOST_ATTEMPTS:
            delivery.state = Delivery.State.DEAD
            delivery.error = delivery.error or "every attempt ended without an answer"
            delivery.claimed_until = None
        else:
            delivery.attempts += 1
            delivery.claimed_until = now + LEASE
    rows.bulk_update(taken, ["attempts", "claimed_until", "state", "error"])
    return [delivery for delivery in taken if delivery.state == Delivery.State.WAITING]


def _send_batch(batch: list[Any], clock: Clock, outbox: Outbox = TO_STAFF) -> int:
    """Send these over one connection; when the server cannot be reached, all that are left wait."""
    must_start_by = clock() + MAY_START
    sent, outage = 0, ""
    with contextlib.closing(get_connection()) as connection:
        for delivery in batch:
            if outage:
                _try_later(delivery, outage, clock())
            elif clock() >= must_start_by:
                _note(delivery, attempts=delivery.attempts - 1)  # not tried after all
            else:
                went_out, outage = _send(delivery, connection, clock, outbox)
                sent += went_out
    return sent


def _send(delivery: Any, connection: BaseEmailBackend, clock: Clock, outbox: Outbox) -> tuple[int, str]:
    """Send one; give 1 when it went out, and, when nothing at all can be sent now, why."""
    try:
        letter = outbox.letter_for(delivery, clock())
    except NotNowError as later:
        _note(delivery, attempts=delivery.attempts - 1, next_attempt_at=later.until)
        return 0, ""
    if letter is None:
        _note(delivery, state=Delivery.State.WITHDRAWN)
        return 0, ""
    try:
        connection.open()  # does nothing where it is open; opened here, it stays open for the next
        letter.connection = connection
        letter.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
        _refused(delivery, refusal, clock())
        return 0, ""
    except OSError as error:  # smtplib's errors are OSErrors too
        connection.close()
        words = f"{type(error).__name__}: {error}"
        _try_later(delivery, words, clock())
        return 0, words
    with transaction.atomic():
        _note(delivery, state=Delivery.State.SENT, sent_at=clock(), error="")
        outbox.sent(delivery, clock())
    return 1, ""


def _refused(delivery: Any, error: smtplib.SMTPException, now: datetime) -> None:
    """A no for good (5xx) needs a person; a no for now (4xx) is tried again."""
    replies = error.recipients.values() if isinstance(error, smtplib.SMTPRecipientsRefused) else [error.args]
    if all(int(reply[0]) >= 500 for reply in replies):
        _note(delivery, state=Delivery.State.DEAD, error=str(error)[:500])
    else:
        _try_later(delivery, str(error), now)


def _try_later(delivery: Any, error: str, now: datetime) -> None:
    if delivery.attempts >= MOST_ATTEMPTS:
        _note(delivery, state=Delivery.State.DEAD, error=error[:500])
        return
    chance = random.random()  # noqa: S311 - spreads the load, keeps no secret
    _note(delivery, next_attempt_at=now + retry_after(delivery.attempts, chance), error=error[:500])


def _note(delivery: Any, **changes: object) -> None:
    """Write down what came of it, if the lease is still ours; else somebody else has taken it over."""
    ours = type(delivery).objects.filter(pk=delivery.pk, claimed_until=delivery.claimed_until)
    if not ours.update(claimed_until=None, **changes):
        logger.warning("delivery %s was taken over while it was sent: %s", delivery.pk, changes)
