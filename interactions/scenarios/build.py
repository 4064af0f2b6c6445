"""What is being made of one scenario: its venues, its staff by name, its rows by their ids."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final

from django.db import models

from customers.models import ImportantDate, Preference
from interactions.cues import card_for
from interactions.cues.card import Card
from interactions.models import (
    Complaint,
    Feedback,
    FollowUp,
    Interaction,
    Loan,
    Visit,
)
from interactions.scenarios.reading import Scenario
from interactions.scenarios.values import BadScenarioError, Row
from staff.models import Membership, Staff, Venue

KEYS: Final = {
    Preference: "preference", Interaction: "interaction", Complaint: "complaint", FollowUp: "follow_up",
    Visit: "visit", Feedback: "feedback", Loan: "loan", ImportantDate: "date",
}  # fmt: skip


@dataclass(slots=True)
class Build:
    """What is being made of one scenario: the venue, the viewer, staff by name, rows by their ids."""

    scenario: Scenario
    venue: Venue
    membership: Membership
    venues: dict[str, Venue]
    staff: dict[str, Staff]
    rows: dict[str, Any] = field(default_factory=dict)
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
            self.staff[name] = make_staff(name)
        return self.staff[name]

    def at(self, venue: Any) -> Venue:
        """The venue a row names, made when first named; the scenario's where it names none."""
        if venue is None:
            return self.venue
        given = venue if isinstance(venue, dict) else {"name": venue}
        if given["name"] not in self.venues:
            like_here = {"time_zone": self.venue.time_zone, "industry": self.venue.industry}
            self.venues[given["name"]] = make_venue({**like_here, **given})
        return self.venues[given["name"]]

    def deal(self) -> Card:
        """The card of the first customer, from the rows made so far, in the active language."""
        return card_for(
            self.rows["customers[0]"],
            self.membership,
            now=self.now,
            channel=self.scenario.channel,
            unavailable=self.scenario.unavailable,
        )

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


def make_venue(given: Row) -> Venue:
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


def make_staff(name: str, badge: str = "") -> Staff:
    """Somebody who works here, with a login that nobody can use."""
    taken = bool(badge) and Staff.objects.filter(badge_number=badge).exists()
    made = Staff(
        email=f"{uuid.uuid4().hex}@scenario.invalid", display_name=name, badge_number="" if taken else badge
    )
    made.set_unusable_password()
    made.save()
    return made
