"""What it costs to tell people what is due: `make bench-dispatch`.

    python -m bench.dispatch [--scheduled 1000000] [--due 100000] [--letters 500] [--rounds 3]

Everything happens in one transaction that is taken back. The due ones are claimed and their deliveries
written, in turn by the product and by one bare INSERT … SELECT with the same locking; the product also
decides who is told and when, and notes what it has done. Letters go to a mail server on this machine.
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

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.opening import database
from bench.results import table, write_section
from bench.timing import timed
from crm.embedded.processes import wait_until
from customers.models import Customer
from interactions import dispatch, sending, tasks
from interactions.models import Delivery, FollowUp
from staff.models import Membership, Venue

BARE = """
INSERT INTO interactions_delivery (
    follow_up_id, occurrence, recipient_id, channel, state, attempts, next_attempt_at, sent_at, message_id,
    send_at, error, created_at
)
SELECT owed.id, owed.due_at, owed.owner_id, told.channel, told.state, 0, %(now)s,
    CASE told.state WHEN 'sent' THEN %(now)s END, owed.id || told.channel, %(now)s, '', %(now)s
FROM (
    SELECT id, due_at, owner_id FROM interactions_followup
    WHERE state = 'open' AND next_dispatch_at <= %(now)s
    ORDER BY next_dispatch_at, id
    FOR UPDATE SKIP LOCKED
) owed
CROSS JOIN (VALUES ('app', 'sent'), ('email', 'waiting')) AS told (channel, state)
"""


class TakenBack(Exception):  # noqa: N818 - it ends a measurement, and is no error
    """Raised to take back what a measurement wrote."""


def schedule(count: int, due: int, now: datetime) -> None:
    """Owe so many things, the first `due` of them by now, to customers of the first venue, by its people."""
    crew = list(
        Membership.objects.current()
        .filter(venue=Venue.objects.earliest("pk"))
        .select_related("staff", "venue")
    )
    customers = list(Customer.objects.active().values_list("pk", flat=True)[:1000])
    template = FollowUp.objects.create(
        customer_id=customers[0], venue=crew[0].venue, text="Call back", due_at=now + timedelta(days=999)
    )
    changed = {
        "id": "nextval(pg_get_serial_sequence('interactions_followup', 'id'))",
        "customer_id": "(%(customers)s::bigint[])[1 + number %% cardinality(%(customers)s::bigint[])]",
        "owner_id": "(%(owners)s::bigint[])[1 + number %% cardinality(%(owners)s::bigint[])]",
        "urgent": "number %% 5 = 0",
    }
    when = (
        "%(now)s + CASE WHEN number < %(due)s THEN - interval '1 ms' ELSE interval '1 s' END * (number + 600)"
    )
    changed |= {"due_at": when, "next_dispatch_at": when}
    names = [field.column for field in FollowUp._meta.concrete_fields]
    picked = ", ".join(changed.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO interactions_followup ({columns}) SELECT {picked} FROM interactions_followup,"
            " generate_series(0, %(count)s - 1) AS number WHERE id = %(template)s",
            {
                "customers": customers,
                "owners": [member.staff_id for member in crew],
                "due": due,
                "now": now,
                "count": count,
                "template": template.pk,
            },
        )
        cursor.execute("ANALYZE interactions_followup, interactions_delivery")


def bare(now: datetime) -> None:
    """Claim all that is due and write its deliveries, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"now": now})


def taken_back(work: Callable[[], object]) -> float:
    """Seconds that some work takes, which is then taken back."""
    took = 0.0
    with contextlib.suppress(TakenBack), transaction.atomic():
        took = timed(work) / 1000
        raise TakenBack
    return took


def measure_writing(due: int, now: datetime, rounds: int) -> str:
    """The product against the bare statement, in turn."""
    ours, floor = [], []
    for _round in range(rounds):
        floor.append(taken_back(lambda: bare(now)))
        ours.append(taken_back(lambda: dispatch.dispatch(now)))
    mine, least = statistics.median(ours), statistics.median(floor)
    rows = [
        ("one bare INSERT … SELECT … FOR UPDATE SKIP LOCKED", f"{least:.2f}", f"{2 * due / least:,.0f}"),
        ("dispatch, who and when included", f"{mine:.2f}", f"{2 * due / mine:,.0f}"),
    ]
    said = table(("claim and write", "seconds", "deliveries a second"), rows)
    return f"{said}\n\n{mine / least:.2f} times the bare statement (aim: 3)."


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


def measure_sending(letters: int, now: datetime) -> str:
    """Letters through the mail server, by one worker, each with the card of its customer in it."""
    kept = FollowUp.objects.filter(urgent=True, next_dispatch_at__lte=now).values("pk")[:letters]
    FollowUp.objects.filter(next_dispatch_at__lte=now).exclude(
        pk__in=list(kept.values_list("pk", flat=True))
    ).update(next_dispatch_at=None)
    dispatch.dispatch(now)
    waiting = Delivery.objects.waiting().count()
    with mail_server():
        began, sent = time.perf_counter(), 0
        while gone := sending.send_waiting():
            sent += gone
        took = time.perf_counter() - began
    return (
        f"{sent} of {waiting} letters through a mail server on this machine by one worker, each with its "
        f"customer's card: {sent / took:.0f} deliveries a second."
    )


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scheduled", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--letters", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Venue.objects.exists():
        call_command("demo")
    now = timezone.now()
    with transaction.atomic():
        # What the demo owes is told before, so that only ours is measured.
        FollowUp.objects.update(next_dispatch_at=None)
        Delivery.objects.waiting().update(state=Delivery.State.WITHDRAWN)
        schedule(options.scheduled - options.due, 0, now)
        tick = measure_tick(200)
        schedule(options.due, options.due, now)
        parts = [measure_writing(options.due, now, options.rounds), tick]
        parts += [measure_sending(options.letters, now)]
        transaction.set_rollback(True)
    among = f"{options.scheduled:,} follow-ups scheduled, {options.due:,} of them due at once."
    text = "\n\n".join([among, *parts])
    print(text)
    write_section("Telling what is due", text)


if __name__ == "__main__":
    with database():
        main()
