"""Who is expected at the demo's venues: always somebody in the next hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from customers.models import Customer
from interactions.models import Visit
from reports.demo.house import House
from reports.demo.menu import MENUS
from staff.models import Venue

AHEAD: Final = timedelta(hours=36)
ENOUGH: Final = 6
_STORIES: Final = {
    "harbour-cafe": ("Dana Whitfield", "Tom Okafor", "Nia Bevan", "Anna Fletcher"),
    "lindenhof": ("Paul Renard", "Omar Haddad", "Anna Müller", "Ingrid Sommer"),
    "jade-garden": ("Wang Lei", "Chen Jing", "Zeng Xiaomei", "Ouyang Na"),
}


def keep_coming(venues: dict[str, Venue], now: datetime, seed: int) -> int:
    """Expect guests at every venue, from twenty minutes to a day and a half ahead. Gives how many were added.

    A venue that already expects enough people in the next six hours is left as it is.
    """
    added = 0
    for slug, venue in venues.items():
        soon = Visit.objects.at(venue).expected_between(now, now + timedelta(hours=6)).count()
        if soon < ENOUGH:
            rows = _expected(slug, venue, now, Random(f"{seed}:{slug}:{now:%Y-%m-%d}"))
            added += len(Visit.objects.bulk_create(rows))
    return added


def expect_guests(house: House, now: datetime, seed: int) -> int:
    """The same, for a house that was just built."""
    return keep_coming(house.venues, now, seed)


def _expected(slug: str, venue: Venue, now: datetime, rng: Random) -> list[Visit]:
    people = _who(slug, venue, rng)
    menu, at, rows = MENUS[venue.industry], now + timedelta(minutes=20), []
    taken = set(
        Visit.objects.at(venue).expected_between(now, now + AHEAD).values_list("customer_id", flat=True)
    )
    for place, person in enumerate(people):
        if person.pk in taken or at > now + AHEAD:
            continue
        party = rng.choice((1, 1, 2, 2, 4))
        rows.append(
            Visit(
                customer=person,
                venue=venue,
                expected_at=at.replace(second=0, microsecond=0) - timedelta(minutes=at.minute % 5),
                party_size=2 if person.native_name == "王磊" else party,
                companions=["Lena"] if person.native_name == "王磊" else [],
                occasion=rng.choice(menu.occasions) if place % 5 == 1 else "",
                note="",
            )
        )
        at += timedelta(minutes=rng.randint(15, 55) if len(rows) < 10 else rng.randint(50, 200))
    return rows


def _who(slug: str, venue: Venue, rng: Random) -> list[Customer]:
    """The people of the stories first, then some of those who come here most."""
    by_name = {
        person.full_name: person
        for person in Customer.objects.filter(full_name__in=_STORIES[slug], home_venue=venue)
    }
    told = [by_name[name] for name in _STORIES[slug] if name in by_name]
    regulars = list(
        Customer.objects.active()
        .filter(home_venue=venue)
        .exclude(pk__in=[p.pk for p in told])
        .order_by("-visit_count", "id")[:60]
    )
    return told + rng.sample(regulars, k=min(20, len(regulars)))
