"""The sets of the measurement of quality, asked in a house where nobody else could be meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from bench import lookup_names, lookup_remembered
from bench.lookup_cases import Case, cases_of, pinyin_cases
from customers import keys, phones
from customers.asking import ask
from customers.fits import Candidate, Fit
from customers.lookup import look_up
from customers.matching import match
from customers.models import ContactPoint, Customer, Preference, Relationship
from customers.search_keys import Facts
from customers.tests.keyed import leads_to
from staff.models import Membership, Staff, Venue

# Found by nobody yet: characters chosen wrong for the sound; first letters wrong in what is remembered, and
# words of it run together.
TOO_HARD = {"张小丽", "bsicuit", "reisling", "bookclub", "wineclub", "王龙井"}


def fits(name: str, typed: str) -> bool:
    """Whether what is typed leads to somebody of that name."""
    facts = Facts(names=name.split(" / "))
    question = ask(typed)
    is_found = leads_to([*question.steps, *question.guesses], facts)
    candidate = Candidate(1, tuple(facts.names), tier=0, is_here=True, last_seen=None)
    return is_found and match(question, candidate).fit != Fit.NOT


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(pinyin_cases(), id="pinyin of surnames with several readings"),
        pytest.param(cases_of(lookup_names.PINYIN), id="pinyin"),
        pytest.param(cases_of(lookup_names.JAPANESE_AND_KOREAN), id="Japanese and Korean"),
        pytest.param(cases_of(lookup_names.NICKNAMES), id="nicknames"),
        pytest.param(cases_of(lookup_names.MARKS), id="marks over letters"),
        pytest.param(cases_of(lookup_names.HABITS), id="habits of writing"),
        pytest.param(cases_of(lookup_names.TYPOS), id="typos"),
    ],
)
def test_names(cases: list[Case]) -> None:
    missed = [(name, typed) for name, typed in cases if not fits(name, typed)]

    assert [case for case in missed if case[1] not in TOO_HARD] == []


@pytest.mark.django_db
def test_what_is_remembered(venue: Venue, desk: Staff, membership_of: Callable[[Staff], Membership]) -> None:
    named = {name: somebody(name, venue) for name in lookup_remembered.PEOPLE}
    sets = (lookup_remembered.REMEMBERED, lookup_remembered.ADDRESSES, lookup_remembered.NUMBERS)
    at_desk, now, missed = membership_of(desk), timezone.now(), []

    for name, typed in cases_of(*sets):
        hits = look_up(typed, at_desk, now=now).hits
        if not hits or hits[0].customer_id != named[name]:
            missed.append((name, typed, [hit.name for hit in hits]))

    assert [case for case in missed if case[1] not in TOO_HARD] == []


def somebody(name: str, venue: Venue) -> int:
    """A customer of the set, with what is known of them."""
    known = lookup_remembered.PEOPLE[name]
    customer = Customer.objects.create(
        **({"full_name": name} if name[0] < "\u3000" else {"native_name": name}),
        home_venue=venue,
        company=known.get("company", ""),
        tags=known.get("tags", []),
    )
    for kind, companion in known.get("companions", []):
        Relationship.objects.create(customer=customer, kind=kind, name=companion)
    for remembered in known.get("remembered", []):
        Preference.objects.create(customer=customer, **remembered)
    for kind, value in known.get("contacts", []):
        normal = phones.normalise(value, venue.country) if kind == "phone" else value.casefold()
        ContactPoint.objects.create(customer=customer, kind=kind, value=value, normalised=normal)
    keys.refresh([customer.pk])
    return customer.pk
