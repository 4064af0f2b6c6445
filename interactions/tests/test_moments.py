"""Moments at either end of the calendar, which have no day before or after them to show."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from interactions.forms.fields import MomentField


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_moment_that_is_not_of_our_times_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        MomentField().clean(typed)
