"""Why a customer is in the list, in plain words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from customers.fits import Fit, Match, Source, Span
from customers.models import Preference, Relationship


def why(found: Match) -> tuple[str, tuple[Span, ...]]:
    """Why a customer is in the list, in plain words, and the places in them that were typed."""
    before = _label(found)
    if not found.text:
        return before, ()
    before = f"{before}: "
    return before + found.text, tuple(
        (start + len(before), end + len(before)) for start, end in found.text_marks
    )


def _label(found: Match) -> str:
    """What it was that fitted."""
    plain = {
        Fit.FULL_NAME: _("the whole name"),
        Fit.STARTS: _("name starts so"),
        Fit.TYPO: _("spelt almost so"),
        Fit.LOOSE: _("partly so"),
        Fit.DISTANT: _("partly so"),
    }
    labels = {
        Source.OTHER_NAME: _("also called"),
        Source.NICKNAME: _("short name"),
        Source.NUMBER: _number_label(found),
        Source.ADDRESS: _("address"),
        Source.COMPANY: _("company"),
        Source.TAG: _("tag"),
        Source.HEARD: _("came up in a visit"),
    }
    if found.source == Source.COMPANION:
        return str(Relationship.Kind(found.label).label)
    if found.source == Source.REMEMBERED:
        return str(Preference.Kind(found.label).label) if found.label in Preference.Kind else found.label
    return labels.get(found.source) or plain.get(found.fit, _("name"))


def _number_label(found: Match) -> str:
    """How a number fitted."""
    if found.fit == Fit.EXACT:
        return _("this number")
    if found.fit == Fit.LOOSE:
        return _("number ends almost so")
    return _("number holds this") if found.typos else _("number ends so")
