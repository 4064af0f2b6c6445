"""Reads a scenario file: every key known, every value good, or an error that says where and why. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from interactions.scenarios.schema import SCENARIO
from interactions.scenarios.values import BadScenarioError, Row, record


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation as plain values: moments aware, choices by their codes, rows as dictionaries."""

    now: datetime
    venue: Row
    viewer: Row
    channel: str
    unavailable: list[str]
    customers: list[Row]
    expect: Row | None
    name: str = ""


def read_file(path: Path, *, needs_expectation: bool = False) -> Scenario:
    """The scenario in a file, which may have to say what is expected. Raises BadScenarioError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadScenarioError("", f"cannot be read: {error}") from error
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise BadScenarioError("", f"is not JSON: {error}") from error
    scenario = read(data)
    if needs_expectation and scenario.expect is None:
        raise BadScenarioError("expect", "is missing")
    return scenario


def read(data: object) -> Scenario:
    """The scenario in parsed JSON. Raises BadScenarioError."""
    row = record(SCENARIO, needed=("now", "customers"))("", data)
    if not row["customers"]:
        raise BadScenarioError("customers", "needs at least one customer")
    row.pop("why", None)
    viewer = {"name": "Viewer", "role": "front_desk"} | row.pop("viewer", {})
    venue = {"name": "Venue", "time_zone": "UTC"} | row.pop("venue", {})
    defaults: Row = {"channel": "in_person", "unavailable": [], "expect": None, "name": ""}
    return Scenario(venue=venue, viewer=viewer, **{**defaults, **row})


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadScenarioError(key, "is given twice")
        found[key] = value
    return found
