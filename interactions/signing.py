"""Signatures as Standard Webhooks has them: HMAC-SHA256 over id, time and body. Pure.

https://www.standardwebhooks.com, version 1 of the signatures.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
# The standard asks for 24 to 64 bytes.
SECRET_BYTES: Final = 32


def new_secret() -> str:
    """A secret as the standard writes it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """One signature, with its version. ValueError for what is no secret."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(keys: Iterable[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; each secret signs, so that the other side may still know only the old one."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(sign(key, message_id, at, body) for key in keys),
    }
