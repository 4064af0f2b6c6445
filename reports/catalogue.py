"""Every report there is, by the short name in its address."""

from __future__ import annotations

from collections.abc import Callable

from reports import heeding, knowing, owing, visiting
from reports.periods import Period
from reports.tables import Report
from staff.models import Membership

REPORTS: dict[str, Callable[[Period, Membership], Report]] = {
    "return-rate": lambda period, _: visiting.return_rate(period),
    "weekly-visits": lambda period, _: visiting.weekly_visits(period),
    "promises-kept": lambda period, _: owing.promises_kept(period),
    "recovery-time": lambda period, _: owing.recovery_time(period),
    "what-we-know": knowing.what_we_know,
    "cues-used": lambda period, _: heeding.cues_used(period),
}
"""In the order of the page. Each takes the period and who reads."""
