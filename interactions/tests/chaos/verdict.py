"""What became of everything that was owed. Pure: it is told what was owed, done, killed and accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

# A letter in a worker's hand when somebody taps "done" is on its way; by then it is gone or let go.
ON_ITS_WAY: Final = timedelta(seconds=15)
# Whoever was told that a letter is accepted tries so long to note it; whoever dies later had noted it.
NOTING: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that the mail server accepted, whether or not whoever brought it was told so."""

    begun_at: datetime
    accepted_at: datetime
    to: str
    message_id: str
    about: frozenset[int]
    brought_by: int
    # The server hung up, or the sender was killed, after the server had accepted and before it said so.
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """A follow-up as it stands in the end: by its number, and how its e-mails stand."""

    number: int
    to: str
    is_open: bool
    email_states: tuple[str, ...]
    # When a person was told that it is done, and whether no worker had it in hand at that moment.
    done_at: datetime | None = None
    free_when_done: bool = False


@dataclass(slots=True)
class Verdict:
    """How many, by what became of them; whatever stands in `faults` must not be."""

    owed: int = 0
    told: int = 0
    done_untold: int = 0
    done_in_hand: int = 0
    letters: int = 0
    repeats_unanswered: int = 0
    repeats_killed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def repeats(self) -> int:
        """How many letters were accepted that had been accepted before."""
        return self.repeats_unanswered + self.repeats_killed


def judge(owed: Sequence[Owed], letters: Sequence[Letter], killed: Mapping[int, datetime]) -> Verdict:
    """Look at each follow-up and at each letter; `killed` says by pid when each process was killed."""
    found = Verdict(owed=len(owed), letters=len(letters))
    by_number: dict[int, list[Letter]] = defaultdict(list)
    for letter in sorted(letters, key=lambda letter: letter.accepted_at):
        for number in letter.about:
            by_number[number].append(letter)
    for each in owed:
        mine = by_number.pop(each.number, [])
        found.faults.extend(_look_at(each, mine, found))
    found.faults.extend(f"a letter about {number}, which nobody was owed" for number in by_number)
    _count_repeats(letters, killed, found)
    return found


def _look_at(owed: Owed, letters: Sequence[Letter], found: Verdict) -> Iterator[str]:
    """What is wrong with what became of one follow-up."""
    if owed.is_open:
        if not letters:
            yield f"{owed.number} was lost: no letter ({', '.join(owed.email_states) or 'no delivery'})"
        if "sent" not in owed.email_states or set(owed.email_states) - {"sent"}:
            yield f"{owed.number} is not noted as sent: {', '.join(owed.email_states) or 'no delivery'}"
        found.told += bool(letters)
    elif not letters:
        found.done_untold += 1
    elif owed.done_at is None:
        yield f"{owed.number} ended, and nobody did it"
    else:
        later = [letter for letter in letters if letter.begun_at > owed.done_at]
        if later and owed.free_when_done:
            yield f"{owed.number} was told although it was done before"
        elif any(letter.begun_at > owed.done_at + ON_ITS_WAY for letter in later):
            yield f"{owed.number} was told long after it was done"
        found.done_in_hand += bool(later)
        found.told += not later
    if others := {letter.to for letter in letters} - {owed.to}:
        yield f"{owed.number} was told to somebody else: {', '.join(sorted(others))} instead of {owed.to}"
    if len(names := {letter.message_id for letter in letters}) > 1:
        yield f"{owed.number} was told again under another Message-ID: {', '.join(sorted(names))}"


def _count_repeats(letters: Sequence[Letter], killed: Mapping[int, datetime], found: Verdict) -> None:
    """Each letter that was brought again needs its reason: nobody could know that it had been accepted.

    It must not tell anything that the first did not: mail programs hide what comes under the same name.
    """
    by_name: dict[str, list[Letter]] = defaultdict(list)
    for letter in sorted(letters, key=lambda letter: letter.accepted_at):
        by_name[letter.message_id].append(letter)
    for name, same in by_name.items():
        for first, again in pairwise(same):
            if unheard := sorted(again.about - first.about):
                found.faults.append(f"{name} was brought again with something new in it: {unheard}")
            if _died_before_noting(first, again, killed):
                found.repeats_killed += 1
            elif first.unanswered:
                found.repeats_unanswered += 1
            else:
                found.faults.append(
                    f"{name} was brought again although its sender could note it: {first.brought_by} brought "
                    f"it at {first.accepted_at:%T}, {again.brought_by} at {again.begun_at:%T}"
                )


def _died_before_noting(first: Letter, again: Letter, killed: Mapping[int, datetime]) -> bool:
    """Whether the sender was killed when it may not have noted the first, and before it was brought again.

    A letter that was on the line when its sender was killed is accepted a little later.
    """
    at = killed.get(first.brought_by)
    return at is not None and first.begun_at <= at <= min(again.begun_at, first.accepted_at + NOTING)
