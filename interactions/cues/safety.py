"""The safety band: every active safety fact, gravest first. Pure.

Nothing here is left out, folded or ranked by learning; an old or unconfirmed fact says *ask*.
"""

from __future__ import annotations

from typing import Final

from interactions.cues.dossier import Dossier, Fact
from interactions.cues.draft import Draft, how_we_know, on_day, value_of
from interactions.cues.touches import opposes
from interactions.cues.words import SEVERITY, Phrase, _

GRAVITY: Final = {"severe": 0, "": 1, "moderate": 2, "mild": 3, "ask": 4}


def cues(dossier: Dossier) -> list[Draft]:
    """One cue for each safety fact, severe ones first, then the latest heard."""
    facts = [fact for fact in dossier.facts if fact.kind == "safety"]
    facts.sort(key=lambda fact: (GRAVITY.get(fact.severity, 1), -_heard(fact), fact.id))
    return [_cue(dossier, fact) for fact in facts]


def _heard(fact: Fact) -> float:
    return (fact.confirmed_at or fact.recorded_at).timestamp()


def _cue(dossier: Dossier, fact: Fact) -> Draft:
    had = _had_since(dossier, fact)
    asked = "asked" in dossier.shown[fact.key].today if fact.key in dossier.shown else False
    return Draft(
        lane="safety",
        kind="safety",
        key=fact.key,
        text=_text(fact),
        why=(*how_we_know(dossier.moment, fact), *had),
        answers=("asked", "still_true", "changed"),
        discretion=fact.discretion,
        label=fact.fresh.label,
        ask=fact.fresh.label == "ask" or bool(had),
        severe=fact.severity == "severe",
        acknowledge=fact.severity == "severe" and not asked,
    )


def _text(fact: Fact) -> Phrase:
    severity = SEVERITY.get(fact.severity)
    if severity is None:
        return value_of(fact)
    return _("%(fact)s, %(severity)s", fact=value_of(fact), severity=severity)


def _had_since(dossier: Dossier, fact: Fact) -> tuple[Phrase, ...]:
    """The last thing they had since then that goes against it."""
    heard = fact.confirmed_at or fact.recorded_at
    for happening in dossier.happenings:
        for item in happening.items:
            if (
                happening.at > heard
                and opposes(fact, item)
                and not dossier.hidden_by_company(happening.companions)
            ):
                return (_("yet had %(item)s %(day)s", item=item, day=on_day(dossier.moment, happening.at)),)
    return ()
