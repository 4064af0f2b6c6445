"""What the frame around each page says about what we owe."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from interactions import alive


def frame(request: HttpRequest) -> dict[str, Any]:
    """How many are due for this person, and whether reminders go out; one query, when a page shows either."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"due_count": 0, "reminders": None}
    reminders: Any = SimpleLazyObject(lambda: alive.look(membership, timezone.now()))
    due: Any = SimpleLazyObject(lambda: reminders.due)
    return {"due_count": due, "reminders": reminders}
