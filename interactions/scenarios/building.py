"""Makes the rows of a scenario, in the caller's transaction, and deals its card."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import DatabaseError, models
from django.utils import translation

from customers import phones
from customers.models import Confirmation, ContactPoint, Customer, ImportantDate, Preference, Relationship
from interactions import counters
from interactions.cues import card_for
from interactions.cues.card import Card
from interactions.models import (
    Complaint,
    ComplaintStep,
    CueAnswer,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    Loan,
    PreferenceSource,
    Visit,
)
from interactions.scenarios.reading import BadScenarioError, Row, Scenario
from staff.models import Membership, Role, Staff, Venue

KEYS: Final = {
    Preference: "preference", Interaction: "interaction", Complaint: "complaint", FollowUp: "follow_up",
    Visit: "visit", Feedback: "feedback", Loan: "loan", ImportantDate: "date",
}  # fmt: skip
LANE_OF: Final = {
    "complaint": "owed", "follow_up": "owed", "feedback": "owed", "visit": "today", "usual": "today",
    "suggestion": "today",
}  # fmt: skip
LANE_OF_KIND: Final = {
    "safety": "safety", "avoid": "must", "need": "must", "style": "must", "like": "today", "dislike": "today",
}  # fmt: skip


@dataclass(slots=True)
class Build:
    """What is being made of one scenario: the venue, the viewer, staff by name, rows by their ids."""

    scenario: Scenario
    venue: Venue
    membership: Membership
    venues: dict[str, Venue]
    staff: dict[str, Staff]
    rows: dict[str, models.Model] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """The cue key of each row, with the id that the scenario gives it."""

    @property
    def now(self) -> datetime:
        """The scenario's moment."""
        return self.scenario.now

    def person(self, name: str | None) -> Staff | None:
        """The member of staff with this name, made when first named."""
        if not name:
            return None
        if name not in self.staff:
            self.staff[name] = _staff(name)
        return self.staff[name]

    def at(self, venue: Any) -> Venue:
        """The venue a row names, made when first named; the scenario's where it names none."""
        if venue is None:
            return self.venue
        given = venue if isinstance(venue, dict) else {"name": venue}
        if given["name"] not in self.venues:
            like_here = {"time_zone": self.venue.time_zone, "industry": self.venue.industry}
            self.venues[given["name"]] = _venue({**like_here, **given})
        return self.venues[given["name"]]

    def keep(self, row: models.Model, given: Row, place: str) -> None:
        """Remember a row under its id, and how the card will call it."""
        name = given.get("id") or place
        if name in self.rows:
            raise BadScenarioError(place, f"another row has the id {name!r}")
        self.rows[name] = row
        if type(row) in KEYS:
            self.names[f"{KEYS[type(row)]}:{row.pk}"] = name

    def find(self, name: str | None, kind: type[models.Model], place: str) -> Any:
        """The row with this id. BadScenarioError when there is none of that kind."""
        if name is None:
            return None
        row = self.rows.get(name)
        if not isinstance(row, kind):
            raise BadScenarioError(place, f"no {kind._meta.verbose_name} has the id {name!r}")
        return row


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
        card = _deal(build).as_json()
    return _renamed(card, build.names)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _renamed(card: dict[str, Any], names: dict[str, str]) -> dict[str, object]:
    for part in ("safety", "cues", "folded", "held"):
        for one in card[part]:
            one["source"] = names.get(one["source"], one["source"])
    return card


def _deal(build: Build) -> Card:
    return card_for(
        build.rows["customers[0]"],
        build.membership,
        now=build.now,
        channel=build.scenario.channel,
        unavailable=build.scenario.unavailable,
    )


def _built(scenario: Scenario) -> Build:
    venue, viewer = _venue(scenario.venue), scenario.viewer
    person = _staff(viewer["name"], viewer.get("badge_number", ""))
    membership = Membership.objects.create(staff=person, venue=venue, role=viewer["role"])
    build = Build(scenario, venue, membership, {venue.name: venue}, {viewer["name"]: person})
    for index, row in enumerate(scenario.customers):
        build.rows[f"customers[{index}]"] = _customer(build, row, f"customers[{index}]")
    for index, row in enumerate(scenario.customers):
        _belongings(build, f"customers[{index}]", row)
    _card_history(build, scenario.customers[0].get("card_history", []))
    return build


def _venue(given: Row) -> Venue:
    unique = uuid.uuid4().hex[:12]
    return Venue.objects.create(
        name=given["name"],
        slug=f"scenario-{unique}",
        industry=given.get("industry", "cafe"),
        time_zone=given["time_zone"],
        language=page_language(given.get("language", "en")),
        country=str(given.get("country", "GB")).upper(),
        currency=str(given.get("currency", "EUR")).upper(),
        business_day_starts=given.get("business_day_starts", time(4)),
    )


def page_language(code: str) -> str:
    """The language of the pages nearest to a language: Chinese for every kind of Chinese, else English."""
    return "zh-hans" if code.lower().replace("_", "-").split("-")[0] in {"zh", "chinese"} else "en"


def _staff(name: str, badge: str = "") -> Staff:
    """Somebody who works here, with a login that nobody can use."""
    taken = bool(badge) and Staff.objects.filter(badge_number=badge).exists()
    made = Staff(
        email=f"{uuid.uuid4().hex}@scenario.invalid", display_name=name, badge_number="" if taken else badge
    )
    made.set_unusable_password()
    made.save()
    return made


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
        "contacts": _contact, "dates": _date, "relationships": _relationship, "interactions": _interaction,
        "preferences": _preference, "complaints": _complaint, "follow_ups": _follow_up, "visits": _visit,
        "feedback": _feedback, "loans": _loan,
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
    waiting, done = list(enumerate(rows)), set()
    while waiting:
        here = [(index, row) for index, row in waiting if row.get("supersedes") in done | {None}]
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


def _contact(build: Build, customer: Customer, given: Row, place: str) -> ContactPoint:
    value, kind = given["value"], given["kind"]
    try:
        normalised = (
            phones.normalise(value, build.venue.country) if kind == "phone" else value.strip().lower()
        )
    except ValueError as error:
        raise BadScenarioError(f"{place}.value", str(error)) from error
    start, end = given.get("hours") or (given.get("hours_from"), given.get("hours_until"))
    copied = ("label", "is_primary", "calls", "sms", "email")
    return ContactPoint.objects.create(
        customer=customer,
        kind=kind,
        value=value,
        normalised=normalised,
        hours_from=start,
        hours_until=end,
        **{name: given[name] for name in copied if name in given},
    )


def _date(_build: Build, customer: Customer, given: Row, _place: str) -> ImportantDate:
    fields = {name: value for name, value in given.items() if name != "id"}
    return ImportantDate.objects.create(customer=customer, **fields)


def _relationship(build: Build, customer: Customer, given: Row, place: str) -> Relationship:
    index = given.get("to", given.get("customer"))
    to = build.rows.get(f"customers[{index}]") if index is not None else None
    if to is None and index is not None:
        raise BadScenarioError(place, f"there is no customer number {index}")
    if to is None and "name" not in given:
        raise BadScenarioError(place, "needs a name or the index of a customer")
    return Relationship.objects.create(
        customer=customer, kind=given["kind"], to=to, name=given.get("name", ""), note=given.get("note", "")
    )


def _company_of(given: Row) -> tuple[int | None, list[str]]:
    """How many people, and which, however the row says it."""
    party = given.get("party")
    named = given.get("companions") or (party if isinstance(party, list) else [])
    size = given.get("party_size") or (party if isinstance(party, int) else None)
    return size, named


def _interaction(build: Build, customer: Customer, given: Row, place: str) -> Interaction:
    at = given.get("at") or given.get("occurred_at")
    if at is None:
        raise BadScenarioError(f"{place}.at", "is missing")
    size, companions = _company_of(given)
    copied = ("kind", "channel", "summary", "words", "outcome", "amount", "discretion")
    made = Interaction.objects.create(
        customer=customer,
        venue=build.at(given.get("venue")),
        staff=build.person(given.get("staff")),
        occurred_at=at,
        party_size=size,
        companions=companions,
        created_at=at,
        **{name: given[name] for name in copied if name in given},
    )
    InteractionItem.objects.bulk_create(
        InteractionItem(interaction=made, **item) for item in given.get("items", [])
    )
    return made


def _preference(build: Build, customer: Customer, given: Row, place: str) -> Preference:
    replaced = build.find(given.get("supersedes"), Preference, f"{place}.supersedes")
    recorded = given.get("recorded_at") or given.get("confirmed_at") or build.now
    status, why = given.get("status", "stated"), given.get("retired_why") or given.get("why", "")
    ended = given.get("retired_at") or (build.now if status == "refuted" else None)
    confirmed = given.get("confirmed_at") or (recorded if status == "confirmed" else None)
    copied = (
        "category", "detail", "severity", "discretion", "channels", "dayparts", "valid_from", "valid_until",
        "half_life_days",
    )  # fmt: skip
    made = Preference.objects.create(
        customer=customer,
        kind=given["kind"],
        value=given["value"],
        status=status,
        venue=build.at(given["venue"]) if "venue" in given else None,
        recorded_at=recorded,
        recorded_by=build.person(given.get("recorded_by")),
        confirmed_at=confirmed,
        confirmed_by=build.person(given.get("confirmed_by")),
        supersedes=replaced,
        retired_at=ended,
        retired_by=build.person(given.get("retired_by")),
        retired_why=(why or status) if ended else "",
        **{name: given[name] for name in copied if name in given},
    )
    if replaced is not None and replaced.retired_at is None:
        replaced.retired_at, replaced.retired_why = recorded, "superseded"
        replaced.save(update_fields=["retired_at", "retired_why"])
    source = build.find(
        given.get("source_interaction") or given.get("source"), Interaction, f"{place}.source"
    )
    if source is not None:
        PreferenceSource.objects.create(preference=made, interaction=source)
    return made


def _complaint(build: Build, customer: Customer, given: Row, place: str) -> Complaint:
    state, opened = given.get("state", "heard"), given["opened_at"]
    ended = given.get("closed_at") or given.get("checked_at")
    is_resolved = state in {"resolved", "checked", "closed"}
    resolved = given.get("resolved_at") or ((ended or opened) if is_resolved else None)
    checked = given.get("checked_at") or (resolved if state == "checked" else None)
    copied = (
        "category", "words", "severity", "due_at", "closed_at", "reaction", "offered", "cost", "root_cause", "changed",
    )  # fmt: skip
    made = Complaint.objects.create(
        customer=customer,
        venue=build.at(given.get("venue")),
        interaction=build.find(given.get("interaction"), Interaction, f"{place}.interaction"),
        about=given["about"],
        state=state,
        opened_at=opened,
        opened_by=build.person(given.get("opened_by")),
        owner=build.person(given.get("owner")),
        promised=given.get("promised") or ("Put it right" if state == "promised" else ""),
        resolved_at=resolved,
        checked_at=checked,
        **{name: given[name] for name in copied if name in given},
    )
    for step in given.get("steps", []):
        ComplaintStep.objects.create(
            complaint=made,
            state=step.get("state", state),
            at=step.get("at", opened),
            by=build.person(step.get("by")),
            note=step.get("note", ""),
            words=step.get("words", ""),
        )
    return made


def _trigger_of(given: Row) -> Row:
    waits = given.get("on")
    if waits is None:
        return {}
    if "absent_days" in waits:
        return {"trigger": "absent_days", "trigger_number": waits["absent_days"]}
    if waits["visit"] == "next":
        return {"trigger": "next_visit"}
    return {"trigger": "nth_visit", "trigger_number": waits["visit"]}


def _owner_of(build: Build, given: Row) -> tuple[Staff | None, str]:
    """Whose it is: a person by name, or a role, which may stand in the owner's place."""
    owner, role = given.get("owner"), given.get("role", "")
    as_role = (owner or "").strip().lower().replace(" ", "_")
    if as_role in Role.values and owner not in build.staff:
        return None, as_role
    return build.person(owner), role


def _follow_up(build: Build, customer: Customer, given: Row, place: str) -> FollowUp:
    if "due_at" not in given and "on" not in given:
        raise BadScenarioError(f"{place}.due_at", "is missing, and so is on")
    owner, role = _owner_of(build, given)
    state = given.get("state", "open")
    ended = (given.get("ended_at") or build.now) if state != "open" else None
    outcome = given.get("outcome", "") or ("called off" if state == "cancelled" else "")
    copied = ("kind", "category", "due_at", "urgent", "recurrence", "origin")
    return FollowUp.objects.create(
        customer=customer,
        venue=build.at(given.get("venue")),
        text=given["text"],
        owner=owner,
        role=role,
        state=state,
        ended_at=ended,
        outcome=outcome,
        complaint=build.find(given.get("complaint"), Complaint, f"{place}.complaint"),
        interaction=build.find(given.get("interaction"), Interaction, f"{place}.interaction"),
        created_at=given.get("created_at") or build.now - timedelta(days=1),
        created_by=build.person(given.get("created_by")),
        **_trigger_of(given),
        **{name: given[name] for name in copied if name in given},
    )


def _visit(build: Build, customer: Customer, given: Row, place: str) -> Visit:
    state, expected = given.get("state", "expected"), given.get("expected_at")
    arrived = given.get("arrived_at")
    if state in {"arrived", "left"} and arrived is None:
        arrived = min(expected or build.now, build.now)
    if expected is None and arrived is None:
        raise BadScenarioError(f"{place}.expected_at", "is missing")
    size, companions = _company_of(given)
    venue = build.at(given.get("venue"))
    interaction = build.find(given.get("interaction"), Interaction, f"{place}.interaction")
    if state == "left" and interaction is None:
        interaction = _logged_visit(customer, venue, arrived, companions)
    return Visit.objects.create(
        customer=customer,
        venue=venue,
        state=state,
        expected_at=expected,
        arrived_at=arrived if state in {"arrived", "left"} else None,
        left_at=(given.get("left_at") or arrived) if state == "left" else None,
        party_size=size,
        companions=companions,
        note=given.get("note", ""),
        occasion=given.get("occasion", ""),
        interaction=interaction,
    )


def _logged_visit(
    customer: Customer, venue: Venue, at: datetime, companions: list[str]
) -> Interaction | None:
    """A visit that is over stands on the timeline, as it would had the list been used."""
    logged = Interaction.objects.filter(customer=customer, kind=Interaction.Kind.VISIT)
    day = venue.business_day(at)
    if any(venue.business_day(one) == day for one in logged.values_list("occurred_at", flat=True)):
        return None
    return Interaction.objects.create(customer=customer, venue=venue, occurred_at=at, companions=companions)


def _feedback(build: Build, customer: Customer, given: Row, place: str) -> Feedback:
    answered = given.get("answered_at") or (build.now if given.get("answered") else None)
    return Feedback.objects.create(
        customer=customer,
        venue=build.at(given.get("venue")),
        interaction=build.find(given.get("interaction"), Interaction, f"{place}.interaction"),
        scale=given.get("scale", "csat"),
        score=given["score"],
        words=given.get("words", ""),
        at=given["at"],
        answered_at=answered,
        answered_by=build.person(given.get("answered_by")),
        recorded_by=build.person(given.get("recorded_by")),
    )


def _loan(build: Build, customer: Customer, given: Row, _place: str) -> Loan:
    returned = given.get("returned_at") or (build.now if given.get("returned") else None)
    return Loan.objects.create(
        customer=customer,
        venue=build.at(given.get("venue")),
        what=given["what"],
        lent_at=given.get("lent_at") or build.now - timedelta(days=1),
        lent_by=build.person(given.get("lent_by")),
        due_at=given.get("due_at"),
        returned_at=returned,
        returned_to=build.person(given.get("returned_to")),
    )


def _card_history(build: Build, rows: list[Row]) -> None:
    """What was shown before, and answered: the answers do to a fact what they do on the page."""
    with translation.override("en"):
        dealt = _deal(build) if rows else None
    for index, given in enumerate(rows):
        place = f"customers[0].card_history[{index}]"
        key = _cue_key(build, given, place)
        now_on_card = {cue.key: cue for cue in dealt.everything()} if dealt else {}
        at = given.get("shown_at") or given.get("at") or given.get("answered_at") or build.now
        answer, cue = given.get("answer", ""), now_on_card.get(key)
        lane = given.get("lane") or (cue.lane if cue else _lane(build, key))
        by: Any = build.person(given.get("by")) or build.membership.staff
        CueAnswer.objects.update_or_create(
            customer=build.rows["customers[0]"],
            cue_key=key,
            by=by,
            business_day=build.venue.business_day(at),
            defaults={
                "venue": build.venue,
                "cue_kind": given.get("kind") or (cue.kind if cue else key.partition(":")[0]),
                "lane": lane,
                "shown_at": at,
                "answer": answer,
                "answered_at": (given.get("answered_at") or at) if answer else None,
            },
        )
        _heard_again(build, given, answer, at, by)


def _cue_key(build: Build, given: Row, place: str) -> str:
    name = given.get("cue_of") or given.get("cue")
    if not name:
        raise BadScenarioError(f"{place}.cue_of", "is missing")
    if name in build.rows:
        row = build.rows[name]
        return f"{KEYS[type(row)]}:{row.pk}"
    return str(name)


def _lane(build: Build, key: str) -> str:
    table = key.partition(":")[0]
    if table == "preference":
        row: Any = next(
            row for row in build.rows.values() if isinstance(row, Preference) and key.endswith(f":{row.pk}")
        )
        return LANE_OF_KIND.get(row.kind, "moment")
    return LANE_OF.get(table, "moment")


def _heard_again(build: Build, given: Row, answer: str, at: datetime, by: Staff) -> None:
    row = build.rows.get(given.get("cue_of", ""))
    if not isinstance(row, Preference) or answer not in {"still_true", "changed"} or at < row.recorded_at:
        return
    outcome = Confirmation.Outcome.CONFIRMED if answer == "still_true" else Confirmation.Outcome.CONTRADICTED
    Confirmation.objects.create(preference=row, outcome=outcome, at=at, by=by)
    if answer == "still_true" and (row.confirmed_at is None or row.confirmed_at < at):
        row.status, row.confirmed_at, row.confirmed_by = Preference.Status.CONFIRMED, at, by
        row.save(update_fields=["status", "confirmed_at", "confirmed_by"])
