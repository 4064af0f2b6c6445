"""The edge of the card: phrases said in the viewer's language, drafts made into cues."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext

from interactions.cues import closing
from interactions.cues.card import Card, Companion, Cue, HeldBack, Hello
from interactions.cues.deal import Hand
from interactions.cues.dossier import Dossier
from interactions.cues.draft import Draft
from interactions.cues.greeting import Greeting
from interactions.cues.holding import Held
from interactions.cues.words import (
    ANSWERS,
    CHANNELS,
    HELD_BY,
    LANES,
    RELATIONS,
    Clock,
    Day,
    Joined,
    Phrase,
)

LAST_ANSWER = ("asked", "still_true", "changed", "done", "used", "not_now")


def say(value: object) -> str:
    """A phrase, a day, a time or several of them, in the language that is active."""
    if isinstance(value, Phrase):
        return _say_phrase(value)
    if isinstance(value, Day):
        return say_day(value)
    if isinstance(value, Clock):
        return formats.time_format(value.at, "H:i")
    if isinstance(value, Joined):
        return gettext(", ").join(say(part) for part in value.parts)
    return str(value)


def _say_phrase(phrase: Phrase) -> str:
    params = {name: say(value) for name, value in phrase.params.items()}
    if not phrase.source:
        return params["text"]
    if phrase.many:
        return ngettext(phrase.source, phrase.many, phrase.number) % params
    return _in_language(phrase.source, get_language()) % params


@functools.lru_cache(maxsize=2048)
def _in_language(source: str, _language: str | None) -> str:
    """A phrase in the active language, looked up once for each."""
    return gettext(source)


def say_day(day: Day) -> str:
    """A day by how far it is: today, a weekday within the week, the date within a year, else the month."""
    away = (day.on - day.today).days
    if abs(away) <= 1:
        return (gettext("today"), gettext("tomorrow"), gettext("yesterday"))[away]
    if -7 < away < 8:
        return str(WEEKDAYS[day.on.weekday()])
    if abs(away) < 300:
        return _dated(day.on, "MONTH_DAY_FORMAT", get_language())
    return _dated(day.on, "YEAR_MONTH_FORMAT", get_language())


@functools.lru_cache(maxsize=4096)
def _dated(on: date, form: str, _language: str | None) -> str:
    """A day written out in the active language, once for each."""
    return str(formats.date_format(on, form))


def card_of(hand: Hand, dossier: Dossier, customer_id: int, *, with_folded: bool = True) -> Card:
    """The card said in the active language."""
    folded = hand.ranked.folded if with_folded else ()
    return Card(
        customer_id=customer_id,
        greeting=_hello(hand.greeting),
        safety=tuple(_cue(draft, dossier) for draft in hand.safety),
        cues=tuple(_cue(draft, dossier) for draft in hand.ranked.shown),
        folded=tuple(_cue(draft, dossier) for draft in folded),
        held=tuple(_held(held) for held in hand.held),
        allowed=hand.allowed,
        refused=hand.refused,
        allowed_names=tuple(say(CHANNELS[one]) for one in hand.allowed),
        refused_names=tuple(say(CHANNELS[one]) for one in hand.refused),
    )


def _cue(draft: Draft, dossier: Dossier) -> Cue:
    shown = dossier.shown.get(draft.key)
    answered = next((one for one in LAST_ANSWER if shown and one in shown.today), "")
    return Cue(
        lane=draft.lane,
        kind=draft.kind,
        key=draft.key,
        text=say(draft.text),
        why=gettext("; ").join(say(part) for part in draft.why),
        source=draft.key,
        answers=draft.answers,
        ask=draft.ask,
        acknowledge=draft.acknowledge,
        severe=draft.severe,
        away=draft.away,
        discretion=draft.discretion,
        label=draft.label,
        lane_name=_lane_name(draft.lane, get_language()),
        answered=answered,
        answered_name=say(ANSWERS[answered]) if answered else "",
        choices=_choices(draft.answers, get_language()),
        **_to_send(draft, dossier),
    )


@functools.lru_cache(maxsize=256)
def _lane_name(lane: str, _language: str | None) -> str:
    """A lane in the active language, looked up once for each."""
    return say(LANES[lane])


@functools.lru_cache(maxsize=256)
def _choices(answers: tuple[str, ...], _language: str | None) -> tuple[tuple[str, str], ...]:
    """Answers with their words in the active language, looked up once for each."""
    return tuple((one, say(ANSWERS[one])) for one in answers)


def _to_send(draft: Draft, dossier: Dossier) -> dict[str, Any]:
    """The words that end a visit, and how they may be sent; nothing for any other cue."""
    if draft.kind != "closing":
        return {}
    ways = tuple((say(CHANNELS[one.channel]), one.href) for one in closing.sends(dossier))
    return {"words": closing.words(dossier), "sends": ways}


def _held(held: Held) -> HeldBack:
    return HeldBack(
        held.todo.text, held.reason, held.todo.key, say(HELD_BY.get(held.reason, HELD_BY["need"]))
    )


def _hello(hello: Greeting) -> Hello:
    return Hello(
        name=hello.name,
        full_name=hello.full_name,
        native_name=hello.native_name,
        pronunciation=hello.pronunciation,
        address=hello.address,
        language=language_name(hello.language),
        style=hello.style,
        beside=tuple(
            Companion(
                one.name,
                say(RELATIONS[one.kind]) if one.kind in RELATIONS else "",
                one.customer,
                one.is_here,
            )
            for one in hello.beside
        ),
        question=say(hello.question) if hello.question else "",
    )


def language_name(code: str) -> str:
    """A language by its name, such as German; a code that is not known as it is."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.split("-", maxsplit=1)[0].lower(), {})
    if code.lower().startswith("zh"):
        return gettext("Chinese")
    return gettext(known["name"]) if "name" in known else code


def answer_name(answer: str) -> str:
    """An answer in words."""
    return say(ANSWERS[answer])
