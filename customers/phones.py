"""Phone numbers: read by the venue's country, kept as + and digits, shown as people write them. Pure."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

MIN_DIGITS = 3
MAX_DIGITS = 20


def digits(value: str) -> str:
    """The digits of a text as 0-9, full-width and Arabic ones included, in order."""
    return "".join(str(unicodedata.decimal(char)) for char in value if char.isdecimal())


def _read(value: str, country: str) -> PhoneNumber | None:
    """The number that a text means in a country (two letters), or None where it means none."""
    plain = unicodedata.normalize("NFKC", value).strip()
    # The library knows the prefixes that each country dials abroad with, but people write 00 everywhere.
    international = re.sub(r"^\(?00", "+", plain)
    for text in (plain, international):
        try:
            number = phonenumbers.parse(text, country or None)
        except NumberParseException:
            continue
        # Not what is dialled within one town or one house only: the same digits mean others elsewhere.
        if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE:
            return number
    return None


def normalise(value: str, country: str) -> str:
    """The one form of a phone number that is kept and compared.

    Takes it in any writing, and the two letters of the country whose numbers need no country code.
    Gives E.164 ("+4930901820"), or the bare digits of what is no number of any country (an extension,
    a short code). Raises ValueError where there are fewer than 3 digits or more than 20.
    """
    bare = digits(value)
    if not MIN_DIGITS <= len(bare) <= MAX_DIGITS:
        raise ValueError(f"a phone number has {MIN_DIGITS} to {MAX_DIGITS} digits, not {len(bare)}")
    number = _read(value, country)
    if number is None:
        return bare
    kept = _in_full(number)
    # What is possible and nobody's, such as zeros in front, the library may read otherwise the next time.
    if not (phonenumbers.is_valid_number(number) or _is_read_so_again(kept, country)):
        return bare
    return kept


def _in_full(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_read_so_again(kept: str, country: str) -> bool:
    """Whether a number is the same when it is typed as it is kept, and as it is shown."""
    again = (_read(text, country) for text in (kept, shown(kept, country)))
    return all(number is not None and _in_full(number) == kept for number in again)


def shown(normalised: str, country: str) -> str:
    """A kept number as people in a country write it: their own nationally, others with the country code.

    Bare digits, which are no country's number, stay as they are.
    """
    if not normalised.startswith("+"):
        return normalised
    try:
        number = phonenumbers.parse(normalised, None)
    except NumberParseException:
        return normalised
    at_home = phonenumbers.country_code_for_region(country) == number.country_code
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def ending(normalised: str, length: int = 4) -> str:
    """The last digits of a kept number, enough to tell two people apart on a screen others can see."""
    return digits(normalised)[-length:]
