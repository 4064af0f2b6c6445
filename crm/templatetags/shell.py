"""The frame's navigation: where each link leads, and which one the reader is on."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


def is_current(path: str, address: str) -> bool:
    """Whether a page at this path belongs under the link to this address; the home address only to itself."""
    return path == address if address == "/" else path.startswith(address)


def link_to(context: dict[str, Any], name: str, label: str, icon: str, count: int) -> dict[str, Any]:
    """What the templates of a link need. An unknown name raises NoReverseMatch."""
    address = reverse(name)
    path = context["request"].path if "request" in context else ""
    current = is_current(path, address)
    return {"address": address, "label": label, "icon": icon, "count": count, "current": current}


@register.inclusion_tag("crm/nav_link.html", takes_context=True)
def nav_link(
    context: dict[str, Any], name: str, label: str, icon: str = "", count: int = 0
) -> dict[str, Any]:
    """A list item that links to the named address, marked when the present page lies under it."""
    return link_to(context, name, label, icon, count)


@register.inclusion_tag("crm/bar_link.html", takes_context=True)
def bar_link(
    context: dict[str, Any], name: str, label: str, icon: str = "", *, count: int = 0, count_id: str = ""
) -> dict[str, Any]:
    """The same link for the bar at the foot of a phone: icon above the word.

    A count has an id, by which the frame's question every 20 seconds finds it; none is there, and hidden.
    """
    return {**link_to(context, name, label, icon, count), "count_id": count_id}
