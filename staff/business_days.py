"""The business day of a moment, reckoned by the database, so that a report can group by it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import DateField, DateTimeField, DurationField, ExpressionWrapper, F, Func, Value
from django.db.models.functions import Cast

from staff.models import Venue


def business_day_of(field: str, venue: Venue) -> Cast:
    """The business day at the venue of a field of moments, as `Venue.business_day` reckons it."""
    on_the_clock = Func(Value(venue.time_zone), F(field), function="timezone", output_field=DateTimeField())
    starts = venue.business_day_starts
    into_the_day = timedelta(hours=starts.hour, minutes=starts.minute, seconds=starts.second)
    shifted = ExpressionWrapper(
        on_the_clock - Value(into_the_day, output_field=DurationField()), output_field=DateTimeField()
    )
    return Cast(shifted, DateField())
