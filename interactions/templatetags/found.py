"""What was looked for and not found, as the beginning of a new customer."""

from __future__ import annotations

from django import template
from django.utils.http import urlencode

from customers.lookup import Found

register = template.Library()


@register.filter
def create_query(found: Found) -> str:
    """The query string that opens the form for a new customer with what was typed in the right fields."""
    return f"?{urlencode(found.create_with)}" if found.create_with else ""
