"""Makes the rows of a scenario, in the caller's transaction, and deals its card."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import translation

from customers.models import Customer
from interactions import counters, item_stats
from interactions.scenarios import history, rows
from interactions.scenarios.build import Build, make_staff, make_venue
from interactions.scenarios.reading import Scenario
from interactions.scenarios.values import BadScenarioError, Row
from staff.models import Membership


def card_of(scenario: Scenario) -> dict[str, object]:
    """The card that a scenario leads to, as JSON, its sources called by the scenario's own ids.

    The rows are made in the caller's transaction, who takes them back. BadScenarioError where the
    database refuses them.
    """
    try:
        build = _built(scenario)
    except DatabaseError as error:
        raise BadScenarioError("customers", f"the database refuses it: {_first_line(error)}") from error
    with translation.override(build.venue.language):
        card = build.deal().as_json()
    return _renamed(card, build.names)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _renamed(card: dict[str, Any], names: dict[str, str]) -> dict[str, object]:
    for part in ("safety", "cues", "folded", "held"):
        for one in card[part]:
            one["source"] = names.get(one["source"], one["source"])
    return card


def _built(scenario: Scenario) -> Build:
    venue, viewer = make_venue(scenario.venue), scenario.viewer
    person = make_staff(viewer["name"], viewer.get("badge_number", ""))
    membership = Membership.objects.create(staff=person, venue=venue, role=viewer["role"])
    build = Build(scenario, venue, membership, {venue.name: venue}, {viewer["name"]: person})
    for index, row in enumerate(scenario.customers):
        build.rows[f"customers[{index}]"] = _customer(build, row, f"customers[{index}]")
    for index, row in enumerate(scenario.customers):
        _belongings(build, f"customers[{index}]", row)
    item_stats.recount(venue.pk for venue in build.venues.values())
    history.play(build, scenario.customers[0].get("card_history", []))
    return build


def _customer(build: Build, given: Row, place: str) -> Customer:
    full = given.get("full_name") or given.get("name", "")
    copied = ("preferred_name", "native_name", "pronunciation", "form_of_address", "language", "company")
    if not any((full, given.get("preferred_name"), given.get("native_name"))):
        raise BadScenarioError(f"{place}.name", "is missing")
    archived = given.get("status") == "archived"
    return Customer.objects.create(
        full_name=full,
        home_venue=build.at(given.get("home_venue")),
        birth_year=given.get("birth_year"),
        aliases=given.get("aliases", []),
        tags=given.get("tags", []),
        status=given.get("status", "active"),
        archived_at=build.now if archived else None,
        archived_why="scenario" if archived else "",
        created_at=build.now - timedelta(days=1),
        **{name: given[name] for name in copied if name in given},
    )


def _belongings(build: Build, place: str, given: Row) -> None:
    """Everything that belongs to one customer, in the order in which rows can point at each other."""
    customer: Any = build.rows[place]
    makers = {
        "contacts": rows.make_contact, "dates": rows.make_date, "relationships": rows.make_relationship,
        "interactions": rows.make_interaction, "preferences": rows.make_preference,
        "complaints": rows.make_complaint, "follow_ups": rows.make_follow_up, "visits": rows.make_visit,
        "feedback": rows.make_feedback, "loans": rows.make_loan,
    }  # fmt: skip
    for section, make in makers.items():
        for index, row in _in_order(given.get(section, [])):
            at = f"{place}.{section}[{index}]"
            build.keep(make(build, customer, row, at), row, at)
    counters.recount(customer.pk)
    said = {name: given[name] for name in counters.Counters._fields if name in given}
    if said:
        _say_counters(build, customer, said, place)


def _in_order(rows: list[Row]) -> Iterable[tuple[int, Row]]:
    """The rows with their places; one that supersedes another comes after it."""
    waiting = list(enumerate(rows))
    done: set[str | None] = {None}
    while waiting:
        here = [(index, row) for index, row in waiting if row.get("supersedes") in done]
        here = here or waiting
        yield from here
        done |= {row.get("id") for _index, row in here}
        waiting = [one for one in waiting if one not in here]


def _say_counters(build: Build, customer: Customer, said: Row, place: str) -> None:
    """Take the counters that the scenario gives for a history that it does not spell out."""
    customer.refresh_from_db()
    kept = {name: getattr(customer, name) for name in counters.Counters._fields}
    now = kept | said
    if now["visit_count"]:
        now["last_visit_at"] = now["last_visit_at"] or now["first_visit_at"] or build.now - timedelta(days=7)
        now["first_visit_at"] = now["first_visit_at"] or now["last_visit_at"] - timedelta(
            days=7 * now["visit_count"]
        )
        if now["first_visit_at"] > now["last_visit_at"]:
            raise BadScenarioError(f"{place}.first_visit_at", "lies after the last visit")
    Customer.objects.filter(pk=customer.pk).update(**now)
