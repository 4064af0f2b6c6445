"""Lists within a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template.defaultfilters import join
from django.utils.translation import gettext

register = template.Library()


@register.filter(is_safe=True, needs_autoescape=True)
def listed(things: Iterable[object], *, autoescape: bool = True) -> str:
    """The things one after the other, parted as the reader's language parts them: a, b or 甲、乙."""
    said: str = join(things, gettext(", "), autoescape=autoescape)
    return said
