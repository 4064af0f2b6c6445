"""How soon a complaint should be somebody's, and put right: the house's targets by how bad it is. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

UNOWNED: Final = "unowned"
UNRESOLVED: Final = "unresolved"

# Who was let down badly waits least for a person, and no less for it to be put right.
WITHIN: Final = {
    UNOWNED: {
        "grave": timedelta(minutes=30),
        "serious": timedelta(hours=2),
        "minor": timedelta(hours=24),
    },
    UNRESOLVED: {
        "grave": timedelta(hours=24),
        "serious": timedelta(days=3),
        "minor": timedelta(days=7),
    },
}
# In which states each target runs.
WAITS: Final = {UNOWNED: ("heard",), UNRESOLVED: ("heard", "owned", "promised")}


def target(state: str, severity: str, clock_from: datetime) -> datetime | None:
    """The moment by which the next thing should have happened; None where it is put right.

    A complaint that is nobody's has to become somebody's first. KeyError for an unknown severity.
    """
    for reason in (UNOWNED, UNRESOLVED):
        if state in WAITS[reason]:
            return clock_from + WITHIN[reason][severity]
    return None
