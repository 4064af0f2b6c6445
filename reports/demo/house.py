"""The demo's venues, shifts and people, and the logins that are printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Final

from django.contrib.auth.hashers import make_password

from staff.models import Membership, Rota, Shift, Staff, Venue

PASSWORD: Final = "welcome-back"
LOGINS_FILE: Final = "demo-logins.txt"

_VENUES: Final = (
    ("Harbour Café", "harbour-cafe", "cafe", "Europe/London", "en", "GB", "GBP", "04:00"),
    ("Lindenhof Hotel", "lindenhof", "hotel", "Europe/Berlin", "en", "DE", "EUR", "05:00"),
    ("翠园 Jade Garden", "jade-garden", "restaurant", "Asia/Shanghai", "zh-hans", "CN", "CNY", "04:00"),
)
_SHIFTS: Final = {
    "harbour-cafe": (("Morning", "07:00", "13:00"), ("Afternoon", "13:00", "19:00")),
    "lindenhof": (("Early", "06:30", "15:00"), ("Late", "14:30", "23:00"), ("Night", "22:30", "07:00")),
    "jade-garden": (("午市", "10:00", "15:30"), ("晚市", "16:00", "22:30")),
}
# name, e-mail before the @, badge, PIN, language, {venue: role}
_STAFF: Final = (
    (
        "Helen Marsh",
        "helen",
        "100",
        "1001",
        "en",
        dict.fromkeys(("harbour-cafe", "lindenhof", "jade-garden"), "owner"),
    ),
    ("Sam Carter", "sam", "201", "2011", "en", {"harbour-cafe": "front_desk"}),
    ("Lee Brooks", "lee", "202", "2022", "en", {"harbour-cafe": "front_desk"}),
    ("Aoife Kelly", "aoife", "203", "2033", "en", {"harbour-cafe": "concierge"}),
    ("Priya Nair", "priya", "204", "2044", "en", {"harbour-cafe": "manager"}),
    ("Lena Vogt", "lena", "301", "3011", "en", {"lindenhof": "front_desk"}),
    ("Emre Yılmaz", "emre", "302", "3022", "en", {"lindenhof": "front_desk"}),
    ("Eva Brandt", "eva", "303", "3033", "en", {"lindenhof": "concierge", "harbour-cafe": "concierge"}),
    ("Jonas Weber", "jonas", "304", "3044", "en", {"lindenhof": "manager"}),
    ("李明", "liming", "401", "4011", "zh-hans", {"jade-garden": "front_desk"}),
    ("周雨", "zhouyu", "402", "4022", "zh-hans", {"jade-garden": "front_desk"}),
    ("王芳", "wangfang", "403", "4033", "zh-hans", {"jade-garden": "concierge"}),
    ("陈静怡", "jingyi", "404", "4044", "zh-hans", {"jade-garden": "manager", "lindenhof": "front_desk"}),
)
_DOMAIN: Final = "demo.example"


@dataclass(slots=True)
class House:
    """The demo's venues by slug, and who works at each."""

    venues: dict[str, Venue]
    people: dict[str, Staff] = field(default_factory=dict)
    working_at: dict[str, list[Staff]] = field(default_factory=dict)

    def staff(self, first: str) -> Staff:
        """A member of the demo's staff by what stands before the @ of their address."""
        return self.people[first]


def is_demo() -> bool:
    """Whether this database holds the demo business."""
    return Venue.objects.filter(slug__in=[row[1] for row in _VENUES]).count() == len(_VENUES)


def build_house(today: date) -> House:
    """Make venues with shifts, a dozen people in all roles, a fortnight's rota. May be called again."""
    venues = {row[1]: _venue(*row) for row in _VENUES}
    house = House(venues, working_at={slug: [] for slug in venues})
    password = make_password(PASSWORD)
    for name, first, badge, pin, language, roles in _STAFF:
        person = Staff.objects.filter(email=f"{first}@{_DOMAIN}").first() or Staff(email=f"{first}@{_DOMAIN}")
        person.display_name, person.badge_number, person.language = name, badge, language
        person.password = password
        person.set_pin(pin)
        person.last_venue = venues[next(iter(roles))]
        person.save()
        house.people[first] = person
        for slug, role in roles.items():
            Membership.objects.get_or_create(
                staff=person, venue=venues[slug], ended_at=None, defaults={"role": role}
            )
            house.working_at[slug].append(person)
    _fill_rota(house, today)
    return house


def _venue(
    name: str, slug: str, industry: str, zone: str, language: str, country: str, currency: str, starts: str
) -> Venue:
    venue, _ = Venue.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "industry": industry,
            "time_zone": zone,
            "language": language,
            "country": country,
            "currency": currency,
            "business_day_starts": time.fromisoformat(starts),
        },
    )
    for shift_name, begins, ends in _SHIFTS[slug]:
        Shift.objects.get_or_create(
            venue=venue,
            name=shift_name,
            defaults={
                "starts": time.fromisoformat(begins),
                "ends": time.fromisoformat(ends),
                "weekdays": list(range(7)),
            },
        )
    return venue


def _fill_rota(house: House, today: date) -> None:
    rows = []
    for slug, venue in house.venues.items():
        shifts, people = list(venue.shifts.all()), house.working_at[slug]
        for offset in range(14):
            for place, shift in enumerate(shifts):
                for turn in range(2):
                    person = people[(offset + place * 2 + turn) % len(people)]
                    rows.append(Rota(shift=shift, staff=person, day=today + timedelta(days=offset)))
    Rota.objects.bulk_create(rows, ignore_conflicts=True)


def write_logins(folder: Path) -> Path:
    """Write the demo's logins, a line each: role, venue, e-mail, password, PIN, by tabs. Gives the file."""
    names = {row[1]: row[0] for row in _VENUES}
    lines = [
        "\t".join([role, names[slug], f"{first}@{_DOMAIN}", PASSWORD, pin])
        for _, first, _, pin, _, roles in _STAFF
        for slug, role in list(roles.items())[:1]
    ]
    path = folder / LOGINS_FILE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
