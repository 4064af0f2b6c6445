"""Who is told of what is due, and when: its owner, else the people of its role, else the managers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Protocol

from interactions import hours
from interactions.hours import Quiet, Slot, Stretch
from staff.models import Membership, Role, Rota, Shift, Staff, Venue

MANAGERS = (Role.MANAGER, Role.OWNER)
Times = tuple[time, time, Sequence[int]]


class Owed(Protocol):
    """What has to be known of a follow-up to tell who hears of it."""

    @property
    def owner_id(self) -> int | None:
        """Whose it is, if anybody's."""

    @property
    def role(self) -> str:
        """The role whose people may all do it, if any."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works at a venue, and when; without a rota nobody is on shift, and none is off it."""

    venue: Venue
    now: datetime
    members: tuple[Membership, ...]
    duties: Mapping[int, Sequence[Stretch]] = field(default_factory=dict)
    worked: Sequence[Stretch] = ()

    @property
    def on_shift(self) -> frozenset[int]:
        """Whose duty runs now."""
        running = (
            (person, duty)
            for person, duties in self.duties.items()
            for duty in duties
            if _runs(duty, self.now)
        )
        return frozenset(person for person, _duty in running)

    def with_roles(self, *roles: str) -> list[Staff]:
        """Everybody with one of the roles; only those on shift where a rota says who is."""
        people = [member.staff for member in self.members if member.role in roles]
        return [person for person in people if person.pk in self.on_shift] or people

    def told(self, owed: Owed) -> list[Staff]:
        """Whom to tell. Nobody's, or of people who left, goes to the managers; without any, to everybody."""
        owner = next((each for each in self.members if each.staff_id == owed.owner_id), None)
        if owner and (not self.duties or owner.staff_id in self.on_shift):
            return [owner.staff]
        if owner:
            # Off shift: colleagues who can do something about it are told as well, those who are there
            # now, or all where nobody is and the owner will be away for long.
            colleagues = self.with_roles(owed.role or owner.role)
            there = [each for each in colleagues if each.pk in self.on_shift]
            others = there or (colleagues if self.is_away(owner.staff) else [])
            return [owner.staff, *(each for each in others if each.pk != owner.staff_id)]
        people = self.with_roles(owed.role) if owed.role else []
        return people or self.with_roles(*MANAGERS) or [member.staff for member in self.members]

    def is_away(self, person: Staff) -> bool:
        """Whether somebody who is on the rota is not back soon."""
        duties = [duty for duty in self.duties.get(person.pk, ()) if duty.ends > self.now]
        was_on_rota = bool(self.duties.get(person.pk))
        return was_on_rota and (not duties or duties[0].starts > self.now + hours.AWAY)

    def slots(self, person: Staff) -> list[Slot]:
        """When this person can be told what is not urgent: in their own shifts, else in the venue's."""
        duties = [duty for duty in self.duties.get(person.pk, ()) if duty.ends > self.now]
        later = [each for each in self.worked if not duties or each.starts >= duties[-1].ends]
        own = hours.slots(duties, self.now, None)
        return own + hours.slots(later, self.now, self.quiet(person))

    def at_once(self, person: Staff) -> datetime:
        """When this person can be told what is urgent: now, or after their quiet hours unless on shift."""
        quiet = self.quiet(person)
        return quiet.over_by(self.now) if quiet and person.pk not in self.on_shift else self.now

    def quiet(self, person: Staff) -> Quiet | None:
        """The hours in which this person wants no e-mail, if there are any."""
        if person.quiet_from is None or person.quiet_until is None:
            return None
        return Quiet(person.quiet_from, person.quiet_until, self.venue.zone)


def crews(venues: Iterable[Venue], now: datetime) -> dict[int, Crew]:
    """The crew of each venue by its id, in three queries however many there are."""
    by_id = {venue.pk: venue for venue in venues}
    members: dict[int, list[Membership]] = {pk: [] for pk in by_id}
    for member in Membership.objects.current().filter(venue__in=by_id).select_related("staff"):
        members[member.venue_id].append(member)
    shifts: dict[int, list[Times]] = defaultdict(list)
    times: dict[int, tuple[int, time, time]] = {}
    for pk, venue_id, starts, ends, weekdays in Shift.objects.filter(venue__in=by_id).values_list(
        "pk", "venue", "starts", "ends", "weekdays"
    ):
        shifts[venue_id].append((starts, ends, weekdays))
        times[pk] = (venue_id, starts, ends)
    duties = _duties(by_id, times, now)
    return {
        pk: Crew(
            venue,
            now,
            tuple(members[pk]),
            duties[pk],
            hours.stretches(shifts[pk], venue.business_day(now), venue.business_day_starts, venue.zone),
        )
        for pk, venue in by_id.items()
    }


def _duties(
    venues: dict[int, Venue], times: dict[int, tuple[int, time, time]], now: datetime
) -> dict[int, dict[int, list[Stretch]]]:
    """Who is down for what at each venue, from yesterday on for a week: by venue and person, in order."""
    found: dict[int, dict[int, list[Stretch]]] = {pk: defaultdict(list) for pk in venues}
    days = {venue.business_day(now) for venue in venues.values()}
    span = (min(days) - timedelta(days=1), max(days) + hours.AHEAD) if days else None
    rota = Rota.objects.filter(shift__in=times, day__range=span) if span and times else Rota.objects.none()
    for shift_id, person, day in rota.values_list("shift", "staff", "day"):
        venue_id, starts, ends = times[shift_id]
        venue = venues[venue_id]
        duty = hours.shift_on(day, starts, ends, venue.business_day_starts, venue.zone)
        found[venue_id][person].append(duty)
    for people in found.values():
        for duties in people.values():
            duties.sort()
    return found


def _runs(duty: Stretch, now: datetime) -> bool:
    return duty.starts <= now < duty.ends
