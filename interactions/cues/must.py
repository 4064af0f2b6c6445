"""What must or must not be done: avoids, needs, and how they like to be spoken to. Pure.

An avoid never fades from here; a need or a style that is no longer likely becomes a question in `verify`.
"""

from __future__ import annotations

from typing import Final

from interactions.cues import verify
from interactions.cues.dossier import Dossier, Fact
from interactions.cues.draft import Draft, fits_here, how_we_know, recency, value_of, visible_facts
from interactions.cues.words import _

SEVERITY: Final = {"avoid": 4.0, "need": 3.0, "style": 2.0}


def cues(dossier: Dossier) -> list[Draft]:
    """One cue for each avoid, need and style that we hold to be so."""
    asked = verify.asked_about(dossier)
    # Who was there when an avoid or a need was written down does not matter: it holds in any company.
    facts = [fact for fact in dossier.facts if fact.kind in {"avoid", "need"}]
    facts += visible_facts(dossier, "style")
    return [_cue(dossier, fact) for fact in facts if fact.kind == "avoid" or fact.id not in asked]


def _cue(dossier: Dossier, fact: Fact) -> Draft:
    fit = fits_here(dossier.moment, fact)
    once = fact.status == "observed" and fact.seen < 2 and fact.kind != "avoid"
    value = value_of(fact)
    return Draft(
        lane="must",
        kind=fact.kind,
        key=fact.key,
        text=_("%(value)s? Seen once", value=value) if once else value,
        why=how_we_know(dossier.moment, fact),
        answers=("still_true", "changed", "not_now")
        if fact.kind == "avoid"
        else ("used", "still_true", "changed"),
        severity=SEVERITY[fact.kind],
        fit=max(fit, 0.1),
        sure=max(fact.fresh.probability, 0.1),
        recent=recency(dossier.moment, fact.confirmed_at or fact.recorded_at),
        fold=fit == 0.0 or once,
        discretion=fact.discretion,
        label=fact.fresh.label,
    )
