"""The marks of a customer on a list."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from interactions.marks import Marks

register = template.Library()


@register.filter
def marks_of(marks: Mapping[int, Marks], customer: int) -> Marks:
    """One customer's marks among those of a list; none for somebody else."""
    return marks.get(customer, Marks())
