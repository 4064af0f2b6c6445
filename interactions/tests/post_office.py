"""A real mail server in the test's own process, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings


@dataclass
class PostOffice:
    """Keeps what it accepted; `says` is its answer to the next letters, None to accept them.

    `drops` has it accept a letter and hang up before it says so, like a server that dies just then.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    says: str | None = None
    says_to_recipient: str | None = None
    drops: bool = False
    # While this is set, the server takes a letter and neither keeps it nor answers.
    hangs: threading.Event = field(default_factory=threading.Event)
    was_asked: threading.Event = field(default_factory=threading.Event)
    # How many letters it holds just now; aiosmtpd takes one back when whoever brought it hangs up.
    held: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.says_to_recipient:
            return self.says_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.held += 1
        self.was_asked.set()
        try:
            while self.hangs.is_set():
                await asyncio.sleep(0.05)
        finally:
            self.held -= 1
        if server.transport is None:
            return "421 gone"  # whoever asked has hung up meanwhile
        if self.says:
            return self.says
        assert isinstance(envelope.content, bytes)
        letter: Any = BytesParser(policy=default).parsebytes(envelope.content)
        self.letters.append(letter)
        if self.drops and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"


class AnyPort(Controller):
    """A controller that takes whichever port is free."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd types only what it calls public


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A mail server that the settings name."""
    office = PostOffice()
    controller = AnyPort(office, hostname="127.0.0.1", port=0, ready_timeout=60)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 60
    yield office
    controller.stop()
