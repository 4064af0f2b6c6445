"""What became of everything that was owed. Pure: it is told what was owed, done, killed and accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime


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


def judge(owed: Sequence[Owed], letters: Sequence[Letter], killed: Collection[int]) -> Verdict:
    """Look at each follow-up and at each letter; `killed` are the pids of the processes that were killed."""
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
        found.done_in_hand += bool(later)
        found.told += not later
    if any(letter.to != owed.to for letter in letters):
        yield f"{owed.number} was told to somebody else"
    if len({letter.message_id for letter in letters}) > 1:
        yield f"{owed.number} was told again under another Message-ID"


def _count_repeats(letters: Sequence[Letter], killed: Collection[int], found: Verdict) -> None:
    """Each letter that was brought again needs its reason: nobody could know that it had been accepted."""
    by_name: dict[str, list[Letter]] = defaultdict(list)
    for letter in sorted(letters, key=lambda letter: letter.accepted_at):
        by_name[letter.message_id].append(letter)
    for name, same in by_name.items():
        found.faults.extend(_explain(name, same[:-1], killed, found))


def _explain(name: str, earlier: Iterable[Letter], killed: Collection[int], found: Verdict) -> Iterator[str]:
    for letter in earlier:
        if letter.brought_by in killed:
            found.repeats_killed += 1
        elif letter.unanswered:
            found.repeats_unanswered += 1
        else:
            yield f"{name} was brought again although its sender lived and was told that it is accepted"
