"""Moments as people say them, and the sign of each kind of contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from crm.spans import span
from interactions.models import Channel, Interaction

register = template.Library()

# Days within which nobody needs to hear the year.
SAME_YEAR = 300

KIND_ICONS = {
    Interaction.Kind.CALL: "phone",
    Interaction.Kind.MESSAGE: "message-circle",
    Interaction.Kind.REQUEST: "concierge-bell",
    Interaction.Kind.COMPLIMENT: "thumbs-up",
    Interaction.Kind.COMPLAINT: "life-buoy",
    Interaction.Kind.GESTURE: "gift",
    Interaction.Kind.NO_SHOW: "user-x",
    Interaction.Kind.FEEDBACK: "star",
    Interaction.Kind.HANDOVER: "handshake",
    Interaction.Kind.NOTE: "notebook-pen",
}
CHANNEL_ICONS = {
    Channel.PHONE: "phone",
    Channel.EMAIL: "mail",
    Channel.CHAT: "message-circle",
    Channel.SOCIAL: "share-2",
    Channel.WEB: "globe",
}


@register.filter
def contact_icon(interaction: Interaction) -> str:
    """The icon of a contact: of its kind, or for a visit of the way they came."""
    return KIND_ICONS.get(Interaction.Kind(interaction.kind)) or CHANNEL_ICONS.get(
        Channel(interaction.channel), "door-open"
    )


@register.filter
def clock(moment: datetime | None) -> str:
    """The time of day on the venue's clock."""
    return "" if moment is None else formats.date_format(timezone.localtime(moment), "TIME_FORMAT")


@register.filter
def day(value: date | datetime, today: date | None = None) -> str:
    """The day as said across a counter: today, yesterday, tomorrow, Tue 12 May, or 12 May 2024."""
    asked = timezone.localtime(value).date() if isinstance(value, datetime) else value
    today = today or timezone.localdate()
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get((asked - today).days)
    if near:
        return near
    if abs((asked - today).days) >= SAME_YEAR:
        return formats.date_format(asked, "SHORT_DATE_FORMAT")
    # Each language's own order of day and month, with short names.
    short = formats.get_format("MONTH_DAY_FORMAT").replace("F", "M")
    return formats.date_format(asked, f"D {short}")


@register.filter
def ago(value: datetime, now: datetime | None = None) -> str:
    """How long ago it was: just now, 5 minutes ago, 2 days, 3 hours ago."""
    now = now or timezone.now()
    if now - value < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": span(value, now)}


@register.filter
def lasted(began: datetime, ended: datetime) -> str:
    """How long it took."""
    return span(began, ended)


@register.filter
def moment(value: datetime | None) -> str:
    """The day and the time."""
    return "" if value is None else f"{day(value)} {clock(value)}"
