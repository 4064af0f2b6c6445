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
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_noop

from interactions import digests, letters
from interactions.backoff import MOST_ATTEMPTS, retry_after
from interactions.hours import NotNowError
from interactions.models import Delivery

__all__ = ["NotNowError", "Outbox", "claim", "send_waiting"]

logger = logging.getLogger(__name__)

BATCH: Final = 20
LEASE: Final = timedelta(seconds=settings.DELIVERY_LEASE)
# Less than a lease by more than a mail server may take to answer, so that nobody sends on a lease gone by.
MAY_START: Final = LEASE * 3 / 5
# Whoever sends makes room for others before their message, such as beat's sign of life, is too old.
LONGEST_RUN: Final = timedelta(seconds=20)
NOTE_AGAIN_SECONDS: Final = 0.5
# Undone meanwhile, it has none to take away.
ONE_LESS: Final = Greatest(F("attempts") - 1, 0)
FIRST_WAIT: Final = timedelta(seconds=settings.DELIVERY_FIRST_RETRY)

Clock = Callable[[], datetime]


class RefusedError(Exception):
    """This one was not taken, which says nothing of the others; `for_good` when it never will be."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.for_good = for_good


def _nothing_more(_row: Any, _now: datetime) -> None:
    """What follows from a delivery that was sent: nothing."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Rows that wait to be sent, with the columns of a delivery, and what is done with each.

    `letter_for` gives the letter of a row, None when it must not be sent any more, or raises NotNowError;
    `letter_of_digest` that of several in one digest, and which of them it tells;
    `sent` writes, in the transaction that notes that it went out, what follows from that. Of rows that have
    a channel only those of this one are taken; `connect` opens what the letters of a batch go out by.
    """

    rows: type[Any] = Delivery
    letter_for: Callable[[Any, datetime], Any] = letters.letter_for
    letter_of_digest: Callable[[Any, datetime], Any] = letters.letter_of_digest
    sent: Callable[[Any, datetime], None] = _nothing_more
    channel: str = Delivery.Channel.EMAIL
    connect: Callable[[], Any] = get_connection

    @property
    def gathers(self) -> bool:
        """Whether some of the rows go out together."""
        return self.rows is Delivery


TO_STAFF: Final = Outbox()


def send_waiting(clock: Clock = timezone.now, outbox: Outbox = TO_STAFF) -> int:
    """Send until nothing is ready any more, or for twenty seconds; give how many were sent."""
    began, sent = clock(), 0
    while clock() < began + LONGEST_RUN and (batch := claim(clock(), outbox=outbox)):
        sent += _send_batch(batch, clock, outbox)
    return sent


@transaction.atomic
def claim(now: datetime, limit: int = BATCH, outbox: Outbox = TO_STAFF) -> list[Any]:
    """Take deliveries that are ready and nobody's; they are ours until the lease runs out.

    An attempt counts when it begins: what makes its worker die each time is given up in the end too. A
    digest is one of `limit`, and everything in it is taken, however much.
    """
    rows: Any = outbox.rows.objects
    ready = rows.ready(now)
    if hasattr(outbox.rows, "channel"):
        ready = ready.filter(channel=outbox.channel)
    if outbox.gathers:
        ready = ready.first_of_digests(now)
    taken = list(ready.select_for_update(skip_locked=True, of=("self",))[:limit])
    if outbox.gathers:
        taken = digests.close(taken, now)
    spent = [row for row in taken if row.attempts >= MOST_ATTEMPTS]
    for row in spent:
        row.state, row.claimed_until = Delivery.State.DEAD, None
        row.error = row.error or gettext_noop("every attempt ended without an answer")
    rows.bulk_update(spent, ["state", "claimed_until", "error"])
    held = [row for row in taken if row.attempts < MOST_ATTEMPTS]
    for row in held:
        row.attempts, row.claimed_until = row.attempts + 1, now + LEASE
    rows.filter(pk__in=[row.pk for row in held]).update(attempts=F("attempts") + 1, claimed_until=now + LEASE)
    return held


def _send_batch(batch: list[Any], clock: Clock, outbox: Outbox = TO_STAFF) -> int:
    """Send these over one connection; when the server cannot be reached, all that are left wait."""
    must_start_by = clock() + MAY_START
    sent, outage = 0, ""
    with contextlib.closing(outbox.connect()) as line:
        for together in _letters_of(batch):
            if outage:
                _try_later(together, outage, clock())
            elif clock() >= must_start_by:
                _note(together, attempts=ONE_LESS)  # not tried after all
            else:
                went_out, outage = _send(together, line, clock, outbox)
                sent += went_out
    return sent


def _letters_of(batch: list[Any]) -> list[list[Any]]:
    """What goes into one letter: all of a digest, and by itself whatever is in none."""
    by_letter: dict[object, list[Any]] = {}
    for row in batch:
        digest = getattr(row, "digest_id", None)
        by_letter.setdefault(("digest", digest) if digest else row.pk, []).append(row)
    return list(by_letter.values())


def _send(together: list[Any], line: BaseEmailBackend, clock: Clock, outbox: Outbox) -> tuple[int, str]:
    """Send one letter; give how many deliveries went out and, when nothing at all can be sent now, why."""
    try:
        letter, together = _letter_for(together, clock(), outbox)
    except NotNowError as later:
        # Moved, it is not late before then.
        _note(together, attempts=ONE_LESS, next_attempt_at=later.until, send_at=later.until)
        return 0, ""
    if letter is None:
        return 0, ""
    try:
        line.open()  # does nothing where it is open; opened here, it stays open for the next
        letter.connection = line
        letter.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
        _refused(together, refusal, clock())
        return 0, ""
    except RefusedError as refusal:
        if refusal.for_good:
            _note(together, state=Delivery.State.DEAD, error=str(refusal)[:500])
        else:
            _try_later(together, str(refusal), clock())
        return 0, ""
    except OSError as error:  # smtplib's errors are OSErrors too
        line.close()
        words = _words_of(error)
        _try_later(together, words, clock())
        return 0, words
    _note_sent(together, clock, outbox)
    return len(together), ""


def _letter_for(together: list[Any], now: datetime, outbox: Outbox) -> tuple[EmailMessage | None, list[Any]]:
    """The letter, and what of this it is about; the rest, which must not be sent any more, is withdrawn."""
    letter: EmailMessage | None
    if getattr(together[0], "digest_id", None):
        letter, kept = outbox.letter_of_digest(together, now)
    else:
        letter = outbox.letter_for(together[0], now)
        kept = together if letter else []
    if withdrawn := [row for row in together if row not in kept]:
        _withdraw(withdrawn)
    return letter, kept


def _withdraw(rows: list[Any]) -> None:
    """Note of these that they are not sent.

    What was seen to be withdrawn already is only let go of: it may be owed again by now.
    """
    if still := [row for row in rows if row.state == Delivery.State.WAITING]:
        _note(still, state=Delivery.State.WITHDRAWN)
    if gone := [row for row in rows if row.state != Delivery.State.WAITING]:
        _note(gone)


def _refused(together: list[Any], error: smtplib.SMTPException, now: datetime) -> None:
    """A no for good (5xx) needs a person; a no for now (4xx) is tried again."""
    if all(code >= 500 for code, _said in _replies(error)):
        _note(together, state=Delivery.State.DEAD, error=_words_of(error)[:500])
    else:
        _try_later(together, _words_of(error), now)


def _replies(error: OSError) -> list[tuple[int, str]]:
    """What a mail server said, code and text, to each recipient it refused; nothing where it said nothing."""
    found: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        found = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        found = [(error.smtp_code, error.smtp_error)]
    return [
        (code, said.decode(errors="replace") if isinstance(said, bytes) else said) for code, said in found
    ]


def _words_of(error: OSError) -> str:
    """Why it was not sent, for people to read: the other side's own words, or what the line broke with."""
    replies = "; ".join(f"{code} {said}" for code, said in _replies(error))
    return replies or error.strerror or str(error) or type(error).__name__


def _try_later(together: list[Any], error: str, now: datetime) -> None:
    attempts = max(row.attempts for row in together)
    if attempts >= MOST_ATTEMPTS:
        _note(together, state=Delivery.State.DEAD, error=error[:500])
        return
    chance = random.random()  # noqa: S311 - spreads the load, keeps no secret
    wait = retry_after(attempts, chance, FIRST_WAIT)
    _note(together, next_attempt_at=now + wait, error=error[:500])


def _note_sent(together: list[Any], clock: Clock, outbox: Outbox) -> None:
    """Note that a letter was accepted, as soon as the database is there to note it.

    One that was killed just now comes up again long before the lease is over; giving up at once would
    have the letter sent twice.
    """
    while True:
        try:
            with transaction.atomic():
                if _note(together, state=Delivery.State.SENT, sent_at=clock(), error=""):
                    for row in together:
                        outbox.sent(row, clock())
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or clock() >= together[0].claimed_until:
                raise
            logger.warning("the database went away while a letter was sent; noting it when it is back")
            connection.close()
            time.sleep(NOTE_AGAIN_SECONDS)


def _note(together: list[Any], **changes: object) -> bool:
    """Write down what came of it, if the lease is still ours; else somebody else has taken it over.

    What was withdrawn while it was tried stays so, unless it has gone out all the same.
    """
    first = together[0]
    mine = type(first).objects.filter(pk__in=[row.pk for row in together], claimed_until=first.claimed_until)
    if changes.get("state", Delivery.State.SENT) != Delivery.State.SENT:
        withdrawn = mine.filter(state=Delivery.State.WITHDRAWN).update(claimed_until=None)
        return bool(mine.update(claimed_until=None, **changes)) or bool(withdrawn)
    if mine.update(claimed_until=None, **changes):
        return True
    logger.warning("delivery %s was taken over while it was sent: %s", first.pk, changes)
    return False
