"""A report about what we know, and how long ago we last heard it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from customers.models import Customer, Preference
from reports.periods import Period
from reports.tables import Headline, Report, Row, share, summed, with_bars
from staff.models import Membership

FRESH = timedelta(days=90)
STALE = timedelta(days=365)


def _counted(period: Period, membership: Membership) -> dict[str, Any]:
    """How many things of each kind are held, and how long ago they were last heard; one query."""
    regulars = Customer.objects.active().filter(home_venue=period.venue)
    fresh, stale = Q(heard__gt=period.now - FRESH), Q(heard__lte=period.now - STALE)
    held = Preference.objects.visible_to(membership).known().filter(customer__in=regulars)
    lines = (
        held.annotate(heard=Coalesce("confirmed_at", "recorded_at"))
        .order_by()
        .values("kind")
        .annotate(
            all=Count("pk"),
            fresh=Count("pk", filter=fresh),
            ageing=Count("pk", filter=~fresh & ~stale),
            stale=Count("pk", filter=stale),
        )
    )
    return {line["kind"]: line for line in lines}


def what_we_know(period: Period, membership: Membership) -> Report:
    """Remembered things by kind and by how long ago they were last heard; what the reader may see."""
    lines = _counted(period, membership)
    names = ("all", "fresh", "ageing", "stale")
    rows = [
        Row(str(kind.label), [lines.get(kind.value, {}).get(name, 0) for name in names])
        for kind in Preference.Kind
    ]
    total = summed(_("Everything"), rows)
    known, old = int(total.cells[0] or 0), int(total.cells[3] or 0)
    return Report(
        slug="what-we-know",
        title=_("What we know and how stale it is"),
        definition=_(
            "Remembered things that hold now, of active customers whose home is this venue, by when they "
            "were last told or confirmed. The period above does not change it."
        ),
        headings=[
            _("Kind"),
            _("Remembered"),
            _("Heard in the last 90 days"),
            _("90 days to a year ago"),
            _("More than a year ago"),
        ],
        rows=with_bars(rows),
        total=total,
        headlines=[
            Headline(
                _("Not heard for a year"),
                share(old, known),
                _("%(part)d of %(whole)d") % {"part": old, "whole": known},
            )
        ],
        has_bars=True,
    )
