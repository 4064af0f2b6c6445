"""The report about the cue card itself: what was shown, and what became of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.models import CueAnswer
from reports.periods import Period
from reports.tables import Headline, Report, Row, share, summed, with_bars

USED = ("used", "still_true", "done", "asked")
KINDS = {
    "safety": gettext_lazy("safety facts"),
    "repeated_failure": gettext_lazy("repeated failures"),
    "complaint_promise": gettext_lazy("what was promised for a complaint"),
    "complaint": gettext_lazy("open complaints"),
    "complaint_check": gettext_lazy("complaints to check again"),
    "promise": gettext_lazy("promises"),
    "reminder": gettext_lazy("reminders"),
    "recovery": gettext_lazy("steps of a recovery"),
    "low_score": gettext_lazy("low scores"),
    "avoid": gettext_lazy("things to avoid"),
    "need": gettext_lazy("needs"),
    "style": gettext_lazy("ways of speaking"),
    "usual": gettext_lazy("the usual"),
    "suggestion": gettext_lazy("new ideas"),
    "booking": gettext_lazy("bookings"),
    "like": gettext_lazy("likes"),
    "dislike": gettext_lazy("dislikes"),
    "first_visit": gettext_lazy("first visits"),
    "milestone": gettext_lazy("milestones"),
    "long_absence": gettext_lazy("long absences"),
    "thread": gettext_lazy("the last conversation"),
    "date": gettext_lazy("days that matter"),
    "gesture": gettext_lazy("gestures"),
    "loan": gettext_lazy("things lent"),
    "topic": gettext_lazy("topics"),
    "check": gettext_lazy("checks during a visit"),
    "closing": gettext_lazy("names given at the end"),
    "reconfirm": gettext_lazy("things to reconfirm"),
    "contradiction": gettext_lazy("contradictions"),
}


def cues_used(period: Period) -> Report:
    """Of each kind of cue, how often it was shown, used, corrected, put off, and left without an answer."""
    shown = CueAnswer.objects.filter(
        venue=period.venue, shown_at__gte=period.start, shown_at__lte=period.now
    ).order_by()
    counts = {
        "shown": Count("pk"),
        "used": Count("pk", filter=Q(answer__in=USED)),
        "corrected": Count("pk", filter=Q(answer="changed")),
        "put_off": Count("pk", filter=Q(answer="not_now")),
        "silent": Count("pk", filter=Q(answer="")),
    }
    lines: list[Any] = list(shown.values("cue_kind").annotate(**counts))
    lines.sort(key=lambda line: (-line["shown"], line["cue_kind"]))
    rows = with_bars([_row(line) for line in lines])
    total = summed(_("All cues"), rows) if rows else None
    whole, used = (int(total.cells[place] or 0) if total else 0 for place in (0, 1))
    return Report(
        slug="cues-used",
        title=_("Cues used"),
        definition=_(
            "Cues shown at this venue in the period, one for each cue, person and business day, by what was "
            "answered. Used is also done, asked and still true; corrected is changed."
        ),
        headings=[_("Kind"), _("Shown"), _("Used"), _("Corrected"), _("Not now"), _("No answer")],
        rows=rows,
        total=total,
        headlines=[Headline(_("Used"), share(used, whole), _("of what was shown"))],
        has_bars=True,
    )


def _row(line: dict[str, Any]) -> Row:
    kind = line["cue_kind"]
    return Row(
        str(KINDS.get(kind, kind)),
        [line[name] for name in ("shown", "used", "corrected", "put_off", "silent")],
    )
