"""What the look-up costs.

    python -m bench.lookup [--sizes 10000 100000 1000000] [--interactions 5] [--questions 200]

For each size a database of its own beside the configured one (`…_lookup_10000`) is made with the demo
business and kept, so that a second run only measures; `--sizes 1000000=big` measures the database `big` of
the same server as it is. What is written for measuring is taken out again.

Times are milliseconds over questions made from the names, numbers and words that are there: of the database
(all that one look-up asks of it, as the look-up waits), and of the whole list with the matching. The floor is
ten rows by primary key, fetched between one question and the next, so that whatever else the machine does
falls on both alike. The server and the connection are ones that have been at work for a while: what the
look-up reads is in the server's memory, and the connection was asked as many other questions before, and as
many other rows.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.lookup_aims import NEW, NOTED, Measured, aims, compared, growth
from bench.lookup_shapes import Questions, questions
from bench.opening import database, read_into_memory
from bench.pages import gunicorn, log_in
from bench.results import table, write_section
from bench.timing import Cuts, Times, cuts, database_time, timed
from crm.database_url import connection_string
from customers import editing
from customers.lookup import look_up
from customers.models import ContactPoint, Customer, Preference, Relationship, SearchKeys
from interactions import capture
from interactions.items import Item
from interactions.models import Interaction
from staff.models import Membership, Venue

_SLOW = 5
_TEN_ROWS = "SELECT * FROM customers_customer WHERE id = ANY(%s)"


# What it costs


def by_shape(asked: Questions, membership: Membership, rng: random.Random) -> dict[str, tuple[Cuts, Cuts]]:
    """For the floor and each shape, the database's time and the whole list's."""
    now = timezone.now()
    everybody = list(Customer.objects.values_list("pk", flat=True))
    for text in chain.from_iterable(questions(len(asked["full name"]), rng).values()):
        look_up(text, membership, now=now, limit=9)
        _fetch(_TEN_ROWS, rng.sample(everybody, 10))
    floor: Times = []
    found = {}
    for shape, typed in asked.items():
        in_database, in_all = [], []
        for text in [*typed[:3], *typed]:
            with database_time() as spent:
                in_all.append(timed(look_up, text, membership, now=now, limit=9))
            in_database.append(sum(spent))
            with database_time() as spent:
                _fetch(_TEN_ROWS, rng.sample(everybody, 10))
            floor += spent
        found[shape] = (cuts(in_database[3:]), cuts(in_all[3:]))
    return {FLOOR: (cuts(floor), cuts(floor)), **found}


FLOOR = "ten rows by primary key (the floor)"
AT_WORK = "The server had read what the look-up reads into its memory (pg_prewarm), as one has by noon."


def others(asked: Questions) -> dict[str, Cuts]:
    """Other ways to look, each on a few names: as Django's admin does, and trigrams with their index."""
    names = asked["full name"][:_SLOW] + asked["two beginnings"][:_SLOW]
    contains = (
        "SELECT * FROM customers_customer WHERE status = 'active' AND (upper(full_name) LIKE upper(%s)"
        " OR upper(preferred_name) LIKE upper(%s) OR upper(native_name) LIKE upper(%s)) ORDER BY id LIMIT 10"
    )
    alike = (
        "SELECT * FROM customers_customer WHERE status = 'active' AND %s <%% full_name"
        " ORDER BY word_similarity(%s, full_name) DESC LIMIT 10"
    )
    by_admin = [timed(_fetch, contains, *[f"%{n}%"] * 3) for n in names]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON customers_customer USING gin (full_name gin_trgm_ops)")
        by_trigrams = [timed(_fetch, alike, n, n) for n in names]
        transaction.set_rollback(True)
    return {
        "icontains, as Django's admin": cuts(by_admin),
        "pg_trgm word similarity, GIN index": cuts(by_trigrams),
    }


def _fetch(sql: str, *values: str | list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def requests(asked: Questions, cookie: str, rng: random.Random) -> dict[str, tuple[Cuts, Cuts]]:
    """Whole requests, one client and eight: of the empty page, and of the look-up, a few of each in turn."""
    mixed = [text for typed in asked.values() for text in rng.sample(typed, min(len(typed), 12))]
    rng.shuffle(mixed)
    paths = [path for text in mixed for path in ("/bench/empty/", f"/lookup/?q={quote(text)}")]
    call_command("collectstatic", interactive=False, verbosity=0)
    with gunicorn() as port:
        _ask(port, cookie, paths[:40])
        found = {}
        for clients in (1, 8):
            taken = _together(port, cookie, paths, clients)
            empty = [time for path, time in taken if "empty" in path]
            listed = [time for path, time in taken if "empty" not in path]
            found[f"{clients} client{'s' * (clients > 1)}"] = cuts(empty), cuts(listed)
    return found


def _together(port: int, cookie: str, paths: list[str], clients: int) -> list[tuple[str, float]]:
    with ThreadPoolExecutor(clients) as pool:
        # In pairs: of each client's requests every other is the empty page.
        pairs = [paths[place : place + 2] for place in range(0, len(paths), 2)]
        own = ([path for pair in pairs[n::clients] for path in pair] for n in range(clients))
        parts = pool.map(lambda some: list(zip(some, _ask(port, cookie, some), strict=True)), own)
        return [one for part in parts for one in part]


def _ask(port: int, cookie: str, paths: Iterable[str]) -> Times:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def one(path: str) -> None:
        headers = {"Cookie": cookie} | ({"HX-Request": "true"} if "lookup" in path else {})
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")

    return [timed(one, path) for path in paths]


def writes(asked: Questions, membership: Membership, count: int) -> dict[str, tuple[Cuts, Cuts]]:
    """Saving a customer with keys against the bare row, in turn; a visit with its words, and without."""
    venue, now = membership.venue, timezone.now()
    people = [name.split() for name in asked["full name"] if len(name.split()) > 1]
    # Names that are like those that are there, and are not there yet.
    names = [f"{one[0]} {two[-1]}{one[-1].lower()}" for one, two in pairwise(people)]
    fields = [{"full_name": name, "home_venue": venue} for name in names[:count]]
    begun = Customer.objects.latest("pk").pk
    bare, kept, row_and_number, with_number = [], [], [], []
    for number, given in enumerate(fields):
        phone = {"kind": "phone", "value": f"07700 {number:06}", "normalised": f"+447700{number:06}"}
        bare.append(timed(Customer.objects.create, **given))
        kept.append(timed(editing.create, membership, given, now=now))
        row_and_number.append(timed(_bare_with, given, phone))
        contacts = [ContactPoint(**phone)]
        with_number.append(timed(editing.create, membership, given, contacts, now=now))
    made = Customer.objects.filter(pk__gt=begun)
    noted, without = _visits(list(made.exclude(search_keys=None)), membership)
    made.delete()
    return {
        NEW: (cuts(bare), cuts(kept)),
        "a new customer with a number: the bare rows, with keys": (cuts(row_and_number), cuts(with_number)),
        NOTED: (cuts(without), cuts(noted)),
    }


@transaction.atomic
def _bare_with(fields: dict[str, Any], phone: dict[str, str]) -> None:
    ContactPoint.objects.create(customer=Customer.objects.create(**fields), is_primary=True, **phone)


def _visits(people: list[Customer], membership: Membership) -> tuple[Times, Times]:
    """First visits noted, so that every word is new, and without the look-up being told of them; in turn."""
    with_words: Times = []
    without: Times = []
    for start in range(0, len(people), 20):
        with_words += _noted(people[start : start + 10], membership)
        with mock.patch("customers.keys.hear"):
            without += _noted(people[start + 10 : start + 20], membership, followed=False)
    return with_words, without


@transaction.atomic
def _noted(people: list[Customer], membership: Membership, *, followed: bool = True) -> Times:
    """The times of visits, which are taken back. Not `followed`, their dates are not copied to the keys."""
    if not followed:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE customers_customer DISABLE TRIGGER customers_searchkeys_follow")
    given = {"summary": "Flat white", "items": [Item("Flat white", 1, None)]}
    times = [timed(capture.log, one, membership, now=timezone.now(), **given) for one in people]
    transaction.set_rollback(True)
    return times


# What is said of it


def measure(count: int, seed: int) -> tuple[str, Measured]:
    """Everything about the database that is configured, as Markdown and as numbers."""
    rng = random.Random(seed)
    found = Membership.objects.current().select_related("venue", "staff")
    membership = found.get(venue__slug="harbour-cafe", staff__email="sam@demo.example")
    asked = questions(count, rng)
    in_memory = read_into_memory(Customer, ContactPoint, Preference, Relationship, SearchKeys)
    shapes, slow = by_shape(asked, membership, rng), others(asked)
    whole = requests(asked, log_in(membership.staff), rng)
    written = writes(asked, membership, count)
    floor = shapes.pop(FLOOR)[0]
    rows = [
        [FLOOR, "", floor, "", "1.0"],
        *(
            [name, min(2 * _SLOW, count), times, "", f"{times.most / floor.most:.1f}"]
            for name, times in slow.items()
        ),
        *(
            [shape, len(asked[shape]), database, listed, f"{database.most / floor.most:.1f}"]
            for shape, (database, listed) in shapes.items()
        ),
    ]
    text = [
        f"{Customer.objects.count():,} customers, {Interaction.objects.count():,} interactions.",
        "Milliseconds: median / 95th / 99th percentile. The last column compares 95th percentiles.",
        *([AT_WORK] if in_memory else []),
        "The connection had answered as many other questions before.",
        table(["asked", "questions", "database", "whole list", "× floor"], rows),
        "A mixture of all shapes as whole requests:",
        table(["", "empty page", "look-up", "ratio of medians", "of 95th"], map(compared, whole.items())),
        "Writing:",
        table(["", "without", "with", "ratio of medians", "of 95th"], map(compared, written.items())),
        "Aims:",
        table(["aim", "measured", ""], aims(floor, shapes, whole, written)),
    ]
    return "\n\n".join(text), {shape: database.as_json() for shape, (database, _) in shapes.items()}


# Databases of each size


def ready(size: int, name: str, interactions: int) -> str:
    """The address of a database of this size: the one named, or one that is made when it is not there."""
    database = dict(settings.DATABASES["default"])
    database["NAME"] = name or f"{database['NAME']}_lookup_{size}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database["NAME"]])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{database["NAME"]}"')
    address = connection_string(database)
    _child(address, ["--make", str(size), "--interactions", str(interactions)])
    return address


def _child(address: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "bench.lookup", *arguments]
    subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=True)


def make(size: int, interactions: int) -> None:
    """Fill the configured database."""
    call_command("migrate", verbosity=0)
    if not Venue.objects.exists():
        begun = time.monotonic()
        call_command("demo", customers=size, interactions=size * interactions, seed=1)
        print(f"made in {time.monotonic() - begun:.0f} s")


def compare(options: argparse.Namespace) -> None:
    """Measure each size in a process of its own, and write how they compare."""
    measured: dict[str, Measured] = {}
    for asked in options.sizes:
        size, _, name = asked.partition("=")
        address = ready(int(size), name, options.interactions)
        with tempfile.TemporaryDirectory() as folder:
            into = Path(folder) / "numbers.json"
            _child(address, ["--measure", size, "--questions", str(options.questions), "--into", str(into)])
            measured[f"{int(size):,} customers"] = json.loads(into.read_text())
    if len(measured) > 1:
        text = growth(measured)
        write_section("Look-up: growth", text)
        print(text)


def main() -> None:
    """Measure each size, and write its section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", nargs="+", default=["10000", "100000", "1000000"], metavar="SIZE[=DATABASE]"
    )
    parser.add_argument("--interactions", type=int, default=5, help="for each customer")
    parser.add_argument("--questions", type=int, default=200, help="of each shape")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.interactions)
    elif options.measure:
        text, numbers = measure(options.questions, options.seed)
        options.into.write_text(json.dumps(numbers))
        write_section(f"Look-up: speed at {options.measure:,} customers", text)
        print(text)
    else:
        compare(options)


if __name__ == "__main__":
    with database():
        main()
