"""Dossiers for tests of the pure rules: made by hand, or by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from customers.freshness import freshness
from interactions.cues.dossier import (
    Anniversary,
    Booking,
    Case,
    Contact,
    Dossier,
    Fact,
    Happening,
    Lent,
    Moment,
    Person,
    Score,
    Shown,
    Todo,
)

NOW = datetime(2026, 5, 13, 10, 0, tzinfo=UTC)
HERE = 1
MOMENT = Moment(
    now=NOW, zone=ZoneInfo("Europe/London"), day_starts=time(4), venue=HERE, viewer="Sam", badge="12"
)


def ago(days: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


def fact(
    pk: int = 1, kind: str = "like", value: str = "Window table", *, days: float = 10, **more: Any
) -> Fact:
    """Something they told us, and how fresh that is."""
    recorded = ago(days)
    status = more.get("status", "stated")
    confirmed = more.get("confirmed_at")
    fresh = freshness(
        kind, more.get("category", ""), status, recorded,
        confirmations=[confirmed] if confirmed else [], contradictions=[], half_life_days=None, now=NOW,
        severity=more.get("severity", ""),
    )  # fmt: skip
    return Fact(id=pk, kind=kind, value=value, recorded_at=recorded, fresh=fresh, **more)


def dossier(*facts: Fact, moment: Moment = MOMENT, **more: Any) -> Dossier:
    """A regular with some visits behind them; what may be read also guards."""
    person = more.pop(
        "person", Person(name="Nia", visit_count=3, first_visit_at=ago(90), last_visit_at=ago(20))
    )
    guards = more.pop("guards", tuple(one for one in facts if one.kind in {"safety", "avoid", "dislike"}))
    return Dossier(moment=moment, person=person, facts=facts, guards=guards, **more)


def on(stage: str = "arrival", channel: str = "in_person", **more: Any) -> Moment:
    """Another moment."""
    return replace(MOMENT, stage=stage, channel=channel, **more)


WORDS = st.sampled_from(
    [
        "Window table", "No alcohol", "Peanut allergy", "Vegetarian", "Oat flat white",
        "Do not mention the divorce",
        "No coriander", "Coriander", "Quiet room", "靠窗", "不喝酒", "坚果过敏", "Red wine", "Birthday fuss",
    ]
)  # fmt: skip
OFFERS = st.sampled_from(
    [
        "Bottle of wine",
        "Amaretti",
        "Call back",
        "送一份杏仁豆腐",
        "Birthday cake",
        "Lemon slice",
        "Steak dinner",
    ]
)
DAYS = st.floats(min_value=0.01, max_value=2000)
TIMES = DAYS.map(ago)
KINDS = st.sampled_from(["safety", "need", "like", "dislike", "avoid", "style", "topic"])
COMPANY = st.frozensets(st.sampled_from(["Lena", "Mia"]), max_size=2)


@st.composite
def facts(draw: st.DrawFn, pk: int) -> Fact:
    """Any fact."""
    kind = draw(KINDS)
    return fact(
        pk,
        kind,
        draw(WORDS),
        days=draw(DAYS),
        category=draw(st.sampled_from(["", "alcohol", "seating", "coriander"])),
        severity=draw(st.sampled_from(["", "severe", "moderate", "mild", "ask"])) if kind == "safety" else "",
        status=draw(st.sampled_from(["stated", "observed"])),
        discretion=draw(st.sampled_from(["say_aloud", "act_silently"])),
        venue=draw(st.sampled_from([None, HERE, 2])),
        dayparts=draw(st.frozensets(st.sampled_from(["morning", "evening"]), max_size=1)),
        companions=draw(COMPANY),
    )


@st.composite
def happenings(draw: st.DrawFn, pk: int) -> Happening:
    """Any contact."""
    return Happening(
        id=pk,
        at=draw(TIMES),
        kind=draw(st.sampled_from(["visit", "call", "complaint"])),
        channel=draw(st.sampled_from(["in_person", "phone"])),
        venue=draw(st.sampled_from([HERE, 2])),
        summary=draw(st.sampled_from(["", "Talked about the divorce", "Lisbon"])),
        companions=draw(COMPANY),
        items=draw(
            st.sampled_from([(), ("Oat flat white",), ("Lamb",), ("Oat flat white", "Almond croissant")])
        ),
    )


@st.composite
def cases(draw: st.DrawFn, pk: int) -> Case:
    """Any complaint."""
    state = draw(st.sampled_from(["heard", "owned", "promised", "resolved", "checked", "closed"]))
    opened = draw(TIMES)
    return Case(
        id=pk,
        category=draw(st.sampled_from(["wait", "noise", "other"])),
        about=draw(st.sampled_from(["Waited 40 minutes", "Noise from the lift", "Soup was cold"])),
        opened_at=opened,
        state=state,
        promised="Call back" if state == "promised" else "",
        due_at=draw(st.none() | TIMES),
        resolved_at=opened if state in {"resolved", "checked", "closed"} else None,
        reaction=draw(st.sampled_from(["", "good", "neutral", "bad"])),
    )


@st.composite
def todos(draw: st.DrawFn, pk: int) -> Todo:
    """Any open follow-up."""
    due = draw(st.none() | TIMES | DAYS.map(lambda days: NOW + timedelta(days=days)))
    return Todo(
        id=pk,
        kind=draw(st.sampled_from(["promise", "reminder", "gesture", "date", "playbook", "recovery"])),
        text=draw(OFFERS),
        created_at=ago(1),
        category=draw(st.sampled_from(["", "alcohol"])),
        due_at=due,
        trigger=""
        if due
        else draw(st.sampled_from(["next_visit", "nth_visit", "absent_days", "absent_rhythm"])),
        number=draw(st.integers(1, 50)),
        complaint=draw(st.sampled_from([None, 1])),
    )


def several(make: Any, most: int = 5) -> st.SearchStrategy[tuple[Any, ...]]:
    """Some rows with different ids."""
    return st.integers(0, most).flatmap(lambda count: st.tuples(*(make(pk) for pk in range(1, count + 1))))


KEYS = st.sampled_from(
    [f"{table}:{pk}" for table in ("preference", "follow_up", "complaint") for pk in range(1, 4)]
)
SHOWN = st.dictionaries(
    KEYS,
    st.builds(
        Shown,
        days=st.integers(0, 20),
        used=st.integers(0, 9),
        ignored=st.integers(0, 20),
        today=st.frozensets(st.sampled_from(["used", "not_now", "still_true", "asked", "done"]), max_size=2),
        lane=st.sampled_from(["owed", "must", "today", "moment", "verify"]),
    ),
)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """Any dossier, at any stage and on any channel."""
    known = draw(several(facts, 8))
    hidden = (
        fact(99, draw(st.sampled_from(["avoid", "safety"])), "Hushhush wine", category="alcohol")
        if draw(st.booleans())
        else None
    )
    guards = tuple(one for one in known if one.kind in {"safety", "avoid", "dislike"})
    return Dossier(
        moment=on(
            draw(st.sampled_from(["before", "arrival", "during", "leaving", "after"])),
            draw(st.sampled_from(["in_person", "phone", "email", "chat", "social", "web"])),
        ),
        person=draw(
            st.sampled_from(
                [
                    Person(name="Nia"),
                    Person("Nia", visit_count=9, first_visit_at=ago(300), last_visit_at=ago(60)),
                ]
            )
        ),
        facts=known,
        guards=(*guards, hidden) if hidden else guards,
        happenings=tuple(sorted(draw(several(happenings, 6)), key=lambda one: one.at, reverse=True)),
        cases=draw(several(cases, 3)),
        todos=draw(several(todos, 4)),
        bookings=draw(
            st.sampled_from(
                [
                    (),
                    (Booking(1, "arrived", NOW, HERE, 2, frozenset({"Lena"}), "birthday", "Wants red wine"),),
                ]
            )
        ),
        scores=draw(st.sampled_from([(), (Score(1, ago(5), "csat", 1, "Rushed"),)])),
        loans=draw(st.sampled_from([(), (Lent(1, "Umbrella", ago(9)),)])),
        dates=draw(st.sampled_from([(), (Anniversary(1, "birthday", 5, 13),)])),
        contacts=draw(st.sampled_from([(), (Contact("phone", calls="yes", hours=(time(14), time(17))),)])),
        shown=draw(SHOWN),
    )
