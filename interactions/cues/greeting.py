"""The greeting line: what to call them, how to say it, in which language and style; never a cue. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from interactions.cues.company import Beside, beside
from interactions.cues.dossier import Dossier, Person
from interactions.cues.draft import visible_facts
from interactions.cues.moment import is_first_visit
from interactions.cues.words import Phrase, _

# Languages in which the family name comes first.
FAMILY_FIRST: Final = frozenset({"zh", "ja", "ko", "hu", "vi"})
# Titles that follow the name, as Chinese and Japanese ones do.
AFTER_THE_NAME: Final = re.compile(r"^[㐀-鿿]+$|^(san|sama)$", re.IGNORECASE)
HAN: Final = re.compile(r"^[㐀-鿿·]+$")
COMPOUND_SURNAMES: Final = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "司空",
        "东方",
        "南宫",
        "西门",
        "独孤",
        "端木",
        "百里",
        "呼延",
        "轩辕",
        "澹台",
        "公冶",
        "宗政",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "申屠",
        "公羊",
        "赫连",
        "钟离",
        "鲜于",
        "闾丘",
        "东郭",
        "南门",
        "歐陽",
        "司馬",
        "諸葛",
        "東方",
        "長孫",
    ]
)


@dataclass(frozen=True, slots=True)
class Greeting:
    """The parts of the greeting line; empty where nothing is known. `question` is today's open one."""

    name: str
    full_name: str = ""
    native_name: str = ""
    pronunciation: str = ""
    address: str = ""
    language: str = ""
    style: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    question: Phrase | None = None


def greeting(dossier: Dossier, *, nothing_to_say: bool) -> Greeting:
    """The greeting line of a customer, with an open question where the card has nothing else to say."""
    person = dossier.person
    style = tuple(
        fact.value
        for fact in sorted(visible_facts(dossier, "style"), key=lambda one: one.id)
        if fact.status != "observed" and fact.fresh.label != "ask" and fact.discretion == "say_aloud"
    )
    full, native, form = _once(person.name, person.full_name, person.native_name, address(person))
    return Greeting(
        name=person.name,
        full_name=full,
        native_name=native,
        pronunciation=person.pronunciation,
        address=form,
        language=person.language,
        style=style,
        beside=beside(dossier),
        question=_question(dossier, nothing_to_say=nothing_to_say, quiet=bool(style)),
    )


def _once(first: str, *others: str) -> list[str]:
    """The other ways to call somebody, each empty where it was said before it."""
    said, kept = {first.casefold()}, []
    for one in others:
        kept.append("" if one.casefold() in said else one)
        said.add(one.casefold())
    return kept


def _question(dossier: Dossier, *, nothing_to_say: bool, quiet: bool) -> Phrase | None:
    """Somebody who told us how they like to be spoken to is not drawn into small talk."""
    if dossier.moment.stage not in {"before", "arrival"} or quiet:
        return None
    if is_first_visit(dossier) and dossier.moment.channel == "in_person":
        return _("What would make today a good visit?")
    return _("How has your week been?") if nothing_to_say else None


def address(person: Person) -> str:
    """The form of address with the family name, in the order of their language; as given if it has a name."""
    form = person.form_of_address.strip()
    if not form or " " in form.rstrip("."):
        return form
    native = person.native_name or (person.full_name if HAN.match(person.full_name) else "")
    if AFTER_THE_NAME.match(form):
        family = family_name(native or person.full_name, person.language or "zh")
        return form if not family or family in form else f"{family}{form}"
    family = family_name(person.full_name, person.language)
    return f"{form} {family}" if family else form


def family_name(name: str, language: str) -> str:
    """The family name in a full name: the first part in some languages, the last in others."""
    if HAN.match(name):
        return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    parts = name.split()
    if len(parts) < 2:
        return ""
    return parts[0] if language.split("-", maxsplit=1)[0].lower() in FAMILY_FIRST else parts[-1]
