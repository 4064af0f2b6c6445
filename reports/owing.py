"""Reports about what we promised and what went wrong."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from interactions.models import Complaint, FollowUp
from reports.periods import Period
from reports.tables import Headline, Report, Row, hours, share, summed, with_bars


class Median(Aggregate):
    """The middle value; of an even number, halfway between the two in the middle."""

    function = "PERCENTILE_CONT"
    name = "Median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def promises_kept(period: Period) -> Report:
    """What became of the promises that fell due in the period."""
    promises = FollowUp.objects.filter(venue=period.venue, kind=FollowUp.Kind.PROMISE).annotate(
        promised_for=Coalesce("snoozed_from", "due_at")
    )
    due = promises.filter(promised_for__gte=period.start, promised_for__lte=period.now)
    done = Q(state=FollowUp.State.DONE)
    found = due.aggregate(
        on_time=Count("pk", filter=done & Q(ended_at__lte=F("promised_for"))),
        late=Count("pk", filter=done & Q(ended_at__gt=F("promised_for"))),
        called_off=Count("pk", filter=Q(state=FollowUp.State.CANCELLED)),
        open=Count("pk", filter=Q(state=FollowUp.State.OPEN)),
    )
    rows = [
        Row(_("kept on time"), [found["on_time"]]),
        Row(_("kept late"), [found["late"]]),
        Row(_("called off, with a reason"), [found["called_off"]]),
        Row(_("not kept yet"), [found["open"]]),
    ]
    counted = found["on_time"] + found["late"] + found["open"]
    return Report(
        slug="promises-kept",
        title=_("Promises kept on time"),
        definition=_(
            "Promises of this venue that fell due in the period, by what became of them. A promise that was "
            "put off counts from the time it was first due. The share leaves out what was called off."
        ),
        headings=[_("What became of them"), _("Promises")],
        rows=with_bars(rows),
        total=summed(_("All that fell due"), rows),
        headlines=[
            Headline(
                _("Kept on time"),
                share(found["on_time"], counted),
                _("%(part)d of %(whole)d") % {"part": found["on_time"], "whole": counted},
            )
        ],
        has_bars=True,
    )


def recovery_time(period: Period) -> Report:
    """What was complained about in the period, and how long it took to put right."""
    at_venue = Complaint.objects.filter(venue=period.venue)
    took = F("resolved_at") - F("opened_at")
    counts = {
        "complaints": Count("pk"),
        "waiting": Count("pk", filter=Q(resolved_at=None) & ~Q(state=Complaint.State.CLOSED)),
        "righted": Count("pk", filter=Q(resolved_at__isnull=False)),
        "closed": Count("pk", filter=Q(resolved_at=None, state=Complaint.State.CLOSED)),
        "median": Median(took, filter=Q(resolved_at__isnull=False), output_field=DurationField()),
    }
    opened = at_venue.filter(opened_at__gte=period.start, opened_at__lte=period.now)
    lines: dict[str, Any] = {
        line["category"]: line for line in opened.order_by().values("category").annotate(**counts)
    }
    rows = [
        Row(str(category.label), [*_counts_of(lines[category.value]), hours(lines[category.value]["median"])])
        for category in Complaint.Category
        if category.value in lines
    ]
    whole = opened.aggregate(**counts)
    return Report(
        slug="recovery-time",
        title=_("Complaints and time to recover"),
        definition=_(
            "Complaints opened at this venue in the period. The time to recover is the median of the hours "
            "from hearing of it to putting it right; half took less, half took longer."
        ),
        headings=[
            _("About"), _("Opened"), _("Not yet put right"), _("Put right"), _("Closed without"),
            _("Hours to recover, median"),
        ],
        rows=rows,
        total=Row(_("All complaints"), [*_counts_of(whole), hours(whole["median"])]),
        headlines=[
            Headline(_("Open now"), str(at_venue.open().count()), _("however long ago they were opened"))
        ],
    )  # fmt: skip


def _counts_of(line: dict[str, int]) -> list[int]:
    return [line[name] for name in ("complaints", "waiting", "righted", "closed")]
