"""The order of the card: lanes first, weight within a lane, three shown and the rest folded. Pure.

Weight is severity × fit to this moment × how sure × how recent, less for what was shown on other days
and not used. What is learnt moves a cue within its lane only, and an owed cue or an avoid not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from interactions.cues.dossier import Dossier, Shown
from interactions.cues.draft import Draft

LANES: Final = ("owed", "must", "today", "moment", "verify")
MOST: Final = 3
QUESTIONS: Final = 1
COOLING: Final = 0.8
"""What each day of being shown and not used leaves of a cue's weight."""

WARMING: Final = 1.1
COLDEST, WARMEST = 0.3, 1.5

# Said once a day is enough: these are folded for the rest of the day when they were used.
SAID_ONCE: Final = frozenset({"moment", "verify"})
SETTLING: Final = frozenset({"used", "still_true", "changed", "done", "not_now"})


@dataclass(frozen=True, slots=True)
class Ranked:
    """What is shown and what is folded, each in order."""

    shown: tuple[Draft, ...]
    folded: tuple[Draft, ...]


def rank(drafts: Iterable[Draft], dossier: Dossier) -> Ranked:
    """Order the cues that serve this stage; show at most three, and at most one question."""
    stage = dossier.moment.stage
    ordered = sorted(
        (draft for draft in drafts if stage in draft.stages),
        key=lambda draft: (LANES.index(draft.lane), -weight(draft, dossier), draft.kind, draft.key),
    )
    room, questions = MOST, QUESTIONS - _asked_today(dossier)
    taken: set[int] = set()
    # Those who only fill a gap choose last; the order of the lanes stays.
    for place in sorted(range(len(ordered)), key=lambda place: ordered[place].filler):
        draft = ordered[place]
        asks = draft.lane == "verify"
        if room > 0 and not is_folded(draft, dossier) and not (asks and questions <= 0):
            taken.add(place)
            room -= 1
            questions -= asks
    return Ranked(
        tuple(draft for place, draft in enumerate(ordered) if place in taken),
        tuple(draft for place, draft in enumerate(ordered) if place not in taken),
    )


def is_protected(draft: Draft) -> bool:
    """Whether nothing learnt may touch it: safety, what we owe, and avoids."""
    return draft.lane in {"safety", "owed"} or draft.kind == "avoid"


def is_folded(draft: Draft, dossier: Dossier) -> bool:
    """Whether a cue stays behind "N more" however it ranks: by its nature, or by what was answered today."""
    shown = dossier.shown.get(draft.key)
    if draft.fold or shown is None or is_protected(draft):
        return draft.fold
    return "not_now" in shown.today or (draft.lane in SAID_ONCE and bool(shown.today & SETTLING))


def weight(draft: Draft, dossier: Dossier) -> float:
    """How much a cue matters among those of its lane; rounded, so that ties are ties."""
    plain = draft.severity * draft.fit * draft.sure * draft.recent
    if is_protected(draft):
        return round(plain, 9)
    return round(plain * learnt(dossier.shown.get(draft.key, Shown())), 9)


def learnt(shown: Shown) -> float:
    """What the answers so far make of a cue: warmer when used, cooler when shown in vain."""
    factor = COOLING**shown.ignored * WARMING**shown.used
    return float(min(max(factor, COLDEST), WARMEST))


def _asked_today(dossier: Dossier) -> int:
    """Whether a question was already answered today: one a visit."""
    return int(any(one.lane == "verify" and one.today & SETTLING for one in dossier.shown.values()))
