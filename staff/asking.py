"""On whose behalf a command of the command line asks: it sees what that person would see."""

from __future__ import annotations

from staff.models import Membership, Role, Venue


def asking_as(*, email: str = "", venue: str = "") -> Membership:
    """The membership of the person with this e-mail address, at the venue with this short name.

    Without an address the front desk of the venue; without a venue the first one. Raises
    Membership.DoesNotExist, in words, when nobody fits.
    """
    memberships = Membership.objects.current().select_related("venue", "staff").order_by("venue__name", "id")
    if venue:
        memberships = memberships.filter(venue__slug=venue)
    memberships = (
        memberships.filter(staff__email__iexact=email) if email else memberships.filter(role=Role.FRONT_DESK)
    )
    found = memberships.first()
    if found is None:
        raise Membership.DoesNotExist(_who_is_missing(email, venue))
    return found


def _who_is_missing(email: str, venue: str) -> str:
    """Why nobody fits, in words."""
    slugs = list(Venue.objects.order_by("slug").values_list("slug", flat=True))
    if venue and venue not in slugs:
        return f"there is no venue {venue} (there is {', '.join(slugs) or 'none at all'})"
    who = f"as {email}" if email else "at a front desk"
    return f"nobody works {who} in {venue}" if venue else f"nobody works here {who}"
