"""Search keys: whatever may be typed for a customer shares its keys."""

from __future__ import annotations

import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from customers.asking import ask
from customers.names import take_apart
from customers.readings import name_readings, surname_readings
from customers.search_keys import Facts, Remembered, as_lines, key, keys_of
from customers.spelling import fold, tokens
from customers.tests.keyed import leads_to

LETTERS = st.text(string.ascii_lowercase, min_size=1, max_size=12)
LONG = st.text(string.ascii_lowercase, min_size=4, max_size=12)


def finds(typed: str, facts: Facts, *, managers_of: tuple[int, ...] = ()) -> bool:
    """Whether one of the steps of the question is met by the customer's keys."""
    return leads_to(ask(typed, managers_of=managers_of).steps, facts)


def called(*names: str) -> Facts:
    return Facts(names=names)


@given(st.lists(LETTERS, min_size=1, max_size=4), st.data())
def test_any_words_of_a_name_begun_in_any_order_find_it(words: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(words))
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in shuffled]

    assert finds(" ".join(typed), called(" ".join(words)))


@given(LONG, st.data())
def test_one_typo_in_a_word_that_is_not_finished_finds_it(word: str, data: st.DataObject) -> None:
    begun = word[: data.draw(st.integers(4, len(word)))]
    typed = data.draw(one_typo(begun))
    if len(typed) < 4 or OSA.distance(typed, begun) != 1:
        return

    assert finds(typed, called(word))


@given(st.text(string.ascii_lowercase, min_size=8, max_size=12), st.data())
def test_two_typos_in_a_word_of_eight_letters_find_it(word: str, data: st.DataObject) -> None:
    typed = data.draw(one_typo(data.draw(one_typo(word))))
    if len(typed) < 8:
        return

    assert finds(typed, called(word))


@st.composite
def one_typo(draw: st.DrawFn, word: str) -> str:
    """The word with one letter wrong, too many, missing, or two letters the wrong way round."""
    place, letter = draw(st.integers(0, len(word) - 1)), draw(st.sampled_from(string.ascii_lowercase))
    rest = word[place + 1 :]
    ways = [word[:place] + letter + rest, word[:place] + letter + word[place:], word[:place] + rest]
    if rest:
        ways.append(word[:place] + rest[0] + word[place] + rest[1:])
    return draw(st.sampled_from(ways))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_makes_keys_that_the_database_takes(name: str, remembered: str) -> None:
    keys = keys_of(Facts(names=[name], addresses=[remembered], remembered=[Remembered(remembered)]))

    assert all(-(2**31) <= one < 2**31 for one in keys)
    assert all(first < second for first, second in pairwise(keys))


@given(st.text(max_size=60))
def test_any_text_may_be_asked(typed: str) -> None:
    for step in ask(typed, country="GB", managers_of=(0, 3)).steps:
        assert len(step.choices) <= 3
        assert step.needed or all(choice.keys or choice.misspelt for choice in step.choices)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("O'Brien", "Liam OBrien"),
        ("obrien", "Liam O'Brien"),
        ("o’brien", "Liam O'Brien"),
        ("o brien", "Liam O'Brien"),
        ("brien", "Liam O'Brien"),
        ("annmarie", "Ann-Marie Duval"),
        ("ann marie", "Ann-Marie Duval"),
        ("ann-marie", "Annmarie Duval"),
        ("mac donald", "Flora MacDonald"),
        ("macdonald", "Flora Mac Donald"),
        ("vanderberg", "Jan van der Berg"),
        ("muller", "Jürgen Müller"),
        ("mueller", "Jürgen Müller"),
        ("müller", "Jurgen Mueller"),
        ("soren", "Søren Ågård"),
        ("soeren aagaard", "Søren Ågård"),
        ("strasser", "Ida Straßer"),
        ("lukasz", "Łukasz Żak"),
        ("jose", "José Núñez"),
        ("ＤＡＮＡ", "Dana Whitfield"),
        ("DANA", "Dana Whitfield"),
        ("jsmith", "John Smith"),
        ("j smith", "John Smith"),
        ("smithj", "John Smith"),
        ("js", "John Smith"),
        ("smith john", "John Smith"),
        ("johnsmith", "John Smith"),
        ("gorbachev", "Михаил Горбачев"),
        ("tanaka", "たなか ゆき"),
    ],
)
def test_every_habit_of_writing_a_name(typed: str, name: str) -> None:
    assert finds(typed, called(name))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bob", "Robert Okafor"),
        ("robert", "Bob Okafor"),
        ("liz", "Elizabeth Grant"),
        ("elizabeth", "Liz Grant"),
        ("bill", "William Tell"),
        ("kate", "Katherine Low"),
        ("sascha", "Alexander Braun"),
        ("hannes", "Johannes Braun"),
        ("pepe", "José Núñez"),
        ("paco", "Francisco Ruiz"),
        ("misha", "Mikhail Orlov"),
        ("katya", "Ekaterina Orlova"),
        ("beppe", "Giuseppe Verdi"),
    ],
)
def test_nicknames_both_ways(typed: str, name: str) -> None:
    assert finds(typed, called(name))


@pytest.mark.parametrize(
    "typed",
    [
        "张伟",
        "张",
        "伟",
        "zhang",
        "wei",
        "zhang wei",
        "wei zhang",
        "zhangwei",
        "weizhang",
        "zhangw",
        "zw",
        "wz",
        "張偉",
    ],
)
def test_a_chinese_name_in_either_script(typed: str) -> None:
    assert finds(typed, called("张伟"))


SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "朴": "piao", "乐": "yue",
    "盖": "ge", "查": "zha", "任": "ren", "华": "hua", "缪": "miao", "翟": "zhai", "尉": "wei",
    "员": "yun", "召": "shao", "种": "chong", "繁": "po", "黑": "he", "秘": "bi", "折": "she",
    "冼": "xian", "覃": "qin", "逄": "pang", "尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu",
    "长孙": "zhangsun", "澹台": "tantai", "乐正": "yuezheng", "欧阳": "ouyang", "令狐": "linghu",
}  # fmt: skip


@pytest.mark.parametrize(("surname", "reading"), SURNAMES.items())
def test_surnames_are_read_as_surnames(surname: str, reading: str) -> None:
    assert surname_readings(surname)[0] == reading
    for typed in (reading, f"{reading}ming", f"{reading} ming", f"ming {reading}", f"{reading[0]}m"):
        assert finds(typed, called(surname + "明")), typed


@pytest.mark.parametrize(
    ("surname", "reading"), [("曾", "ceng"), ("单", "dan"), ("仇", "chou"), ("乐", "le"), ("朴", "pu")]
)
def test_other_readings_of_a_surname_find_it_too(surname: str, reading: str) -> None:
    assert finds(f"{reading} ming", called(surname + "明"))


@pytest.mark.parametrize("typed", ["lv", "lu", "lyu", "lü", "lv bu", "lubu", "lyubu", "lvbu"])
def test_u_with_two_dots(typed: str) -> None:
    assert finds(typed, called("吕布"))


def test_initials_of_a_chinese_name_of_three() -> None:
    assert {"wxm", "wangxm", "wxiaoming", "xm", "xiaomingwang"} <= name_readings("王小明")[1]


@pytest.mark.parametrize("typed", ["dana@harbour.example", "dana", "dana@", "d.whitfield@harbour", "harbour"])
def test_parts_of_an_address(typed: str) -> None:
    assert finds(typed, Facts(addresses=["dana@harbour.example", "d.whitfield@harbour.example"]))


def test_remembered_words_are_found_by_their_start() -> None:
    facts = Facts(
        companions=["Biscuit"],
        company="Kestrel Optics",
        tags=["press"],
        remembered=[Remembered("Oat flat white")],
    )

    assert all(
        finds(typed, facts) for typed in ("bisc", "biscuit", "kestrel", "press", "oat", "flat", "white")
    )
    assert not finds("goat", facts)


def test_what_is_for_managers_is_found_by_their_questions_alone() -> None:
    facts = Facts(
        remembered=[Remembered("lawsuit", 0), Remembered("affair", 7)], heard=["7@solicitor", "biscotti"]
    )

    assert finds("lawsuit", facts, managers_of=(0, 7))
    assert finds("affair", facts, managers_of=(0, 7))
    assert finds("solicitor", facts, managers_of=(0, 7))
    assert not finds("affair", facts, managers_of=(0, 8))
    assert not any(finds(typed, facts) for typed in ("lawsuit", "affair", "solicitor"))
    assert finds("biscotti", facts)


def test_one_and_the_same_facts_make_one_and_the_same_keys() -> None:
    facts = Facts(names=["Robert O'Brien", "Bob"], phones=["+447700900417"])

    assert keys_of(facts) == keys_of(facts) == sorted(set(keys_of(facts)))
    assert key("n", "bob") == 1966886566, "keys stand in databases: the hash may never change"


def test_lines_for_copy() -> None:
    line = as_lines([(5, 2, Facts(heard=["oat", "7@law"]))])

    assert line.startswith("5\t2\t{")
    assert line.endswith('\t{"oat","7@law"}\n')


def test_words_of_a_text() -> None:
    assert tokens("O’Brien-Smith 张伟 & Söhne_9") == ["obrien", "smith", "张伟", "söhne", "9"]
    assert fold("söhne") == "sohne"


def test_where_the_words_of_a_name_stand() -> None:
    name = take_apart("Ann-Marie O'Brien")

    assert [name.text[part.start : part.end] for part in name.parts] == ["Ann", "Marie", "O'Brien"]
