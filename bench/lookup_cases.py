"""Sets of our own for the look-up: who is meant, and what is typed for them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import phonenumbers
from phonenumbers import PhoneNumberFormat, format_number

from bench import lookup_names, lookup_remembered

Case = tuple[str, str]
SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "朴": "piao", "乐": "yue",
    "盖": "ge", "查": "zha", "任": "ren", "华": "hua", "缪": "miao", "翟": "zhai", "尉": "wei",
    "员": "yun", "召": "shao", "种": "chong", "繁": "po", "黑": "he", "秘": "bi", "折": "she",
    "冼": "xian", "覃": "qin", "逄": "pang", "吕": "lv", "尉迟": "yuchi", "万俟": "moqi",
    "单于": "chanyu", "长孙": "zhangsun", "澹台": "tantai", "乐正": "yuezheng", "欧阳": "ouyang",
}  # fmt: skip
GIVEN = {"明": "ming", "国藩": "guo fan", "小红": "xiao hong", "伟": "wei", "建军": "jian jun"}
_COUNTRIES = "GB DE CN US FR IT ES JP KR IN BR RU HU AU NL CH SE TR MX ZA"
COUNTRIES = _COUNTRIES.split()


def pinyin_cases() -> list[Case]:
    """Chinese names with surnames of several readings, typed in each way that means one of them alone."""
    cases = []
    for surname, family in SURNAMES.items():
        for given, syllables in GIVEN.items():
            joined, short = syllables.replace(" ", ""), "".join(part[0] for part in syllables.split())
            typed = [
                f"{family} {joined}", f"{joined} {family}", f"{family}{joined}", f"{family}{short}",
                f"{family[0]}{short}", f"{family} {joined[0]}", surname + given,
            ]  # fmt: skip
            cases += [(surname + given, way) for way in typed]
    # Whoever types the initials of seven people means any of them: whom they get is no question of quality.
    meant = Counter(way for _, way in cases)
    return [(name, way) for name, way in cases if meant[way] == 1]


def cases_of(*sets: Mapping[str, str]) -> list[Case]:
    """Sets of who is meant and what is typed, parted by semicolons, as single questions."""
    return [(who, typed) for people in sets for who, line in people.items() for typed in line.split("; ")]


SETS: dict[str, list[Case]] = {
    "pinyin, surnames of several readings": pinyin_cases(),
    "pinyin, other names": cases_of(lookup_names.PINYIN),
    "Japanese and Korean": cases_of(lookup_names.JAPANESE_AND_KOREAN),
    "nicknames": cases_of(lookup_names.NICKNAMES),
    "marks over letters, other scripts": cases_of(lookup_names.MARKS),
    "habits of writing": cases_of(lookup_names.HABITS),
    "typos": cases_of(lookup_names.TYPOS),
    "companions and memory": cases_of(lookup_remembered.REMEMBERED),
    "e-mail addresses": cases_of(lookup_remembered.ADDRESSES),
    "numbers of one venue": cases_of(lookup_remembered.NUMBERS),
}


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
    assert number, country
    digits = str(number.national_number)
    number.national_number = int(digits[:-6] + f"{rng.randrange(10**6):06}")
    return number
