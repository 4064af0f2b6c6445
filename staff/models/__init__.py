"""Who works here: venues, shifts, people and their roles, terminals, and who looked at whom."""

from staff.models.api_keys import ApiKey
from staff.models.people import Membership, Role, Rota, Staff, StaffManager, StaffQuerySet
from staff.models.screens import AccessLog, Terminal
from staff.models.venues import Industry, Language, Shift, Venue, VenueQuerySet, check_time_zone

__all__ = [
    "AccessLog",
    "ApiKey",
    "Industry",
    "Language",
    "Membership",
    "Role",
    "Rota",
    "Shift",
    "Staff",
    "StaffManager",
    "StaffQuerySet",
    "Terminal",
    "Venue",
    "VenueQuerySet",
    "check_time_zone",
]
