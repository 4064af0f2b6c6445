"""A mail server whose weather changes: it accepts, refuses, hangs, hangs up, and shoots the messenger."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import default
from typing import Any, Final
from weakref import WeakKeyDictionary

import psutil
from aiosmtpd.smtp import SMTP, Envelope, Session

from interactions.tests.chaos.verdict import Letter

NUMBER: Final = re.compile(r"\bchaos-(\d+)\b")
REFUSALS: Final = ("recipient", "data")
# What the server does with how many letters in a row: at least and at most.
WEATHER: Final = (
    ("accept", 40, 160),
    ("recipient", 3, 20),
    ("accept", 40, 160),
    ("shoot", 1, 1),
    ("accept", 20, 80),
    ("hang", 1, 2),
    ("accept", 40, 160),
    ("data", 3, 20),
    ("accept", 20, 80),
    ("drop", 1, 3),
)
MOODS: Final = frozenset(mood for mood, _least, _most in WEATHER)


class PostOffice:
    """Keeps what it accepted, and who brought it. `shot` says whom it killed after accepting, and when."""

    def __init__(self, dice: random.Random, scale: float) -> None:
        self.letters: list[Letter] = []
        self.met: dict[str, int] = {}
        self.shot: dict[int, datetime] = {}
        self.calm = threading.Event()
        self._weather = _weather(dice, scale)
        # By connection: the process at its other end.
        self._bringers: WeakKeyDictionary[SMTP, int] = WeakKeyDictionary()
        self._begun: dict[SMTP, datetime] = {}

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._begun[server] = datetime.now(UTC)
        if server not in self._bringers:
            self._bringers[server] = _at_the_other_end(session.peer)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = "accept" if self.calm.is_set() else next(self._weather)
        self.met[mood] = self.met.get(mood, 0) + 1
        if mood in REFUSALS:
            return "451 come back later"
        if mood == "hang":
            await asyncio.sleep(3600)  # until whoever asked has had enough
        bringer = self._bringers[server]
        # Where nobody was found at the other end, whoever brought it had died by then.
        unanswered = mood != "accept" or not bringer
        self.letters.append(letter_of(envelope, self._begun[server], bringer, unanswered=unanswered))
        if mood == "shoot" and bringer:
            os.kill(bringer, signal.SIGKILL)
            self.shot[bringer] = datetime.now(UTC)
        if mood != "accept" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"


def letter_of(envelope: Envelope, begun_at: datetime, bringer: int, *, unanswered: bool) -> Letter:
    """What is kept of a letter: from whom to whom, under which name, and about which follow-ups."""
    assert isinstance(envelope.content, bytes)
    said: Any = BytesParser(policy=default).parsebytes(envelope.content)
    name = str(said["Message-ID"])
    # A briefing says what is owed as well, to the whole shift, and reminds nobody.
    text = "" if name.startswith("<briefing.") else f"{said['Subject']}\n{_plain(said)}"
    return Letter(
        begun_at=begun_at,
        accepted_at=datetime.now(UTC),
        to=envelope.rcpt_tos[0],
        message_id=name,
        about=frozenset(map(int, NUMBER.findall(text))),
        brought_by=bringer,
        unanswered=unanswered,
    )


def _plain(said: Any) -> str:
    return str(said.get_body(("plain",)).get_content())


def _at_the_other_end(peer: Any) -> int:
    """The process at the other end of a connection; 0 when it has gone already."""
    found = (each.pid for each in psutil.net_connections("tcp4") if each.laddr == peer)
    return next(found, None) or 0


def _weather(dice: random.Random, scale: float) -> Iterator[str]:
    """What becomes of each letter in turn; with fewer letters, spells of fair weather are shorter."""
    while True:
        for mood, least, most in WEATHER:
            length = dice.randint(least, most)
            yield from [mood] * (max(1, round(length * scale)) if mood == "accept" else length)
