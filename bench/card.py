"""What the card costs, and that a long history costs no more: `make bench-card`.

    python -m bench.card [--database big] [--rounds 300] [--customers N --interactions M]

Two customers are made in a transaction that is taken back: alike, but that one has 10 interactions and the
other 10,000. Their cards are dealt in turn, a round at a time, and the same queries are run bare. They stand
among whoever is in the configured database, or in the one of this name on the same server; an empty one is
filled first with the demo of --customers and --interactions.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.opening import database
from bench.results import table, write_section
from bench.timing import cuts, timed
from customers.models import Customer, Preference
from interactions.counters import recount
from interactions.cues import card_for
from interactions.models import (
    Complaint,
    CueAnswer,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
)
from staff.models import Membership, Venue

SHORT, LONG = 10, 10_000
MENU = ("Flat white", "Oat flat white", "Croissant", "Lemon loaf", "Scone", "Green tea")
KNOWN = (
    ("safety", "peanut", "Peanut allergy"),
    ("avoid", "topic", "Do not mention the move"),
    ("need", "step-free", "Ramp at the side door"),
    *(("like", "drink", f"Liking number {number}") for number in range(12)),
)


def regular(membership: Membership, interactions: int) -> Customer:
    """A customer of whom as much is known as of any regular, with so many interactions."""
    now, dice = timezone.now(), random.Random(7)
    customer = Customer.objects.create(full_name=f"Bench {interactions}", home_venue=membership.venue)
    Preference.objects.bulk_create(
        Preference(customer=customer, kind=kind, category=category, value=value, recorded_by=membership.staff)
        for kind, category, value in KNOWN
    )
    rows = Interaction.objects.bulk_create(
        Interaction(
            customer=customer,
            venue=membership.venue,
            staff=membership.staff,
            occurred_at=now - timedelta(hours=7 * (number + 1)),
            summary="Had the usual and talked about the weather",
        )
        for number in range(interactions)
    )
    InteractionItem.objects.bulk_create(
        InteractionItem(interaction=row, name=name) for row in rows for name in dice.sample(MENU, 2)
    )
    _what_grows_with_time(customer, membership, interactions)
    recount(customer.pk)
    return customer


def _what_grows_with_time(customer: Customer, membership: Membership, interactions: int) -> None:
    """Closed complaints, kept promises, scores and shown cues, in proportion."""
    now, who = timezone.now(), {"customer": customer, "venue": membership.venue}
    times = [now - timedelta(hours=70 * (number + 1)) for number in range(max(1, interactions // 10))]
    Complaint.objects.bulk_create(
        Complaint(**who, about="Waited", state="closed", opened_at=at, resolved_at=at, reaction="good")
        for at in times
    )
    FollowUp.objects.bulk_create(
        FollowUp(**who, text="Call back", state="done", due_at=at, ended_at=at) for at in times
    )
    Feedback.objects.bulk_create(Feedback(**who, score=5, at=at) for at in times)
    days = range(min(interactions, 90))
    CueAnswer.objects.bulk_create(
        CueAnswer(
            **who, cue_key="usual", cue_kind="usual", lane="today", by=membership.staff,
            shown_at=now - timedelta(days=day), business_day=(now - timedelta(days=day)).date(),
        )
        for day in days
    )  # fmt: skip


def queries_of(customer: Customer, membership: Membership) -> list[str]:
    """The SQL of one card, as it went to the database."""
    with CaptureQueriesContext(connection) as caught:
        card_for(customer, membership, now=timezone.now())
    return [query["sql"] for query in caught.captured_queries]


def bare(queries: list[str]) -> None:
    """Run queries and fetch their rows, without anything else."""
    with connection.cursor() as cursor:
        for sql in queries:
            cursor.execute(sql)
            cursor.fetchall()


def measure(membership: Membership, rounds: int) -> tuple[dict[str, list[float]], int]:
    """The times of each, in milliseconds, measured in turn; and how many queries a card takes."""
    people = {SHORT: regular(membership, SHORT), LONG: regular(membership, LONG)}
    with connection.cursor() as cursor:
        for model in (Interaction, InteractionItem, Complaint, FollowUp, Feedback, CueAnswer, Preference):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    sql = {size: queries_of(person, membership) for size, person in people.items()}
    works: dict[str, Callable[[], object]] = {}
    for size, person in people.items():
        works[f"card, {size:,} interactions"] = lambda person=person: card_for(  # type: ignore[misc]  # bound here
            person, membership, now=timezone.now()
        )
        works[f"its queries, {size:,} interactions"] = lambda size=size: bare(sql[size])  # type: ignore[misc]  # as above
    for work in works.values():
        for _warming in range(5):
            work()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            found[name].append(timed(work))
    return found, len(sql[LONG])


def report(found: dict[str, list[float]], queries: int) -> str:
    """The table and the ratios that matter."""
    figures = {name: cuts(times) for name, times in found.items()}
    rows = [(name, f"{times.median:.2f}", f"{times.most:.2f}") for name, times in figures.items()]
    short, long = (figures[f"card, {size:,} interactions"] for size in (SHORT, LONG))
    bare_short, bare_long = (figures[f"its queries, {size:,} interactions"] for size in (SHORT, LONG))
    ratios = (
        f"{queries} queries. With 10,000 interactions against 10: {long.median / short.median:.2f} at the "
        f"median, {long.most / short.most:.2f} at the 95th percentile (aim: 1.2). Against its bare queries: "
        f"{long.median / bare_long.median:.2f} with 10,000, {short.median / bare_short.median:.2f} with 10 "
        "(aim: 3)."
    )
    others = Customer.objects.count() - 2, Interaction.objects.count() - SHORT - LONG
    among = f"{others[0]:,} other customers and {others[1]:,} other interactions in the database."
    return "\n\n".join((table(("milliseconds", "median", "95th percentile"), rows), ratios, among))


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", help="another database of the configured server")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--interactions", type=int, default=40_000)
    options = parser.parse_args()
    if options.database:
        connection.settings_dict["NAME"] = options.database
    call_command("migrate", verbosity=0)
    if not Venue.objects.exists():
        call_command("demo", customers=options.customers, interactions=options.interactions)
    membership = (
        Membership.objects.current().select_related("venue", "staff").filter(role="front_desk").first()
    )
    if membership is None:
        raise SystemExit("nobody works at a front desk here")
    with transaction.atomic():
        found, queries = measure(membership, options.rounds)
        text = report(found, queries)
        transaction.set_rollback(True)
    print(text)
    write_section("The card", text)


if __name__ == "__main__":
    with database():
        main()
