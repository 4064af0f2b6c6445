"""How the people of the stories are made: one call for each thing that is known or happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from customers.models import Confirmation, ContactPoint, Customer, ImportantDate, Preference
from customers.phones import normalise
from interactions.models import (
    Complaint,
    ComplaintStep,
    FollowUp,
    Interaction,
    InteractionItem,
)
from reports.demo.house import House
from staff.models import Staff

CAFE: Final = "harbour-cafe"
HOTEL: Final = "lindenhof"
GARDEN: Final = "jade-garden"


class Teller:
    """Makes the people of the stories, row by row, and counts what it made."""

    def __init__(self, house: House, now: datetime) -> None:
        self.house = house
        self.now = now
        self.people: list[Customer] = []
        self.interactions = 0

    def ago(self, **spans: float) -> datetime:
        """A moment before now."""
        return self.now - timedelta(**spans)

    def customer(
        self, slug: str, name: str, *, preferred: str = "", phone: str = "", email: str = "", **more: Any
    ) -> Customer:
        """A customer of a venue, with a number and an address where given."""
        venue = self.house.venues[slug]
        person = Customer.objects.create(
            full_name=name, preferred_name=preferred, home_venue=venue, created_at=self.ago(days=1500), **more
        )
        self.people.append(person)
        if phone:
            ContactPoint.objects.create(
                customer=person,
                kind="phone",
                value=phone,
                normalised=normalise(phone, venue.country),
                is_primary=True,
                calls="yes",
                sms="unknown",
                created_at=person.created_at,
            )
        if email:
            ContactPoint.objects.create(
                customer=person,
                kind="email",
                value=email,
                normalised=email.lower(),
                is_primary=True,
                email="yes",
                created_at=person.created_at,
            )
        return person

    def came(
        self, person: Customer, at: datetime, *items: str, by: str, summary: str = "", **more: Any
    ) -> Interaction:
        """Something that happened with a customer; a visit unless `kind` says otherwise."""
        visit = Interaction.objects.create(
            customer=person,
            venue=more.pop("venue", person.home_venue),
            staff=self.house.staff(by),
            occurred_at=at,
            created_at=at,
            summary=summary,
            **more,
        )
        InteractionItem.objects.bulk_create(InteractionItem(interaction=visit, name=item) for item in items)
        self.interactions += 1
        return visit

    def regularly(
        self, person: Customer, days: float, times: int, *items: str, by: str, hour: int = 8
    ) -> None:
        """A visit every so many days, at about the same local hour, the last one `days` ago."""
        zone = person.home_venue.zone
        for turn in range(times, 0, -1):
            local = (self.now - timedelta(days=days * turn)).astimezone(zone)
            self.came(person, min(local.replace(hour=hour, minute=(turn * 7) % 60), self.now), *items, by=by)

    def told(
        self, person: Customer, kind: str, value: str, *, by: str, days: float, **more: Any
    ) -> Preference:
        """Something remembered, written down `days` ago; `confirmed_days` says when it was heard again."""
        again = more.pop("confirmed_days", None)
        who = self.house.staff(by)
        fact = Preference.objects.create(
            customer=person,
            kind=kind,
            value=value,
            recorded_by=who,
            recorded_at=self.ago(days=days),
            status="confirmed" if again is not None else more.pop("status", "stated"),
            confirmed_by=who if again is not None else None,
            confirmed_at=self.ago(days=again) if again is not None else None,
            **more,
        )
        if again is not None:
            Confirmation.objects.create(preference=fact, outcome="confirmed", at=self.ago(days=again), by=who)
        return fact

    def owe(self, person: Customer, text: str, due: datetime | None, *, by: str, **more: Any) -> FollowUp:
        """A promise or another follow-up of somebody's, given half a day before it is due, or just now."""
        owner: Staff | None = self.house.staff(by)
        if more.get("role"):
            owner = None
        return FollowUp.objects.create(
            customer=person,
            venue=person.home_venue,
            text=text,
            due_at=due,
            owner=owner,
            next_dispatch_at=due,
            created_by=self.house.staff(by),
            created_at=min((due or self.now) - timedelta(hours=12), self.now),
            **more,
        )

    def complained(
        self, person: Customer, category: str, about: str, at: datetime, *, by: str, **more: Any
    ) -> Complaint:
        """A complaint with the steps it has taken so far, and the interaction in which it was heard."""
        who = self.house.staff(by)
        heard = self.came(person, at, by=by, summary=about, kind="complaint", outcome="bad")
        complaint = Complaint.objects.create(
            customer=person,
            venue=person.home_venue,
            interaction=heard,
            category=category,
            about=about,
            opened_at=at,
            opened_by=who,
            **more,
        )
        self._walked(complaint, who)
        return complaint

    def _walked(self, complaint: Complaint, heard_by: Staff) -> None:
        """The steps that it has taken, by who owns it from the second on."""
        at, owner = complaint.opened_at, complaint.owner or heard_by
        quick = timedelta(minutes=20)
        steps: list[tuple[str, datetime | None, str, str]] = [
            ("heard", at, "", complaint.words),
            ("owned", at + quick if complaint.owner else None, "", ""),
            ("promised", at + 2 * quick if complaint.promised else None, complaint.promised, ""),
            ("resolved", complaint.resolved_at, complaint.offered, ""),
            ("checked", complaint.checked_at, "", str(complaint.get_reaction_display())),
            ("closed", complaint.closed_at, "", ""),
        ]
        ComplaintStep.objects.bulk_create(
            ComplaintStep(
                complaint=complaint, state=state, at=when, note=note, words=words,
                by=heard_by if state == "heard" else owner,
            )
            for state, when, note, words in steps
            if when
        )  # fmt: skip

    def born(self, person: Customer, in_days: int) -> None:
        """A birthday so many days from today, on the venue's clock."""
        day = (self.now + timedelta(days=in_days)).astimezone(person.home_venue.zone).date()
        ImportantDate.objects.create(
            customer=person,
            kind="birthday",
            month=day.month,
            day=min(day.day, 28) if day.month == 2 else day.day,
        )
