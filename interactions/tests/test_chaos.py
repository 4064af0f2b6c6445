"""The short form of `make chaos`: each part is killed once, and the mail server does its worst."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from django.conf import settings

from interactions.tests.chaos.post_office import letter_of
from interactions.tests.chaos.verdict import Letter, Owed, judge

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SAM = "sam@example.com"
KILLED = 7
DEATHS = {KILLED: NOW + SECOND}


def letter(*about: int, at: datetime = NOW, name: str = "", by: int = 1, answered: bool = True) -> Letter:
    """A letter to Sam that was accepted at once."""
    return Letter(
        begun_at=at,
        accepted_at=at,
        to=SAM,
        message_id=name or f"<{about[0]}>",
        about=frozenset(about),
        brought_by=by,
        unanswered=not answered,
    )


def owed(number: int = 1, **fields: Any) -> Owed:
    """Something of Sam's that is open and noted as sent."""
    return Owed(**{"number": number, "to": SAM, "is_open": True, "email_states": ("sent",), **fields})


def faults(*rows: Owed, letters: list[Letter]) -> str:
    return "; ".join(judge(rows, letters, DEATHS).faults)


def test_the_house_survives_all_of_it() -> None:
    command = [sys.executable, "-m", "interactions.tests.chaos", "--broker", "pgmq"]
    command += ["--follow-ups", "60", "--seconds", "12", "--in-turn"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    print(ended.stdout)  # noqa: T201 - shown when something else fails
    for part in ("beat", "database", "web", "worker"):
        assert f"killed: {part} " in ended.stdout


def test_all_is_well() -> None:
    found = judge([owed(1), owed(2)], [letter(1), letter(2)], {})
    assert (found.faults, found.told, found.repeats) == ([], 2, 0)


def test_what_was_lost_is_found() -> None:
    assert "was lost" in faults(owed(email_states=()), letters=[])
    assert "not noted" in faults(owed(email_states=("waiting",)), letters=[letter(1)])
    assert "not noted" in faults(owed(email_states=("sent", "dead")), letters=[letter(1)])


def test_what_was_told_though_done_is_found() -> None:
    done: dict[str, Any] = {"is_open": False, "done_at": NOW, "email_states": ("withdrawn",)}
    late = letter(1, at=NOW + SECOND)
    assert "done before" in faults(owed(**done, free_when_done=True), letters=[late])
    assert faults(owed(**done, free_when_done=True), letters=[letter(1, at=NOW - SECOND)]) == ""
    in_hand = judge([owed(**done)], [late], {})
    assert (in_hand.faults, in_hand.done_in_hand) == ([], 1)
    assert "long after" in faults(owed(**done), letters=[letter(1, at=NOW + timedelta(minutes=1))])
    assert judge([owed(**done)], [], {}).done_untold == 1


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (letter(1, by=KILLED), ""),
        (letter(1, answered=False), ""),
        (letter(1), "brought again although"),
        # Who brought this one was killed much later, and must have noted it by then.
        (letter(1, at=NOW - timedelta(minutes=1), by=KILLED), "brought again although"),
    ],
)
def test_each_repeat_needs_its_reason(first: Letter, reason: str) -> None:
    found = faults(owed(), letters=[first, letter(1, at=NOW + 2 * SECOND)])
    assert (reason in found) if reason else not found


def test_a_repeat_before_its_sender_was_killed_is_found() -> None:
    both = [letter(1, by=KILLED), letter(1, by=KILLED, at=NOW + SECOND / 2)]
    assert "brought again although" in faults(owed(), letters=both)


def test_a_repeat_under_another_name_is_found() -> None:
    again = letter(1, at=NOW + 2 * SECOND, name="<other>")
    assert "another Message-ID" in faults(owed(), letters=[letter(1, by=KILLED), again])


def test_something_new_under_an_old_name_is_found() -> None:
    both = [letter(1, by=KILLED), letter(1, 2, name="<1>", at=NOW + 2 * SECOND)]
    assert "something new in it: [2]" in faults(owed(1), owed(2), letters=both)


def test_letters_to_others_and_about_nothing_are_found() -> None:
    assert "somebody else" in faults(owed(to="tom@example.com"), letters=[letter(1)])
    assert "nobody was owed" in faults(owed(), letters=[letter(1), letter(9)])


def test_a_digest_that_is_repeated_counts_once() -> None:
    digest = [letter(1, 2, by=KILLED), letter(1, 2, at=NOW + 2 * SECOND)]
    found = judge([owed(1), owed(2)], digest, DEATHS)
    assert (found.faults, found.told, found.repeats) == ([], 2, 1)


@pytest.mark.parametrize(("name", "about"), [("<7.email@house>", {12, 3}), ("<briefing.7.1@house>", set())])
def test_a_briefing_reminds_nobody(name: str, about: set[int]) -> None:
    envelope = Envelope()
    envelope.rcpt_tos = [SAM]
    envelope.content = f"Message-ID: {name}\r\nSubject: Call back, chaos-12\r\n\r\nAnd chaos-3\r\n".encode()
    kept = letter_of(envelope, NOW, 1, unanswered=False)
    assert (kept.to, kept.message_id, kept.about) == (SAM, name, frozenset(about))
