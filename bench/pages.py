"""What the pages cost: whole requests through gunicorn, as ratios to an empty page in the same run.

    python -m bench.pages [--customers 100000] [--interactions 500000] [--rounds 300]

Runs against DATABASE_URL (or the embedded database) and makes the demo there when it is empty. The pages are
asked for in turn, a round at a time, so that whatever else the machine does falls on all of them alike.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from bench.opening import database
from bench.results import write_section
from customers.models import Customer
from interactions.counters import mend
from interactions.models import Interaction, InteractionItem
from staff.models import Staff, Venue

LONG_HISTORY = "Bench Longhistory"
# What the desk asks for by itself while somebody types and presses Enter: parts of the page, not the page.
FRAGMENTS = {"look-up, three letters", "look-up, phone ending", "a card opened on the desk"}


def ready(customers: int, interactions: int) -> tuple[Customer, Staff]:
    """The demo at the size asked for, a customer with 1,000 interactions, and somebody at the front desk."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Venue.objects.exists():
        call_command("demo", customers=customers, interactions=interactions)
    venue = Venue.objects.get(slug="harbour-cafe")
    with transaction.atomic():
        person = Customer.objects.filter(full_name=LONG_HISTORY).first() or _with_long_history(venue)
    return person, Staff.objects.get(email="sam@demo.example")


def _with_long_history(venue: Venue) -> Customer:
    person = Customer.objects.create(full_name=LONG_HISTORY, home_venue=venue)
    now = timezone.now()
    visits = Interaction.objects.bulk_create(
        Interaction(customer=person, venue=venue, occurred_at=now - timedelta(days=n), summary=f"Visit {n}")
        for n in range(1_000)
    )
    InteractionItem.objects.bulk_create(
        InteractionItem(interaction=visit, name="Flat white") for visit in visits
    )
    mend(person.pk)
    return person


def log_in(person: Staff) -> str:
    """A session of this person's, as a Cookie header."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


@contextmanager
def gunicorn() -> Iterator[int]:
    """The product's web server with two threads on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "crm.wsgi:application", "--bind", f"127.0.0.1:{port}",
               "--workers", "1", "--threads", "2", "--log-level", "warning"]  # fmt: skip
    server = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn did not answer within a minute")


def measure(port: int, cookie: str, paths: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each whole request, a round of all pages at a time, after ten rounds to warm up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(rounds + 10):
        for name, path in paths.items():
            headers = {"Cookie": cookie, **({"HX-Request": "true"} if name in FRAGMENTS else {})}
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            spent = (time.perf_counter() - begun) * 1000
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            if number >= 10:
                taken[name].append(spent)
    return taken


def report(taken: dict[str, list[float]], customers: int, interactions: int) -> str:
    """The table, with each page's median as a ratio to the empty page's."""
    floor = statistics.median(taken["empty page"])
    lines = [
        (
            f"`make bench-pages`: {customers:,} customers, {interactions:,} interactions, "
            f"{len(taken['empty page'])} rounds, one client, gunicorn with one worker and two threads."
        ),
        "",
        "| page | median ms | 95th percentile ms | median ÷ empty page |",
        "| --- | --- | --- | --- |",
    ]
    for name, spent in taken.items():
        median, slow = statistics.median(spent), statistics.quantiles(spent, n=20)[18]
        lines.append(f"| {name} | {median:.1f} | {slow:.1f} | {median / floor:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and write the section of bench/RESULTS.md."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--interactions", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    person, staff = ready(options.customers, options.interactions)
    dana = Customer.objects.filter(full_name="Dana Whitfield").earliest("pk")
    paths = {
        "empty page": "/bench/empty/",
        "look-up, three letters": "/lookup/?q=dan",
        "look-up, phone ending": "/lookup/?q=4417",
        "desk": "/",
        "a card opened on the desk": f"/?customer={dana.pk}",
        "desk loaded with a card": f"/?customer={dana.pk}",
        "customer page, 1,000 interactions": f"/customers/{person.pk}/",
    }
    with gunicorn() as port:
        taken = measure(port, log_in(staff), paths, options.rounds)
    table = report(taken, Customer.objects.count(), Interaction.objects.count())
    write_section("pages", table)
    print(table)


if __name__ == "__main__":
    with database():
        main()
