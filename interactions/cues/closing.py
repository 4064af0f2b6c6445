"""The words that end a visit, and the allowed ways to send them from the sender's own program. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from customers.vocabulary import empathy
from interactions.cues.dossier import Contact, Dossier
from interactions.cues.reach import answers_of, within


@dataclass(frozen=True, slots=True)
class Send:
    """One allowed way to send the words: the channel, and the address that opens them there."""

    channel: str
    href: str


def _sms(contact: Contact, words: str) -> str:
    return f"sms:{contact.value}?body={quote(words)}"


def _email(contact: Contact, words: str) -> str:
    return f"mailto:{quote(contact.value, safe='@+')}?body={quote(words)}"


OPENS: Final[Mapping[str, Callable[[Contact, str], str]]] = {"sms": _sms, "email": _email}


def words(dossier: Dossier) -> str:
    """What to say at the end, in the customer's language; that it was sent only where it may be."""
    return _said(dossier, "closing" if sends(dossier) else "closing, on paper")


def _said(dossier: Dossier, when: str) -> str:
    moment = dossier.moment
    said = empathy(when if moment.badge else "closing, by name", dossier.person.language)
    return said.format(staff=moment.viewer, badge=moment.badge)


def sends(dossier: Dossier) -> tuple[Send, ...]:
    """Every allowed way that can be opened from here, each channel once, within the hours they gave."""
    at, said = dossier.moment.local.time(), _said(dossier, "closing, on paper")
    found: dict[str, Send] = {}
    for contact in dossier.contacts:
        for channel, answer in answers_of(contact).items():
            may = answer == "yes" and within(contact.hours, at) and contact.value
            if may and channel in OPENS and channel not in found:
                found[channel] = Send(channel, OPENS[channel](contact, said))
    return tuple(found.values())
