"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from staff import roles


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person, their venues and what they may do, for the frame around each page. No query of its own."""
    membership = getattr(request, "membership", None)
    role = membership.role if membership else ""
    return {
        "staff": getattr(request, "staff", None),
        "memberships": getattr(request, "memberships", []),
        "membership": membership,
        "venue": getattr(request, "venue", None),
        "role": role,
        "can": {ability: roles.can(role, ability) for ability in roles.ALL_ABILITIES},
    }
