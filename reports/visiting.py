"""Reports about who comes and who comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions.models import Interaction
from reports.periods import Period
from reports.tables import Headline, Report, Row, share, summed, with_bars
from staff.business_days import business_day_of

# On how many different days somebody came: from, and to where it ends.
Band = tuple[int, int | None]
BANDS: tuple[Band, ...] = ((1, 1), (2, 3), (4, 7), (8, None))


def visits_in(period: Period) -> QuerySet[Interaction]:
    """The visits that were logged at the venue in the period."""
    logged = Interaction.objects.filter(venue=period.venue, kind=Interaction.Kind.VISIT)
    return logged.filter(occurred_at__gte=period.start, occurred_at__lte=period.now)


def _band_name(low: int, high: int | None) -> str:
    if high is None:
        return _("on %(low)d days or more") % {"low": low}
    if low == high:
        return ngettext("on one day", "on %(low)d days", low) % {"low": low}
    return _("on %(low)d to %(high)d days") % {"low": low, "high": high}


def people_by_days(period: Period) -> Iterator[tuple[int, int, int]]:
    """On how many days, how many customers came that often, and their visits together; one query."""
    people = (
        visits_in(period)
        .order_by()
        .values("customer")
        .annotate(days=Count(business_day_of("occurred_at", period.venue), distinct=True), times=Count("pk"))
    )
    # The database groups twice: by customer above, and by how often they came here.
    statement, parameters = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT days, count(*), sum(times) FROM ({statement}) AS people GROUP BY days",  # noqa: S608 - Django's own SQL
            parameters,
        )
        yield from cursor.fetchall()


def return_rate(period: Period) -> Report:
    """How many of those who came, came back on another day."""
    counts, visits = Counter[Band](), Counter[Band]()
    for days, customers, times in people_by_days(period):
        band = next(band for band in BANDS if band[1] is None or days <= band[1])
        counts[band] += customers
        visits[band] += int(times)
    rows = [Row(_band_name(*band), [counts[band], visits[band]]) for band in BANDS]
    came, back = counts.total(), counts.total() - counts[1, 1]
    return Report(
        slug="return-rate",
        title=_("Regulars and return rate"),
        definition=_(
            "Customers with a visit logged here in the period, by on how many different business days they "
            "came. The return rate is the share who came on two days or more."
        ),
        headings=[_("Came"), _("Customers"), _("Visits")],
        rows=with_bars(rows),
        total=summed(_("Everybody who came"), rows),
        headlines=[
            Headline(
                _("Return rate"), share(back, came), _("%(back)d of %(came)d") % {"back": back, "came": came}
            ),
            Headline(_("Regulars"), str(counts[4, 7] + counts[8, None]), _("came on four days or more")),
        ],
        has_bars=True,
    )


def weekly_visits(period: Period) -> Report:
    """How many visits each week had, and how many of them were somebody's first."""
    first = Q(occurred_at=F("customer__first_visit_at"))
    by_day = (
        visits_in(period)
        .annotate(day=business_day_of("occurred_at", period.venue))
        .values("day")
        .order_by("day")
        .annotate(visits=Count("pk"), firsts=Count("pk", filter=first))
    )
    visits, firsts = Counter[date](), Counter[date]()
    for line in by_day:
        monday = line["day"] - timedelta(days=line["day"].weekday())
        visits[monday] += line["visits"]
        firsts[monday] += line["firsts"]
    rows = [
        Row(
            date_format(monday, "DATE_FORMAT"),
            [visits[monday], firsts[monday], visits[monday] - firsts[monday]],
        )
        for monday in mondays(period)
    ]
    return Report(
        slug="weekly-visits",
        title=_("Visits a week"),
        definition=_(
            "Visits logged here, by the week of their business day, from Monday on. The first and the last "
            "week may be cut short by the period. A first visit is the customer's first at any of our venues."
        ),
        headings=[_("Week from"), _("Visits"), _("First visits"), _("Returning")],
        rows=with_bars(rows),
        total=summed(_("The whole period"), rows),
        headlines=[Headline(_("Visits"), str(visits.total()), _("in %(days)d days") % {"days": period.days})],
        has_bars=True,
    )


def mondays(period: Period) -> Iterator[date]:
    """The Monday of each week that the period touches."""
    monday = period.first_day - timedelta(days=period.first_day.weekday())
    while monday <= period.last_day:
        yield monday
        monday += timedelta(days=7)
