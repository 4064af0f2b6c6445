"""Roles at a venue and what each may do. Pure: no request, no database."""

from __future__ import annotations

from typing import Final

FRONT_DESK: Final = "front_desk"
CONCIERGE: Final = "concierge"
MANAGER: Final = "manager"
OWNER: Final = "owner"

_WORK: Final = frozenset({"work"})
_MANAGE: Final = _WORK | {
    "see_managers_only",
    "see_reports",
    "export",
    "see_house",
    "plan_shifts",
    "enrol_terminals",
    "archive_customers",
}
_OWN: Final = _MANAGE | {"manage_staff", "manage_venues"}

ABILITIES: Final[dict[str, frozenset[str]]] = {
    FRONT_DESK: _WORK,
    CONCIERGE: _WORK,
    MANAGER: _MANAGE,
    OWNER: _OWN,
}

ALL_ABILITIES: Final = _OWN


def can(role: str, ability: str) -> bool:
    """Whether a role has an ability. An unknown role has none; an unknown ability raises ValueError."""
    if ability not in ALL_ABILITIES:
        raise ValueError(f"unknown ability {ability!r}; known: {', '.join(sorted(ALL_ABILITIES))}")
    return ability in ABILITIES.get(role, frozenset())
