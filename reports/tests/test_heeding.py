"""What became of the cues that were shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from interactions.tests.factories import CueAnswerFactory
from reports.heeding import KINDS, cues_used
from reports.periods import Period
from staff.models import Staff, Venue

pytestmark = pytest.mark.django_db


def test_each_kind_is_counted_by_what_was_answered(venue: Venue, elsewhere: Venue, desk: Staff) -> None:
    now = timezone.now()
    answers = ("used", "changed", "not_now", "", "")
    for number, answer in enumerate(answers):
        CueAnswerFactory.create(
            customer__home_venue=venue,
            by=desk,
            cue_key=f"k:{number}",
            answer=answer,
            answered_at=now if answer else None,
        )
    CueAnswerFactory.create(
        customer__home_venue=venue, by=desk, cue_kind="safety", lane="safety", answer="asked", answered_at=now
    )
    CueAnswerFactory.create(customer__home_venue=elsewhere, by=desk)
    CueAnswerFactory.create(customer__home_venue=venue, by=desk, shown_at=now - timedelta(days=400))
    report = cues_used(Period.read("90", venue, timezone.now()))
    assert [(row.label, list(row.cells)) for row in report.rows] == [
        (str(KINDS["usual"]), [5, 1, 1, 1, 2]),
        (str(KINDS["safety"]), [1, 1, 0, 0, 0]),
    ]
    assert report.total is not None
    assert list(report.total.cells) == [6, 2, 1, 1, 2]
    assert report.headlines[0].value == "33%"


def test_nothing_shown_is_nothing_to_count(venue: Venue) -> None:
    assert cues_used(Period.read("90", venue, timezone.now())).is_empty
