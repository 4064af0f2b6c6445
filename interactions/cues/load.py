"""Loads dossiers in a fixed number of queries, each bounded: a long history costs what a short one does.

Those of many customers take as many queries as that of one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from customers.freshness import freshness, is_heard_again
from customers.models import Confirmation, Customer
from interactions.cues import experience, questions, small_rows
from interactions.cues.dossier import (
    Anniversary,
    Booking,
    Case,
    Dossier,
    Fact,
    Happening,
    Moment,
    Person,
    Todo,
)
from interactions.cues.told_once import gathered
from interactions.cues.touches import holds_back
from staff.models import Industry, Membership


def dossier(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    channel: str,
    stage: str,
    unavailable: Collection[str] = (),
) -> Dossier:
    """What this member of staff may know of a customer at an aware moment, in nine queries."""
    (found,) = dossiers([(customer, now)], membership, channel=channel, stage=stage, unavailable=unavailable)
    return found


def dossiers(
    people: Sequence[tuple[Customer, datetime]],
    membership: Membership,
    *,
    channel: str,
    stage: str,
    unavailable: Collection[str] = (),
) -> list[Dossier]:
    """What this member of staff may know of each of these customers, each at a moment, in nine queries."""
    moments = [_moment(membership, now, channel, stage, unavailable) for _customer, now in people]
    given = [
        {
            "customer": customer.pk,
            "venue": membership.venue_id,
            "staff": membership.staff_id,
            "now": moment.now,
            "today": moment.today,
        }
        for (customer, _now), moment in zip(people, moments, strict=True)
    ]
    answers = _ask(membership.role, given)
    return [_dossier(moment, each) for moment, each in zip(moments, answers, strict=True)]


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the database said of one customer."""

    around: Any
    facts: list[Any]
    happenings: tuple[Happening, ...]
    cases: list[Any]
    todos: list[Any]
    bookings: list[Any]
    shown: list[Any]
    stats: list[Any]
    ideas: list[Any]


def _ask(role: str, given: list[dict[str, Any]]) -> list[_Answers]:
    """Ask all questions of all of them, each question once."""
    around = [_around(*each) for each in zip(given, questions.around(role).ask_each(given), strict=True)]
    happenings = [
        tuple(_happening(row) for row in rows) for rows in questions.happenings(role).ask_each(given)
    ]
    booked = [
        {
            **each,
            "since": each["now"] - questions.BOOKED_BEFORE,
            "until": each["now"] + questions.BOOKED_AHEAD,
        }
        for each in given
    ]
    lately = [{**each, "since": each["now"] - experience.SHOWN_FOR} for each in given]
    had = [{**each, "items": experience.keys_of(ones)} for each, ones in zip(given, happenings, strict=True)]
    columns = (
        around,
        questions.facts(role).ask_each(given),
        happenings,
        questions.cases(role).ask_each(given),
        questions.todos(role).ask_each(given),
        questions.bookings().ask_each(booked),
        questions.shown().ask_each(lately),
        questions.stats().ask_each(had),
        questions.ideas().ask_each(had),
    )
    return [_Answers(*each) for each in zip(*columns, strict=True)]


def _dossier(moment: Moment, said: _Answers) -> Dossier:
    around = said.around
    moment = replace(moment, unavailable=moment.unavailable | set(around.out))
    facts = [(_fact(row, moment.now), row.is_visible) for row in said.facts]
    return Dossier(
        moment=moment,
        person=_person(around),
        facts=gathered(fact for fact, is_visible in facts if is_visible),
        guards=tuple(fact for fact, _seen in facts if holds_back(fact)),
        happenings=said.happenings,
        cases=tuple(_case(row, moment) for row in said.cases),
        todos=tuple(_todo(row, moment) for row in said.todos),
        bookings=tuple(_booking(row) for row in said.bookings),
        scores=tuple(small_rows.score(row) for row in around.scored),
        loans=tuple(small_rows.lent(row) for row in around.lent),
        dates=tuple(Anniversary(**row) for row in around.days),
        contacts=tuple(small_rows.contact(row) for row in around.reached_by),
        relations=tuple(small_rows.relation(row) for row in around.belonging),
        shown=experience.shown(said.shown),
        stats=experience.stats(said.stats, said.happenings),
        ideas=experience.ideas(said.ideas),
    )


def _moment(
    membership: Membership, now: datetime, channel: str, stage: str, unavailable: Collection[str]
) -> Moment:
    venue, staff = membership.venue, membership.staff
    return Moment(
        now=now,
        zone=venue.zone,
        day_starts=venue.business_day_starts,
        venue=venue.pk,
        channel=channel,
        stage=stage,
        unavailable=frozenset(unavailable),
        overnight=venue.industry == Industry.HOTEL,
        viewer=staff.display_name,
        badge=staff.badge_number,
    )


def _around(given: dict[str, Any], found: list[Any]) -> Any:
    if not found:
        raise Customer.DoesNotExist(f"no customer {given['customer']}")
    return found[0]


def _person(row: Any) -> Person:
    return Person(
        name=row.preferred_name or row.native_name or row.full_name,
        full_name=row.full_name,
        native_name=row.native_name,
        pronunciation=row.pronunciation,
        form_of_address=row.form_of_address,
        language=row.language,
        visit_count=row.visit_count,
        first_visit_at=row.first_visit_at,
        last_visit_at=row.last_visit_at,
    )


def _fact(row: Any, now: datetime) -> Fact:
    heard = [(datetime.fromisoformat(one["at"]), one["outcome"]) for one in row.heard]
    again = [at for at, outcome in heard if is_heard_again(row.kind, outcome)]
    if row.confirmed_at is not None and row.confirmed_at not in again:
        again.append(row.confirmed_at)
    fresh = freshness(
        row.kind,
        row.category,
        row.status,
        row.recorded_at,
        confirmations=again,
        contradictions=[at for at, outcome in heard if outcome == Confirmation.Outcome.CONTRADICTED],
        half_life_days=row.half_life_days,
        now=now,
        severity=row.severity,
    )
    return Fact(
        id=row.id,
        kind=row.kind,
        value=row.value,
        recorded_at=row.recorded_at,
        fresh=fresh,
        category=row.category,
        detail=row.detail,
        severity=row.severity,
        status=row.status,
        discretion=row.discretion,
        venue=row.venue_id,
        channels=frozenset(row.channels),
        dayparts=frozenset(row.dayparts),
        recorded_by=row.recorded_by__display_name or "",
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by__display_name or "",
        seen=1 + sum(outcome == Confirmation.Outcome.OBSERVED for _at, outcome in heard),
        companions=frozenset(row.company or ()),
    )


def _happening(row: Any) -> Happening:
    return Happening(
        id=row.id,
        at=row.occurred_at,
        kind=row.kind,
        channel=row.channel,
        venue=row.venue_id,
        staff=row.staff__display_name or "",
        summary=row.summary,
        words=row.words,
        outcome=row.outcome,
        discretion=row.discretion,
        companions=frozenset(row.companions),
        items=tuple(row.had),
    )


def _elsewhere(row: Any, moment: Moment) -> str:
    return "" if row.venue_id == moment.venue else row.venue__name


def _case(row: Any, moment: Moment) -> Case:
    return Case(
        id=row.id,
        category=row.category,
        about=row.about,
        opened_at=row.opened_at,
        state=row.state,
        severity=row.severity,
        words=row.words,
        owner=row.owner__display_name or "",
        promised=row.promised,
        due_at=row.due_at,
        resolved_at=row.resolved_at,
        checked_at=row.checked_at,
        closed_at=row.closed_at,
        reaction=row.reaction,
        elsewhere=_elsewhere(row, moment),
    )


def _todo(row: Any, moment: Moment) -> Todo:
    return Todo(
        id=row.id,
        kind=row.kind,
        text=row.text,
        created_at=row.created_at,
        category=row.category,
        due_at=row.due_at,
        trigger=row.trigger,
        number=row.trigger_number or 0,
        owner=row.owner__display_name or "",
        role=row.role,
        urgent=row.urgent,
        complaint=row.complaint_id,
        elsewhere=_elsewhere(row, moment),
    )


def _booking(row: Any) -> Booking:
    return Booking(
        id=row.id,
        state=row.state,
        at=row.at,
        venue=row.venue_id,
        party_size=row.party_size,
        companions=frozenset(row.companions),
        occasion=row.occasion,
        note=row.note,
    )
