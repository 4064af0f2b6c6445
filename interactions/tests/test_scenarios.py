"""Every scenario file leads to the card that it expects."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from customers.models import Customer

HERE = Path(__file__).parent / "scenarios"
FILES = sorted(HERE.rglob("*.json"))

pytestmark = pytest.mark.django_db


def run(*files: Path, check: bool = True) -> tuple[int, str, str]:
    """The command's exit code and what it said."""
    out, err = StringIO(), StringIO()
    try:
        call_command("card", scenario=list(files), check=check, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_scenario(file: Path) -> None:
    code, out, err = run(file)
    assert code == 0, out + err
    assert not Customer.objects.exists()


def test_there_are_enough_of_them() -> None:
    assert len([file for file in FILES if file.parent.name != "given"]) >= 30


@pytest.fixture
def plain() -> dict[str, Any]:
    """A situation with nothing in it."""
    return {
        "now": "2026-03-10T08:10:00+00:00",
        "venue": {"name": "Harbour Café", "industry": "cafe", "time_zone": "Europe/London", "language": "en"},
        "viewer": {"name": "Sam", "role": "front_desk"},
        "channel": "in_person",
        "customers": [{"name": "Dana Whitfield"}],
        "expect": {"safety": []},
    }


def written(tmp_path: Path, data: object) -> Path:
    """The data as a file."""
    path = tmp_path / "one.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_the_card_is_printed_as_one_line_of_json(tmp_path: Path, plain: dict[str, Any]) -> None:
    code, out, _err = run(written(tmp_path, plain), check=False)
    card = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    assert set(card) == {"greeting", "safety", "cues", "folded", "held", "contact"}
    assert card["cues"][0]["source"] == "first_visit"


def test_a_difference_is_said_in_words_and_exits_1(tmp_path: Path, plain: dict[str, Any]) -> None:
    plain["expect"] = {"cues_count": 3, "absent": ["Dana"], "cues_mention": ["birthday"]}
    code, out, _err = run(written(tmp_path, plain))
    assert code == 1
    assert out.count("\n") == 1
    for words in ("cues: 1, expected 3", "“Dana” is on the card", "nothing mentions “birthday”"):
        assert words in out


def test_the_worst_exit_code_counts_and_each_file_is_judged(tmp_path: Path, plain: dict[str, Any]) -> None:
    good = written(tmp_path, plain)
    code, out, err = run(good, tmp_path / "none.json", good)
    assert code == 2
    assert out.count("ok") == 2
    assert "none.json" in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wether": 1}, "wether: unknown key"),
        ({"now": None}, "now: is missing"),
        ({"now": "2026-03-10T08:10:00"}, "now: needs its offset"),
        ({"now": "tomorrow"}, "now: must be a date and time"),
        ({"channel": "pigeon"}, "channel: must be one of"),
        ({"customers": []}, "customers: needs at least one"),
        ({"customers": [{"nmae": "Dana"}]}, "customers[0].nmae: unknown key"),
        ({"customers": [{"language": "en"}]}, "customers[0].name: is missing"),
        (
            {"customers": [{"name": "D", "preferences": [{"kind": "like"}]}]},
            "preferences[0].value: is missing",
        ),
        (
            {"customers": [{"name": "D", "preferences": [{"kind": "wish", "value": "x"}]}]},
            "preferences[0].kind: must be one of",
        ),
        (
            {"customers": [{"name": "D", "follow_ups": [{"text": "x", "on": {"visit": "never"}}]}]},
            "follow_ups[0].on.visit",
        ),
        ({"customers": [{"name": "D", "follow_ups": [{"text": "x"}]}]}, "follow_ups[0].due_at: is missing"),
        (
            {"customers": [{"name": "D", "complaints": [{"about": "x", "opened_at": 5}]}]},
            "complaints[0].opened_at",
        ),
        (
            {"customers": [{"name": "D", "dates": [{"kind": "birthday", "month": 13, "day": 1}]}]},
            "dates[0].month: must lie between 1 and 12",
        ),
        (
            {"customers": [{"name": "D", "dates": [{"kind": "birthday", "month": 2, "day": 30}]}]},
            "the database refuses it",
        ),
        (
            {
                "customers": [
                    {"name": "D", "preferences": [{"kind": "like", "value": "x", "supersedes": "p9"}]}
                ]
            },
            "no preference has the id 'p9'",
        ),
        ({"venue": {"name": "X", "time_zone": "Mars/Base"}}, "venue.time_zone: is no time zone"),
        ({"viewer": {"name": "Sam", "role": "king"}}, "viewer.role: must be one of"),
        ({"expect": {"safty": []}}, "expect.safty: unknown key"),
        ({"expect": None}, "expect: is missing"),
        ({"customers": "Dana"}, "customers: must be a list"),
    ],
)
def test_what_is_wrong_exits_2_with_file_key_and_reason(
    tmp_path: Path, plain: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    path = written(tmp_path, plain | change)
    code, out, err = run(path)
    assert code == 2
    assert out == ""
    assert str(path) in err
    assert said in err


def test_a_file_that_is_not_json(tmp_path: Path) -> None:
    code, _out, err = run(written(tmp_path, "{"))
    assert code == 2
    assert "is not JSON" in err


def test_a_key_given_twice(tmp_path: Path) -> None:
    code, _out, err = run(written(tmp_path, '{"now": "x", "now": "y"}'))
    assert code == 2
    assert "now: is given twice" in err
