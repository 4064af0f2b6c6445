"""Keys of other programs: made, known again, taken back."""

from __future__ import annotations

import secrets
from datetime import datetime

from staff.models import ApiKey, Membership
from staff.terminals import hashed


def make(membership: Membership, *, name: str, now: datetime) -> tuple[ApiKey, str]:
    """A new key, and the token that is shown this once: what is kept cannot be turned back into it."""
    token = secrets.token_urlsafe(32)
    return ApiKey.objects.create(
        membership=membership, name=name, token_hash=hashed(token), made_at=now
    ), token


def find(token: str) -> ApiKey | None:
    """The key that this token is, with whom it speaks for; None when it was taken back or they have left."""
    return ApiKey.objects.in_use().filter(token_hash=hashed(token)).first()


def revoke(key: ApiKey, *, now: datetime) -> None:
    """Take the key back: it opens nothing from now on. Safe to repeat."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
