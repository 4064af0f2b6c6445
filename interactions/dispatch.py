"""From what is due to who is told: rows in the database, written once however many look at the same time.

Nothing here has a time window: whatever is due and was not sent out is sent out, and the message says how
late it is. Sending is `interactions.sending`'s.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from crm.prepared import rows_of
from interactions import digests, recipients
from interactions.models import Delivery, FollowUp, Webhook
from interactions.recipients import Crew
from staff.models import Staff, Venue

BATCH: Final = 20_000

# In order, for one row each: so the plan for any moment is the index, whatever the tables hold.
LOOK: Final = """SELECT
    (
        SELECT true FROM interactions_followup WHERE state = 'open' AND next_dispatch_at <= %s
        ORDER BY next_dispatch_at LIMIT 1
    ),
    (
        SELECT true FROM interactions_delivery
        WHERE state = 'waiting' AND next_attempt_at <= %s AND (claimed_until IS NULL OR claimed_until <= %s)
        ORDER BY next_attempt_at LIMIT 1
    )
"""
# What each follow-up of a batch says to whom is decided once for all that are alike; this joins the two.
# Nobody else writes deliveries of a follow-up that we hold, so that only for the few whose occurrence was
# told before the database has to look row by row what is there.
WRITE: Final = """
WITH told AS (
    SELECT * FROM unnest(
        %(venues)s::bigint[], %(owners)s::bigint[], %(roles)s::text[], %(urgent)s::boolean[],
        %(people)s::bigint[], %(channels)s::text[], %(states)s::text[],
        %(moments)s::timestamptz[], %(digests)s::bigint[]
    ) AS told (venue_id, owner_id, role, urgent, person, channel, state, send_at, digest_id)
), owed AS (
    SELECT id, due_at, venue_id, coalesce(owner_id, 0) AS owner_id, role, urgent, EXISTS (
        SELECT FROM interactions_delivery there
        WHERE there.follow_up_id = owed.id AND there.occurrence = owed.due_at
    ) AS was_told
    FROM interactions_followup owed WHERE id = ANY(%(ids)s)
), telling AS (
    SELECT owed.id AS follow_up_id, owed.due_at AS occurrence, told.person, told.channel, told.state,
        CASE told.state WHEN 'sent' THEN %(now)s END AS sent_at, told.send_at, told.digest_id, owed.was_told,
        '<' || owed.id || '.' || to_char(owed.due_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISSUS') || '.'
            || told.person || '.' || told.channel || '@' || %(host)s || '>' AS message_id
    FROM owed JOIN told USING (venue_id, owner_id, role, urgent)
), written AS (
    INSERT INTO interactions_delivery (
        follow_up_id, occurrence, recipient_id, channel, state, attempts, next_attempt_at, sent_at,
        message_id, send_at, digest_id, error, created_at
    )
    SELECT follow_up_id, occurrence, person, channel, state, 0, send_at, sent_at,
        message_id, send_at, digest_id, '', %(now)s
    FROM telling WHERE NOT was_told
), written_again AS (
    INSERT INTO interactions_delivery AS there (
        follow_up_id, occurrence, recipient_id, channel, state, attempts, next_attempt_at, sent_at,
        message_id, send_at, digest_id, error, created_at
    )
    SELECT follow_up_id, occurrence, person, channel, state, 0, send_at, sent_at,
        message_id, send_at, digest_id, '', %(now)s
    FROM telling WHERE was_told
    ON CONFLICT (follow_up_id, occurrence, recipient_id, channel) DO UPDATE
        -- A worker that is just trying it keeps its lease, and notes what comes of it.
        SET state = 'waiting', attempts = 0, send_at = excluded.send_at,
            claimed_until = CASE WHEN there.claimed_until > %(now)s THEN there.claimed_until END,
            next_attempt_at = excluded.send_at, digest_id = excluded.digest_id
        WHERE there.state = 'withdrawn'
)
UPDATE interactions_followup SET next_dispatch_at = NULL WHERE id = ANY(%(ids)s)
"""


class Kind(NamedTuple):
    """Follow-ups that are told to the same people in the same way."""

    venue_id: int
    owner_id: int | None
    role: str
    urgent: bool


class Telling(NamedTuple):
    """That one kind of follow-up is told to one person on one channel, and when."""

    kind: Kind
    person: Staff
    channel: str
    send_at: datetime
    digest_id: int | None


def look(now: datetime) -> tuple[bool, bool]:
    """Whether anything is to be dispatched, and whether anything is ready to be sent: one query."""
    [(due, ready)] = rows_of(LOOK, [now, now, now])
    return bool(due), bool(ready)


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
    due = FollowUp.objects.to_dispatch(now).values_list("pk", "venue_id", "owner_id", "role", "urgent")
    rows = list(due[:batch])
    if not rows:
        return 0
    kinds = {Kind(*row[1:]) for row in rows}
    listens = Exists(Webhook.objects.live().filter(venue=OuterRef("pk")))
    venues: Any = Venue.objects.filter(pk__in={kind.venue_id for kind in kinds}).annotate(listens=listens)
    listening = {venue.pk for venue in venues if venue.listens}
    tellings = list(_tellings(kinds, recipients.crews(venues, now), listening, now))
    _write([row[0] for row in rows], tellings, now)
    return len(rows)


def message_id(follow_up: FollowUp, occurrence: datetime, person: Staff, channel: str) -> str:
    """The same name for the same delivery, always: a mail program shows a repeat after a crash only once."""
    return f"<{follow_up.pk}.{occurrence:%Y%m%dT%H%M%S%f}.{person.pk}.{channel}@{_host()}>"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _tellings(
    kinds: Iterable[Kind], crews: dict[int, Crew], listening: Container[int], now: datetime
) -> Iterator[Telling]:
    """Who hears of each kind: in the app at once; by e-mail with all else of the shift, if not urgent.

    Where a webhook listens, it is told in the same way.
    """
    told = [
        (kind, crews[kind.venue_id], person) for kind in kinds for person in crews[kind.venue_id].told(kind)
    ]
    gathered = {(crew.venue.pk, person.pk): (crew, person) for kind, crew, person in told if not kind.urgent}
    heard = {key: each for key, each in gathered.items() if key[0] in listening}
    shared = {
        Delivery.Channel.EMAIL: digests.gather(gathered.values(), Delivery.Channel.EMAIL),
        Delivery.Channel.WEBHOOK: digests.gather(heard.values(), Delivery.Channel.WEBHOOK),
    }
    for kind, crew, person in told:
        yield Telling(kind, person, Delivery.Channel.APP, now, None)
        for channel, open_digests in shared.items():
            if channel == Delivery.Channel.WEBHOOK and kind.venue_id not in listening:
                continue
            digest, send_at = None, crew.at_once(person)
            if not kind.urgent:
                digest, send_at = open_digests[crew.venue.pk, person.pk]
            yield Telling(kind, person, channel, send_at, digest)


def _write(follow_ups: Sequence[int], tellings: Sequence[Telling], now: datetime) -> None:
    """Insert what is not there yet; what was withdrawn (and then undone) waits again.

    In the app it is there as soon as the row is; an e-mail has yet to be sent.
    """
    is_there = {Delivery.Channel.APP: Delivery.State.SENT}
    values: dict[str, Any] = {
        "ids": list(follow_ups),
        "now": now,
        "host": _host(),
        "venues": [each.kind.venue_id for each in tellings],
        "owners": [each.kind.owner_id or 0 for each in tellings],
        "roles": [each.kind.role for each in tellings],
        "urgent": [each.kind.urgent for each in tellings],
        "people": [each.person.pk for each in tellings],
        "channels": [str(each.channel) for each in tellings],
        "states": [
            str(is_there.get(Delivery.Channel(each.channel), Delivery.State.WAITING)) for each in tellings
        ],
        "moments": [each.send_at for each in tellings],
        "digests": [each.digest_id for each in tellings],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
