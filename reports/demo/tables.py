"""The tables the demo fills by COPY, and how a made-up person becomes their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from customers.models import Confirmation, ContactPoint, Customer, ImportantDate, Preference, Relationship
from interactions.models import (
    Complaint,
    ComplaintStep,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    Loan,
    PreferenceSource,
)
from reports.demo.copying import Batch, Table, next_id
from reports.demo.people import MOST_FACTS, Person

_COLUMNS: Final[dict[Any, str]] = {
    Customer: (
        "id preferred_name full_name native_name pronunciation form_of_address language birth_year "
        "company tags home_venue_id visit_count first_visit_at last_visit_at created_at updated_at"
    ),
    ContactPoint: "customer_id kind value normalised is_primary calls sms email created_at",
    Relationship: "customer_id kind name",
    ImportantDate: "customer_id kind month day calendar",
    Preference: (
        "id customer_id kind category value detail severity status discretion dayparts recorded_by_id "
        "recorded_at confirmed_by_id confirmed_at"
    ),
    Confirmation: "preference_id outcome at by_id",
    Interaction: (
        "id customer_id venue_id staff_id channel kind occurred_at summary words outcome amount "
        "party_size created_at"
    ),
    InteractionItem: "interaction_id name quantity price",
    PreferenceSource: "preference_id interaction_id",
    FollowUp: (
        "customer_id venue_id kind text due_at owner_id state ended_at ended_by_id created_by_id "
        "created_at next_dispatch_at"
    ),
    Complaint: (
        "id customer_id venue_id category about state opened_at opened_by_id owner_id resolved_at "
        "checked_at closed_at reaction"
    ),
    ComplaintStep: "complaint_id state at by_id",
    Feedback: "customer_id venue_id scale score words at",
    Loan: "customer_id venue_id what lent_at lent_by_id",
}
COPIED: Final = tuple(_COLUMNS)
_NUMBERED: Final = (Customer, Preference, Interaction, Complaint)


# Of the tables whose rows others point at: how many rows a person may have at the most, where it is not told.
_MOST: Final = {Preference: MOST_FACTS, Complaint: 1}

Ids = dict[Any, int]


def first_ids() -> Ids:
    """The first free id of each table whose rows are numbered here."""
    return {model: next_id(model) for model in _NUMBERED}


def ids_after(ids: Ids, customers: int, interactions: int) -> Ids:
    """The first ids beyond those of so many customers with so many interactions.

    Some are left out, so that nobody need wait until the people before them are made.
    """
    taken = {Customer: customers, Interaction: interactions}
    return {model: first + taken.get(model, customers * _MOST.get(model, 0)) for model, first in ids.items()}


class Rows:
    """Rows that wait to be copied, with ids given out in advance."""

    def __init__(self, now: datetime, ids: Ids) -> None:
        self.now = now
        self.tables = {model: Table(model, columns.split()) for model, columns in _COLUMNS.items()}
        self.next = dict(ids)

    def take_id(self, model: Any) -> int:
        """The next free id of a model."""
        self.next[model] += 1
        return self.next[model] - 1

    def batches(self) -> list[Batch]:
        """All that waits, parents before children."""
        return [table.batch() for table in self.tables.values()]

    def add(self, person: Person) -> int:
        """Take in a person with everything about them; gives the customer's id."""
        customer = self.take_id(Customer)
        self._customer(customer, person)
        self._reached_by(customer, person)
        visits = self._events(customer, person)
        self._facts(customer, person, visits)
        self._owed(customer, person)
        self._troubles(customer, person)
        return customer

    def _customer(self, customer: int, person: Person) -> None:
        name, visits = person.name, person.visits()
        self.tables[Customer].add(
            customer,
            name.preferred,
            name.full,
            name.native,
            name.pronunciation,
            name.form_of_address,
            name.language,
            person.birth_year,
            person.company,
            person.tags,
            person.place.venue_id,
            len(visits),
            visits[0] if visits else None,
            visits[-1] if visits else None,
            person.created_at,
            self.now,
        )

    def _reached_by(self, customer: int, person: Person) -> None:
        for contact in person.contacts:
            self.tables[ContactPoint].add(
                customer,
                contact.kind,
                contact.value,
                contact.normalised,
                "t",
                contact.calls,
                contact.sms,
                contact.email,
                person.created_at,
            )
        for pet in person.pets:
            self.tables[Relationship].add(customer, "pet", pet)
        for kind, month, day, calendar in person.dates:
            self.tables[ImportantDate].add(customer, kind, month, day, calendar)

    def _events(self, customer: int, person: Person) -> dict[datetime, int]:
        table, items, ids = self.tables[Interaction], self.tables[InteractionItem], {}
        venue = person.place.venue_id
        for event in person.events:
            ids[event.at] = interaction = self.take_id(Interaction)
            table.add(
                interaction,
                customer,
                venue,
                event.staff_id,
                event.channel,
                event.kind,
                event.at,
                event.summary,
                event.words,
                event.outcome,
                event.amount,
                event.party_size,
                event.at,
            )
            for name, quantity, price in event.items:
                items.add(interaction, name, quantity, price)
        return ids

    def _facts(self, customer: int, person: Person, visits: dict[datetime, int]) -> None:
        for told in person.facts:
            fact, row = told.fact, self.take_id(Preference)
            self.tables[Preference].add(
                row,
                customer,
                fact.kind,
                fact.category,
                fact.value,
                fact.detail,
                fact.severity,
                told.status,
                fact.discretion,
                fact.dayparts,
                told.staff_id,
                told.recorded_at,
                told.staff_id if told.confirmed_at else None,
                told.confirmed_at,
            )
            if told.confirmed_at:
                self.tables[Confirmation].add(row, "confirmed", told.confirmed_at, told.staff_id)
            if told.recorded_at in visits:
                self.tables[PreferenceSource].add(row, visits[told.recorded_at])

    def _owed(self, customer: int, person: Person) -> None:
        for owed in person.owed:
            done = owed.done_at is not None
            self.tables[FollowUp].add(
                customer,
                person.place.venue_id,
                "promise",
                owed.text,
                owed.due_at,
                owed.owner_id,
                "done" if done else "open",
                owed.done_at,
                owed.owner_id if done else None,
                owed.owner_id,
                owed.created_at,
                None if done else owed.due_at,
            )
        for score, at, words in person.scores:
            self.tables[Feedback].add(customer, person.place.venue_id, "csat", score, words, at)
        for what, at, by in person.lent:
            self.tables[Loan].add(customer, person.place.venue_id, what, at, by)

    def _troubles(self, customer: int, person: Person) -> None:
        for trouble in person.troubles:
            row, mended = self.take_id(Complaint), trouble.resolved_at
            self.tables[Complaint].add(
                row,
                customer,
                person.place.venue_id,
                trouble.category,
                trouble.about,
                "closed" if mended else "heard",
                trouble.opened_at,
                trouble.owner_id,
                trouble.owner_id if mended else None,
                mended,
                mended,
                mended,
                "good" if mended else "",
            )
            steps = (("heard", trouble.opened_at), ("resolved", mended), ("closed", mended))
            for state, at in steps:
                if at:
                    self.tables[ComplaintStep].add(row, state, at, trouble.owner_id)
