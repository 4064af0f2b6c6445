"""Sets of our own for the look-up: who is meant, and what is typed for them."""

from __future__ import annotations

import random

import phonenumbers
from phonenumbers import PhoneNumberFormat, format_number

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
