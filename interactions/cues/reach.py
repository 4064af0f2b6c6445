"""How a customer may be reached now: what they allow, what they refuse, between which hours. Pure.

Not asked is not allowed: such a channel stands on neither list.
"""

from __future__ import annotations

from datetime import time
from typing import Final

from interactions.cues.dossier import Contact, Dossier
from interactions.cues.touches import words_of
from interactions.cues.words import CHANNELS, Clock, Joined, Phrase, _

ORDER: Final = ("phone", "sms", "email", "chat", "social")
CHAT: Final = frozenset({"wechat", "whatsapp", "line"})
SOCIAL: Final = frozenset({"instagram"})

# Words by which a promise names its channel, folded as `words_of` folds them.
MEANS: Final = {
    "phone": frozenset(words_of("call calls ring rings phone telephone callback 电 致")),
    "sms": frozenset(words_of("text sms")),
    "email": frozenset(words_of("email emails mail mails e-mail 邮")),
}


def answers_of(contact: Contact) -> dict[str, str]:
    """What a contact point says about each channel that it serves: yes, no or unknown."""
    if contact.kind == "phone":
        return {"phone": contact.calls, "sms": contact.sms}
    if contact.kind == "email":
        return {"email": contact.email}
    if contact.kind in CHAT:
        return {"chat": contact.sms}
    return {"social": contact.sms} if contact.kind in SOCIAL else {}


def within(hours: tuple[time, time] | None, at: time) -> bool:
    """Whether a time of day lies in the hours given; hours that end before they start run past midnight."""
    if hours is None:
        return True
    start, end = hours
    return start <= at < end if start <= end else at >= start or at < end


def reach(dossier: Dossier) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The channels allowed now, and those refused: by a no, or at this hour. A yes outdoes a no elsewhere."""
    at = dossier.moment.local.time()
    said: dict[str, set[str]] = {}
    for contact in dossier.contacts:
        for channel, answer in answers_of(contact).items():
            late = answer == "yes" and not within(contact.hours, at)
            said.setdefault(channel, set()).add("no" if late else answer)
    allowed = tuple(channel for channel in ORDER if "yes" in said.get(channel, ()))
    refused = tuple(channel for channel in ORDER if "no" in said.get(channel, ()) and channel not in allowed)
    return allowed, refused


def how_to_reach(dossier: Dossier, text: str) -> tuple[Phrase, ...]:
    """What the contact rules say to a promise that names a channel: the hours, or what to use instead."""
    words, (allowed, refused) = set(words_of(text)), reach(dossier)
    for channel, names in MEANS.items():
        if words & names and channel in refused:
            return (_refused(dossier, channel, allowed),)
        if words & names and channel == "phone" and (hours := _hours(dossier)):
            return (_("call between %(start)s and %(end)s", start=Clock(hours[0]), end=Clock(hours[1])),)
    return ()


def _hours(dossier: Dossier) -> tuple[time, time] | None:
    return next((one.hours for one in dossier.contacts if one.calls == "yes" and one.hours), None)


def _refused(dossier: Dossier, channel: str, allowed: tuple[str, ...]) -> Phrase:
    hours = _hours(dossier) if channel == "phone" else None
    if hours:
        return _("call only between %(start)s and %(end)s", start=Clock(hours[0]), end=Clock(hours[1]))
    if allowed:
        instead = Joined(tuple(CHANNELS[one] for one in allowed))
        return _("they refuse %(channel)s: use %(instead)s", channel=CHANNELS[channel], instead=instead)
    return _("they refuse %(channel)s: tell them in person", channel=CHANNELS[channel])
