"""Makes one row of a scenario each: the fields given, and what the tables need beside them."""

from __future__ import annotations

from datetime import datetime, timedelta

from customers import phones
from customers.models import ContactPoint, Customer, ImportantDate, Preference, Relationship
from interactions.models import (
    Complaint,
    ComplaintStep,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    Loan,
    PreferenceSource,
    Visit,
)
from interactions.scenarios.build import Build
from interactions.scenarios.values import BadScenarioError, Row
from staff.models import Role, Staff, Venue


def make_contact(build: Build, customer: Customer, given: Row, place: str) -> ContactPoint:
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


def make_date(_build: Build, customer: Customer, given: Row, _place: str) -> ImportantDate:
    fields = {name: value for name, value in given.items() if name != "id"}
    return ImportantDate.objects.create(customer=customer, **fields)


def make_relationship(build: Build, customer: Customer, given: Row, place: str) -> Relationship:
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


def make_interaction(build: Build, customer: Customer, given: Row, place: str) -> Interaction:
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


def make_preference(build: Build, customer: Customer, given: Row, place: str) -> Preference:
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


def make_complaint(build: Build, customer: Customer, given: Row, place: str) -> Complaint:
    state, opened = given.get("state", "heard"), given["opened_at"]
    ended = given.get("closed_at") or given.get("checked_at")
    is_resolved = state in {"resolved", "checked", "closed"}
    resolved = given.get("resolved_at") or ((ended or opened) if is_resolved else None)
    checked = given.get("checked_at") or (resolved if state == "checked" else None)
    copied = (
        "category", "words", "severity", "due_at", "closed_at", "reaction", "offered", "cost",
        "root_cause", "changed",
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


def make_follow_up(build: Build, customer: Customer, given: Row, place: str) -> FollowUp:
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


def make_visit(build: Build, customer: Customer, given: Row, place: str) -> Visit:
    state, expected = given.get("state", "expected"), given.get("expected_at")
    arrived = given.get("arrived_at")
    came = arrived or min(expected or build.now, build.now)
    if expected is None and arrived is None and state not in {"arrived", "left"}:
        raise BadScenarioError(f"{place}.expected_at", "is missing")
    size, companions = _company_of(given)
    venue = build.at(given.get("venue"))
    interaction = build.find(given.get("interaction"), Interaction, f"{place}.interaction")
    if state == "left" and interaction is None:
        interaction = _logged_visit(customer, venue, came, companions)
    return Visit.objects.create(
        customer=customer,
        venue=venue,
        state=state,
        expected_at=expected,
        arrived_at=came if state in {"arrived", "left"} else None,
        left_at=(given.get("left_at") or came) if state == "left" else None,
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


def make_feedback(build: Build, customer: Customer, given: Row, place: str) -> Feedback:
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


def make_loan(build: Build, customer: Customer, given: Row, _place: str) -> Loan:
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
