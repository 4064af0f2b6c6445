"""Phone numbers of twenty countries, in every habit of writing them."""

from __future__ import annotations

from collections.abc import Callable

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, format_number

from customers.asking import ask
from customers.fits import Candidate, Fit, Match
from customers.matching import match
from customers.search_keys import Facts, keys_of

COUNTRIES = [
    "GB", "DE", "CN", "US", "FR", "IT", "ES", "JP", "KR", "IN",
    "BR", "RU", "HU", "AU", "NL", "CH", "SE", "TR", "MX", "ZA",
]  # fmt: skip


def mobile(country: str) -> phonenumbers.PhoneNumber:
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    assert number
    return number


def national(country: str) -> str:
    return format_number(mobile(country), PhoneNumberFormat.NATIONAL)


FORMATS: dict[str, Callable[[str], str]] = {
    "E.164": lambda country: format_number(mobile(country), PhoneNumberFormat.E164),
    "international": lambda country: format_number(mobile(country), PhoneNumberFormat.INTERNATIONAL),
    "as a link": lambda country: format_number(mobile(country), PhoneNumberFormat.RFC3966),
    "national": national,
    "national, digits alone": lambda country: "".join(filter(str.isdigit, national(country))),
    "with dots": lambda country: national(country).replace(" ", ".").replace("-", "."),
    "00 in front": lambda country: format_number(mobile(country), PhoneNumberFormat.INTERNATIONAL).replace(
        "+", "00"
    ),
    "no plus": lambda country: format_number(mobile(country), PhoneNumberFormat.E164).removeprefix("+"),
    "zero in brackets": lambda country: (
        f"+{mobile(country).country_code} (0) {mobile(country).national_number}"
    ),
    "in brackets": lambda country: f"(+{mobile(country).country_code}) {mobile(country).national_number}",
}


def fit(typed: str, number: str, country: str) -> Match | None:
    """How somebody with the number fits, or None when their keys do not meet the question."""
    question = ask(typed, country=country)
    have = set(keys_of(Facts(phones=[number])))
    if not any(have.issuperset(step.needed) and step.needed for step in [*question.steps, *question.guesses]):
        return None
    candidate = Candidate(1, ("Dana",), tier=0, is_here=True, last_seen=None, phones=(number,))
    return match(question, candidate)


@pytest.mark.parametrize("at", ["GB", "DE", "CN"])
@pytest.mark.parametrize("way", FORMATS)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_whole_number_in_any_formatting_is_exact(country: str, way: str, at: str) -> None:
    number = format_number(mobile(country), PhoneNumberFormat.E164)

    found = fit(FORMATS[way](country), number, at)

    assert found
    assert found.fit == Fit.EXACT


@pytest.mark.parametrize("country", COUNTRIES)
def test_any_run_of_digits_is_found_and_endings_say_so(country: str) -> None:
    number = format_number(mobile(country), PhoneNumberFormat.E164)
    digits = number.removeprefix("+")
    for start in range(len(digits) - 2):
        for end in range(start + 3, len(digits) + 1):
            found = fit(digits[start:end], number, "GB")
            assert found
            assert found.fit <= Fit.STARTS
            if end == len(digits) and start:
                assert found.typos == 0, "an ending comes before a run in the middle"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0171 234", "+491712345678"),
        ("+49 171 234", "+491712345678"),
        ("0049171234", "+491712345678"),
        ("5678", "+491712345678"),
        ("345 67", "+491712345678"),
        ("0207 946", "+442079460958"),
        ("06 123", "+3906123456"),
        ("4711", "4711"),
        ("471", "4711"),
    ],
)
def test_parts_of_numbers(typed: str, number: str) -> None:
    assert fit(typed, number, "GB")


def test_the_marks_show_the_digits_that_were_typed_and_few_others() -> None:
    found = fit("958", "+442079460958", "GB")
    assert found
    assert found.text == "··0958"
    assert [found.text[start:end] for start, end in found.text_marks] == ["958"]
    found = fit("7946", "+442079460958", "GB")
    assert found
    assert found.text == "·· 7946 ··"
    assert [found.text[start:end] for start, end in found.text_marks] == ["7946"]


def test_a_number_that_only_ends_alike_is_a_guess() -> None:
    found = fit("07999 460958", "+442079460958", "GB")

    assert found
    assert found.fit == Fit.LOOSE


def test_other_numbers_do_not_fit() -> None:
    found = fit("020 7946 0957", "+442079460958", "GB")

    assert found is None or found.fit == Fit.NOT
