"""How what we know of a customer is written on a page."""

from __future__ import annotations

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from customers import phones
from customers.forms.preferences import Daypart, Means
from customers.models import ContactPoint, Customer, Preference
from staff.models import Venue

register = template.Library()


@register.filter
def written_for(contact: ContactPoint, venue: Venue) -> str:
    """A contact as people at the venue write it: a phone number grouped, the rest as it was typed."""
    if contact.kind == ContactPoint.Kind.PHONE:
        return phones.shown(contact.normalised, venue.country)
    return contact.value


@register.filter
def first_number(customer: Customer) -> str:
    """The end of the phone number to use first; empty without one. Reads the prefetched contacts."""
    for contact in customer.contacts.all():
        if contact.kind == ContactPoint.Kind.PHONE:
            return f"··{phones.ending(contact.normalised)}"
    return ""


@register.filter
def language_name(tag: str) -> str:
    """A language tag in words of the page's language; one that Django does not know stays a tag."""
    try:
        return str(get_language_info({"zh": "zh-hans"}.get(tag.lower(), tag.lower()))["name_translated"])
    except KeyError:
        return tag


@register.filter
def when_and_where(preference: Preference) -> str:
    """Where, when and on which channels a remembered thing holds, in words; empty where it always does."""
    parts = [preference.venue.name] if preference.venue else []
    parts += [str(Daypart(part).label) for part in preference.dayparts]
    parts += [str(Means(channel).label) for channel in preference.channels]
    if preference.valid_from:
        parts.append(_("from %s") % date_format(preference.valid_from, "DATE_FORMAT"))
    if preference.valid_until:
        parts.append(_("until %s") % date_format(preference.valid_until, "DATE_FORMAT"))
    return " · ".join(parts)
