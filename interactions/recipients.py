"""Who is told of what is due: its owner, else the people of its role, else the managers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions import scheduling
from interactions.models import FollowUp
from staff.models import Membership, Role, Rota, Staff, Venue

MANAGERS = (Role.MANAGER, Role.OWNER)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works at a venue, and who of them is on shift now (nobody where no rota covers this moment)."""

    members: tuple[Membership, ...]
    on_shift: frozenset[int]

    def with_roles(self, *roles: str) -> list[Staff]:
        """Everybody with one of the roles; only those on shift where a rota says who is."""
        people = [member.staff for member in self.members if member.role in roles]
        return [person for person in people if person.pk in self.on_shift] or people

    def told(self, follow_up: FollowUp) -> list[Staff]:
        """Whom to tell. Nobody's, or of people who left, goes to the managers; without any, to everybody."""
        owner = next((each for each in self.members if each.staff_id == follow_up.owner_id), None)
        if owner and (not self.on_shift or owner.staff_id in self.on_shift):
            return [owner.staff]
        if owner:
            # Off shift: the colleagues who can do something about it now are told as well.
            there = self.with_roles(follow_up.role or owner.role)
            return [owner.staff, *(each for each in there if each.pk in self.on_shift)]
        people = self.with_roles(follow_up.role) if follow_up.role else []
        return people or self.with_roles(*MANAGERS) or [member.staff for member in self.members]


def crews(venues: Iterable[Venue], now: datetime) -> dict[int, Crew]:
    """The crew of each venue by its id, in two queries however many there are."""
    by_id = {venue.pk: venue for venue in venues}
    members: dict[int, list[Membership]] = {pk: [] for pk in by_id}
    for member in Membership.objects.current().filter(venue__in=by_id).select_related("staff"):
        members[member.venue_id].append(member)
    on_shift = _on_shift(by_id, now)
    return {pk: Crew(tuple(members[pk]), frozenset(on_shift[pk])) for pk in by_id}


def _on_shift(venues: dict[int, Venue], now: datetime) -> dict[int, set[int]]:
    """The people whose shift runs now, by venue."""
    days = {venue.business_day(now) for venue in venues.values()}
    around = {day + timedelta(days=offset) for day in days for offset in (-1, 0)}
    found: dict[int, set[int]] = {pk: set() for pk in venues}
    for duty in Rota.objects.filter(shift__venue__in=venues, day__in=around).select_related("shift"):
        if _runs(duty, venues[duty.shift.venue_id], now):
            found[duty.shift.venue_id].add(duty.staff_id)
    return found


def _runs(duty: Rota, venue: Venue, now: datetime) -> bool:
    """Whether a duty runs now; what starts before the business day does belongs to the night that ends it."""
    shift = duty.shift
    first = duty.day + timedelta(days=shift.starts < venue.business_day_starts)
    last = first + timedelta(days=shift.ends <= shift.starts)
    starts = scheduling.at_time(first, shift.starts, venue.zone)
    return starts <= now < scheduling.at_time(last, shift.ends, venue.zone)
