"""What it costs to tell people what is due: `make bench-dispatch`.

    python -m bench.dispatch [--scheduled 1000000] [--due 100000] [--letters 500] [--rounds 4]

Everything happens in a database of its own, made for it with the demo business and dropped in the end. The
due ones are claimed and their deliveries written, in turn by the product and by one bare INSERT … SELECT with
the same locking; the product also decides who is told and when, and notes what it has done. What was written
is taken back and vacuumed away before the next turn. Letters go to a mail server on this machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from bench.opening import database, own_database
from bench.results import table, write_section
from bench.timing import timed
from crm.embedded.processes import wait_until
from customers.models import Customer
from interactions import dispatch, letters, sending, tasks
from interactions.models import Delivery, FollowUp
from staff.models import Membership, Venue

# What the product writes, where somebody said beforehand whom to tell what: the same rows and locks.
BARE = """
INSERT INTO interactions_delivery (
    follow_up_id, occurrence, recipient_id, channel, state, attempts, next_attempt_at, sent_at, message_id,
    send_at, error, created_at
)
SELECT owed.id, owed.due_at, told.recipient_id, told.channel, told.state, 0, told.send_at,
    CASE told.state WHEN 'sent' THEN %(now)s END,
    '<' || owed.id || '.' || to_char(owed.due_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISSUS') || '.'
        || told.recipient_id || '.' || told.channel || '@localhost>',
    told.send_at, '', %(now)s
FROM (
    SELECT id, due_at, owner_id, urgent FROM interactions_followup
    WHERE state = 'open' AND next_dispatch_at <= %(now)s
    ORDER BY next_dispatch_at, id
    FOR UPDATE SKIP LOCKED
) owed
JOIN bench_told told ON told.owner_id = owed.owner_id AND told.urgent = owed.urgent
"""
LEARN = """
SELECT DISTINCT owed.owner_id, owed.urgent, told.recipient_id, told.channel, told.state, told.send_at
FROM interactions_delivery told JOIN interactions_followup owed ON owed.id = told.follow_up_id
WHERE told.created_at = %(now)s
"""
TOLD = "owner_id bigint, urgent boolean, recipient_id bigint, channel text, state text, send_at timestamptz"


class TakenBack(Exception):  # noqa: N818 - it ends a measurement, and is no error
    """Raised to take back what a measurement wrote."""


def schedule(count: int, due: int, now: datetime) -> None:
    """Owe so many things, the first `due` of them by now, to customers of the first venue, by its people."""
    crew = list(
        Membership.objects.current()
        .filter(venue=Venue.objects.earliest("pk"))
        .select_related("staff", "venue")
    )
    customers = list(Customer.objects.active().order_by("pk").values_list("pk", flat=True))
    template = FollowUp.objects.create(
        customer_id=customers[0], venue=crew[0].venue, text="Call back", due_at=now + timedelta(days=999)
    )
    changed = {
        "customer_id": "(%(customers)s::bigint[])[1 + number %% cardinality(%(customers)s::bigint[])]",
        "owner_id": "(%(owners)s::bigint[])[1 + number %% cardinality(%(owners)s::bigint[])]",
        "urgent": "number %% 5 = 0",
    }
    when = (
        "%(now)s + CASE WHEN number < %(due)s THEN - interval '1 ms' ELSE interval '1 s' END * (number + 600)"
    )
    changed |= {"due_at": when, "next_dispatch_at": when}
    given = {"customers": customers, "owners": [member.staff_id for member in crew], "due": due, "now": now}
    copy(template, count, changed, given)


def copy(template: Model, count: int, changed: dict[str, str], given: dict[str, Any]) -> None:
    """Copy a row so many times, some of its columns changed by expressions of the copy's `number`."""
    meta = template._meta
    changed = {"id": f"nextval(pg_get_serial_sequence('{meta.db_table}', 'id'))"} | changed
    names = [str(field.column) for field in meta.concrete_fields if not field.generated]
    picked = ", ".join(changed.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({columns}) SELECT {picked} FROM {meta.db_table},"
            " generate_series(0, %(count)s - 1) AS number WHERE id = %(template)s",
            {**given, "count": count, "template": template.pk},
        )
        cursor.execute(f"VACUUM ANALYZE {meta.db_table}")


def populate(count: int) -> None:
    """So many customers more of whom nothing is known, for a house whose every customer is owed a little."""
    nobody = Customer.objects.create(full_name="Nobody known", home_venue=Venue.objects.earliest("pk"))
    copy(nobody, count, {}, {})


def bare(now: datetime) -> None:
    """Claim all that is due and write its deliveries, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"now": now})


def taken_back(work: Callable[[], object]) -> float:
    """Seconds that some work takes, which is then taken back."""
    _forget_what_was_taken_back()
    took = 0.0
    with contextlib.suppress(TakenBack), transaction.atomic():
        took = timed(work) / 1000
        raise TakenBack
    return took


def _forget_what_was_taken_back() -> None:
    """Nobody has to step over the rows that an earlier turn wrote and took back."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE interactions_followup, interactions_delivery")


def learn(now: datetime) -> int:
    """Have the product tell once, and keep for the bare statement whom it told what; how many deliveries."""
    rows: list[tuple[Any, ...]] = []
    written = 0

    def tell() -> None:
        nonlocal written
        dispatch.dispatch(now)
        with connection.cursor() as cursor:
            cursor.execute(LEARN, {"now": now})
            rows.extend(cursor.fetchall())
        written = Delivery.objects.filter(created_at=now).count()

    taken_back(tell)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_told ({TOLD})")
        cursor.executemany("INSERT INTO bench_told VALUES (%s, %s, %s, %s, %s, %s)", rows)
        cursor.execute("ANALYZE bench_told")
    return written


def measure_writing(now: datetime, rounds: int) -> str:
    """The product against the bare statement, in turn, each as often the first of the two."""
    written = learn(now)
    ways: dict[str, Callable[[], object]] = {
        "one bare INSERT … SELECT … FOR UPDATE SKIP LOCKED": lambda: bare(now),
        "dispatch, who and when included": lambda: dispatch.dispatch(now),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        for name in sorted(ways, reverse=bool(turn % 2)):
            took[name].append(taken_back(ways[name]))
    # The fastest of each was disturbed the least by whatever else the machine did.
    least, mine = (min(took[name]) for name in ways)
    rows = [(name, f"{min(took[name]):.2f}", f"{statistics.median(took[name]):.2f}") for name in ways]
    said = table(("claim and write", "seconds, fastest", "median"), rows)
    return (
        f"{said}\n\n{written:,} deliveries, {written / mine:,.0f} a second: {mine / least:.2f} times the "
        f"bare statement (fastest of {rounds} rounds each), which writes the same rows and takes the same "
        "locks (aim: 3)."
    )


def measure_tick(rounds: int) -> str:
    """A tick of beat with nothing due, against a query that finds nothing."""
    tick, empty = [], []
    for _round in range(rounds):
        tick.append(timed(tasks.dispatch_due))
        empty.append(timed(_ask, "SELECT FROM interactions_followup WHERE false"))
    mine, least = statistics.median(tick), statistics.median(empty)
    rows = [("a query that finds nothing", f"{least:.2f}"), ("a tick with nothing due", f"{mine:.2f}")]
    return f"{table(('milliseconds', 'median'), rows)}\n\n{mine / least:.2f} times the empty query (aim: 2)."


def _ask(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


@contextlib.contextmanager
def mail_server() -> Iterator[None]:
    """A mail server in a process of its own that takes everything and keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "aiosmtpd",
        "-n",
        "-l",
        f"127.0.0.1:{port}",
        "-c",
        "aiosmtpd.handlers.Sink",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        wait_until(lambda: _answers(port), 30)
        try:
            yield
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def measure_sending(most: int, now: datetime) -> str:
    """Letters through the mail server, by one worker, each with the card of its customer in it."""
    schedule(most, most, now)
    FollowUp.objects.filter(next_dispatch_at__lte=now).update(urgent=True)
    dispatch.dispatch(now)
    waiting = Delivery.objects.waiting().count()
    with mail_server():
        # A worker has been at work for a while: what is read once has been read.
        for delivery in Delivery.objects.ready(now).filter(channel="email")[:5]:
            letters.letter_for(delivery, now)
        began, sent = time.perf_counter(), 0
        while gone := sending.send_waiting():
            sent += gone
        took = time.perf_counter() - began
    return (
        f"{sent} of {waiting} letters through a mail server on this machine by one worker, each with "
        f"its customer's card, outside any transaction of theirs and each noted when it was accepted: "
        f"{sent / took:.0f} deliveries a second (aim: 20)."
    )


def state_of_machine() -> str:
    """How busy the machine is, ourselves not yet included."""
    load = os.getloadavg()[1]
    busy = load > (os.cpu_count() or 1) / 2
    return f"while the machine {'did much else' if busy else 'did nothing else'} (load {load:.1f} before)"


def main() -> None:
    """Have a database, measure and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scheduled", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--letters", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        measure(options)
        return
    state = state_of_machine()
    with database(), own_database("dispatch") as address:
        command = [sys.executable, "-m", "bench.dispatch", *sys.argv[1:], "--inside", state]
        subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=True)


def measure(options: argparse.Namespace) -> None:
    """Measure in the configured database, which is empty yet, and write the section."""
    call_command("migrate", verbosity=0)
    call_command("demo")
    now = timezone.now()
    # What the demo owes is told before, so that only ours is measured.
    FollowUp.objects.update(next_dispatch_at=None)
    Delivery.objects.waiting().update(state=Delivery.State.WITHDRAWN)
    populate(options.scheduled // 20)
    schedule(options.scheduled - options.due - options.letters, 0, now)
    tick = measure_tick(200)
    # At another moment, by which the deliveries of the others can be told from these.
    letters_sent = measure_sending(options.letters, now - timedelta(hours=1))
    Delivery.objects.waiting().update(state=Delivery.State.WITHDRAWN)
    schedule(options.due, options.due, now)
    parts = [measure_writing(now, options.rounds), tick, letters_sent]
    among = (
        f"{options.scheduled:,} follow-ups scheduled, {options.due:,} of them due at once, owed to "
        f"{options.scheduled // 20:,} customers and those of the demo.\n\nMeasured {options.inside}."
    )
    text = "\n\n".join([among, *parts])
    print(text)
    write_section("Telling what is due", text)


if __name__ == "__main__":
    main()
