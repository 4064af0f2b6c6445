"""Mails that went into files because no mail server is named: reading them without believing them.

Django writes each connection's mails into one file, with a line of dashes after each. Pure but for
reading the folder.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.policy import default
from email.utils import getaddresses
from pathlib import Path
from typing import Final

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.(log|eml)")
BETWEEN: Final = b"\n" + b"-" * 79 + b"\n"
ONE_TIME_LINK: Final = re.compile(r"\S*/password/reset/key/\S*")
LARGEST: Final = 1_000_000
LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it is shown: plain text and nothing else."""

    file: str
    at: datetime
    to: tuple[str, ...]
    subject: str
    words: str
    attachments: tuple[str, ...]

    def without_links(self) -> str:
        """The words, with every link that sets a password taken out."""
        return ONE_TIME_LINK.sub("[…]", self.words)


def newest(folder: Path, people: Collection[str]) -> list[Mail]:
    """The newest mails in the folder that went to these addresses alone, newest first."""
    files = sorted(_files(folder), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
    return [mail for file in files[:LISTED] for mail in read(file) if is_for(mail, people)]


def named(folder: Path, name: str, people: Collection[str]) -> list[Mail]:
    """The mails in one file of the folder that went to these addresses alone; none for any other name."""
    file = folder / name
    if not NAME.fullmatch(name) or not file.is_file() or file.is_symlink():
        return []
    return [mail for mail in read(file) if is_for(mail, people)]


def is_for(mail: Mail, people: Collection[str]) -> bool:
    """Whether a mail went to somebody, and to nobody but these addresses (in lower case)."""
    return bool(mail.to) and all(address in people for address in mail.to)


def read(file: Path) -> list[Mail]:
    """Every mail in a file; none from one that is too large or is not mail."""
    try:
        if file.stat().st_size > LARGEST:
            return []
        content = file.read_bytes().replace(b"\r\n", b"\n")
        at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    except OSError:
        return []
    parts = content.split(BETWEEN) if file.suffix == ".log" else [content]
    return [mail for part in parts if part.strip() and (mail := _parse(file.name, at, part))]


def _parse(name: str, at: datetime, part: bytes) -> Mail | None:
    try:
        message = message_from_bytes(part, policy=default)
        to = getaddresses([str(value) for value in message.get_all("to", [])])
        body = message.get_body(preferencelist=("plain",))
        words = str(body.get_content()) if body else ""
        attachments = tuple(str(item.get_filename() or "") for item in message.iter_attachments())
    except (MessageError, LookupError, ValueError, KeyError, AttributeError):
        return None
    addresses = tuple(address.lower() for _, address in to if address)
    return Mail(name, at, addresses, str(message["subject"] or ""), words, attachments)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        file
        for file in folder.iterdir()
        if NAME.fullmatch(file.name) and file.is_file() and not file.is_symlink()
    ]
