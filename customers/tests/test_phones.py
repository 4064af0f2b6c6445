"""Phone numbers: read by country, kept in one form, shown as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import phones


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("(020) 7946-0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "DE", "+442079460018"),
        ("0044 20 7946 0018", "GB", "+442079460018"),
        ("0044 20 7946 0018", "US", "+442079460018"),
        ("030/901820", "DE", "+4930901820"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("１３８ ００１３ ８０００", "CN", "+8613800138000"),
        ("+86 138-0013-8000", "GB", "+8613800138000"),
        ("(650) 253-0000", "US", "+16502530000"),
        ("7946 0018", "GB", "79460018"),
        ("417", "GB", "417"),
        ("ext. 4417", "GB", "4417"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, country: str, kept: str) -> None:
    assert phones.normalise(typed, country) == kept


@pytest.mark.parametrize("typed", ["", "12", "call me", "1" * 21])
def test_what_has_no_fit_number_of_digits_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        phones.normalise(typed, "GB")


@pytest.mark.parametrize(
    ("kept", "country", "shown"),
    [
        ("+442079460018", "GB", "020 7946 0018"),
        ("+442079460018", "DE", "+44 20 7946 0018"),
        ("+16502530000", "CA", "(650) 253-0000"),
        ("417", "GB", "417"),
        ("+0", "GB", "+0"),
    ],
)
def test_a_number_is_shown_nationally_at_home_and_internationally_abroad(
    kept: str, country: str, shown: str
) -> None:
    assert phones.shown(kept, country) == shown


@given(
    st.from_regex(r"\+?[0-9 ()/.-]{3,24}", fullmatch=True).filter(
        lambda text: 3 <= len(phones.digits(text)) <= 20
    ),
    st.sampled_from(["GB", "DE", "CN", "US", "FR", "JP", "IN", "BR"]),
)
def test_what_was_kept_is_kept_so_again(typed: str, country: str) -> None:
    kept = phones.normalise(typed, country)
    assert phones.digits(kept) == kept.lstrip("+")
    if kept.startswith("+"):
        assert phones.normalise(kept, country) == kept
        assert phones.normalise(phones.shown(kept, country), country) == kept


@pytest.mark.parametrize(("typed", "country"), [("00010000", "GB"), ("000000", "DE"), ("0000", "CN")])
def test_zeros_are_no_number_of_any_country(typed: str, country: str) -> None:
    assert phones.normalise(typed, country) == typed


def test_a_zero_in_front_is_part_of_an_italian_number() -> None:
    assert (
        phones.normalise("06 6982 1234", "IT")
        == phones.normalise("0039 06 69821234", "GB")
        == "+390669821234"
    )


def test_the_ending_tells_two_people_apart() -> None:
    assert phones.ending("+442079460018") == "0018"
    assert phones.ending("417") == "417"
