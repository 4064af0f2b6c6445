"""What the look-up costs.

    python -m bench.lookup [--sizes 10000 100000 1000000] [--interactions 5] [--questions 200]

For each size a database of its own beside the configured one (`…_lookup_10000`) is made with the demo
business and kept, so that a second run only measures. Times are milliseconds over questions made from the
names, numbers and words that are there. “Fetching” is the one question to the database that finds candidates,
“list” all that is asked of the database with the matching.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock
from urllib.parse import quote

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.pages import gunicorn, log_in
from bench.results import table, write_section
from crm.database_url import connection_string
from customers import editing, fetching
from customers.asking import Question, ask
from customers.lookup import look_up
from customers.models import ContactPoint, Customer, Preference
from interactions import capture
from interactions.items import Item
from interactions.models import Interaction
from staff.models import Membership, Staff, Venue

Times = list[float]
Questions = dict[str, list[str]]
COMMON = ["ma", "li", "an", "wa", "mar", "ann", "张", "王", "李"]
_SLOW = 5


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def shown(times: Times) -> str:
    """Median, 95th and 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return f"{cuts[49]:.1f} / {cuts[94]:.1f} / {cuts[98]:.1f}"


# What is asked


def questions(count: int, rng: random.Random) -> Questions:
    """Questions of each shape, from what is there."""
    people = _some(Customer.objects.exclude(full_name=""), "full_name", count, rng)
    native = _some(Customer.objects.exclude(native_name=""), "native_name", count, rng)
    numbers = _some(ContactPoint.objects.filter(kind="phone"), "normalised", count, rng)
    remembered = _some(Preference.objects.exclude(discretion="managers_only"), "value", count, rng)
    words = [word for text in remembered for word in text.lower().split() if word.isalpha() and len(word) > 3]
    parted = [name.split() for name in people if len(name.split()) > 1]
    return {
        "common short ones": [typed for typed in COMMON for _ in range(max(count // len(COMMON), 1))],
        "every two letters": _prefixes(2),
        "every three letters": _prefixes(3),
        "one Chinese character": sorted({name[0] for name in native}),
        "Chinese name": native,
        "full name": people,
        "surname": [name[-1] for name in parted],
        "two beginnings": [f"{name[0][:3]} {name[-1][:3]}" for name in parted],
        "initial and surname": [f"{name[0][0]} {name[-1]}" for name in parted],
        "one typo": [_mistype(name[-1], rng) for name in parted if len(name[-1]) > 4],
        "a typo in each of two words": [
            f"{_mistype(name[0], rng)} {_mistype(name[-1], rng)}"
            for name in parted
            if len(min(name, key=len)) > 4
        ],
        "whole number": numbers,
        "last four digits": [number[-4:] for number in numbers],
        "three digits within": [number[4:7] for number in numbers],
        "what is remembered": words[:count],
        "name and what is remembered": [
            f"{name[0]} {word}" for name, word in zip(parted, words, strict=False)
        ],
        "nobody": [f"{_nonsense(rng)} {_nonsense(rng)}" for _ in range(count)],
    }


def _some(rows: Any, field: str, count: int, rng: random.Random) -> list[str]:
    """Values of a field of rows picked by chance."""
    first, last = rows.order_by("pk").values_list("pk", flat=True).first(), rows.order_by("pk").last().pk
    found: list[str] = []
    while len(found) < count:
        row = (
            rows.filter(pk__gte=rng.randint(first, last)).order_by("pk").values_list(field, flat=True).first()
        )
        found += [row] if row else []
    return found


def _prefixes(length: int) -> list[str]:
    """Every beginning of so many letters that a word of a name has."""
    with connection.cursor() as cursor:
        cursor.execute(_STARTS, [length, length])
        return [row[0] for row in cursor.fetchall()]


_STARTS = """
    SELECT DISTINCT left(word, %s)
    FROM (SELECT DISTINCT unnest(string_to_array(lower(full_name), ' ')) AS word FROM customers_customer) AS w
    WHERE length(word) >= %s AND word ~ '^[a-z]+$' ORDER BY 1
"""


def _mistype(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) - 1)
    ways = [
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + word[place + 1 :],
        word[:place] + rng.choice("etaoin") + word[place + 1 :],
        word[:place] + word[place] + word[place:],
    ]
    return rng.choice(ways)


def _nonsense(rng: random.Random) -> str:
    return "".join(rng.choices("qxzjvkw", k=6))


# What it costs


def by_shape(asked: Questions, membership: Membership) -> list[list[str]]:
    """For each shape, fetching and the whole list."""
    rows = []
    now = timezone.now()

    def fetch(question: Question) -> None:
        fetching.find(question.steps, membership, limit=9, enough=9, expected=())

    for shape, typed in asked.items():
        steps = [ask(text, country=membership.venue.country) for text in typed]
        for question in steps[:3]:
            fetch(question)
        fetched = [timed(lambda q=q: fetch(q)) for q in steps]
        listed = [timed(lambda text=text: look_up(text, membership, now=now, limit=9)) for text in typed]
        rows.append([shape, str(len(typed)), shown(fetched), shown(listed)])
    return rows


def others(asked: Questions) -> list[list[str]]:
    """The floor, and other ways to look: as Django's admin does, and pg_trgm, each on a few questions."""
    ids = list(Customer.objects.order_by("?").values_list("pk", flat=True)[:400])
    tens = [ids[start : start + 10] for start in range(0, len(ids), 10)] * 5
    floor = [
        timed(lambda ten=ten: _fetch("SELECT * FROM customers_customer WHERE id = ANY(%s)", ten))
        for ten in tens
    ]
    names = asked["full name"][:_SLOW] + asked["two beginnings"][:_SLOW]
    contains = (
        "SELECT * FROM customers_customer WHERE status = 'active' AND (upper(full_name) LIKE upper(%s)"
        " OR upper(preferred_name) LIKE upper(%s) OR upper(native_name) LIKE upper(%s)) ORDER BY id LIMIT 10"
    )
    alike = (
        "SELECT * FROM customers_customer WHERE status = 'active'"
        " ORDER BY word_similarity(%s, full_name) DESC LIMIT 10"
    )
    by_admin = [timed(lambda n=n: _fetch(contains, *[f"%{n}%"] * 3)) for n in names]
    by_trigrams = [timed(lambda n=n: _fetch(alike, n)) for n in names]
    return [
        ["ten rows by primary key (the floor)", str(len(floor)), shown(floor), ""],
        ["icontains, as Django's admin", str(len(names)), shown(by_admin), ""],
        ["pg_trgm similarity, no index", str(len(names)), shown(by_trigrams), ""],
    ]


def _fetch(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def requests(asked: Questions, cookie: str, rng: random.Random) -> list[list[str]]:
    """Whole requests, one client and eight; against the empty page in the same run."""
    mixed = [text for typed in asked.values() for text in rng.sample(typed, min(len(typed), 12))]
    rng.shuffle(mixed)
    rows = []
    call_command("collectstatic", interactive=False, verbosity=0)
    with gunicorn() as port:
        _ask(port, cookie, ["/bench/empty/", "/lookup/?q=an"] * 10)
        for clients in (1, 8):
            empty = _together(port, cookie, ["/bench/empty/"] * len(mixed), clients)
            listed = _together(port, cookie, [f"/lookup/?q={quote(text)}" for text in mixed], clients)
            ratio = statistics.median(listed) / statistics.median(empty)
            rows.append(
                [f"{clients} client{'s' * (clients > 1)}", shown(empty), shown(listed), f"{ratio:.2f}"]
            )
    return rows


def _together(port: int, cookie: str, paths: list[str], clients: int) -> Times:
    with ThreadPoolExecutor(clients) as pool:
        parts = pool.map(lambda n: _ask(port, cookie, paths[n::clients]), range(clients))
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

    return [timed(lambda path=path: one(path)) for path in paths]


def writes(membership: Membership, count: int) -> list[list[str]]:
    """Saving a customer with keys against the bare row; a visit noted with its words, against one without."""
    venue, now = membership.venue, timezone.now()
    names = [f"Bench {_nonsense(random.Random(n))} {n}" for n in range(count)]
    bare = [timed(lambda n=n: Customer.objects.create(full_name=n, home_venue=venue)) for n in names]
    fields = [{"full_name": name, "home_venue": venue} for name in names]
    kept = [timed(lambda f=f: editing.create(membership, f, now=now)) for f in fields]
    people = list(Customer.objects.filter(full_name__in=names).exclude(search_keys=None))

    def note(person: Customer) -> None:
        order = [Item("Flat white", 1, None)]
        capture.log(person, membership, now=timezone.now(), summary="Flat white", items=order)

    for person in people:
        note(person)
    with_words = [timed(lambda p=p: note(p)) for p in people]
    with mock.patch("customers.keys.hear"):
        without = [timed(lambda p=p: note(p)) for p in people]
    ratio = [
        statistics.median(one) / statistics.median(two) for one, two in ((kept, bare), (with_words, without))
    ]
    return [
        ["a new customer: the bare row, with keys", shown(bare), shown(kept), f"{ratio[0]:.1f}"],
        ["a visit noted: without its words, with them", shown(without), shown(with_words), f"{ratio[1]:.1f}"],
    ]


def measure(count: int, seed: int) -> str:
    """Everything about the database that is configured, as Markdown."""
    rng = random.Random(seed)
    venue = Venue.objects.get(slug="harbour-cafe")
    membership = (
        Membership.objects.current()
        .select_related("venue", "staff")
        .get(venue=venue, staff=Staff.objects.get(email="sam@demo.example"))
    )
    asked = questions(count, rng)
    shapes = by_shape(asked, membership)
    return "\n\n".join(
        [
            f"{Customer.objects.count():,} customers, {Interaction.objects.count():,} interactions.",
            "Milliseconds: median / 95th / 99th percentile.",
            table(["asked", "questions", "fetching", "list"], [*others(asked), *shapes]),
            "A mixture of all shapes as whole requests:",
            table(
                ["", "empty page", "look-up", "ratio of medians"],
                requests(asked, log_in(membership.staff), rng),
            ),
            "Writing:",
            table(["", "without", "with", "ratio of medians"], writes(membership, count)),
        ]
    )


# Databases of each size


def ready(size: int, interactions: int) -> str:
    """The address of a database with a demo business of this size, made when it is not there."""
    database = dict(settings.DATABASES["default"])
    database["NAME"] = f"{database['NAME']}_lookup_{size}"
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


def main() -> None:
    """Measure each size, and write its section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--interactions", type=int, default=5, help="for each customer")
    parser.add_argument("--questions", type=int, default=200, help="of each shape")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.interactions)
    elif options.measure:
        text = measure(options.questions, options.seed)
        write_section(f"Look-up: speed at {options.measure:,} customers", text)
        print(text)
    else:
        for size in options.sizes:
            address = ready(size, options.interactions)
            _child(address, ["--measure", str(size), "--questions", str(options.questions)])


if __name__ == "__main__":
    main()
