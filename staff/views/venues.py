"""House: the venues and how their clocks go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.pages import render_page
from staff import roster
from staff.access import needs
from staff.house_forms import NewVenueForm, VenueForm
from staff.middleware import StaffRequest
from staff.models import Venue


@require_safe
@needs("see_house")
def venues(request: StaffRequest) -> HttpResponse:
    """Every venue of the house, and which of them the reader may change."""
    owned = {held.venue_id for held in request.memberships if held.can("manage_venues")}
    return render_page(
        request, "staff/house_venues.html", {"venues": Venue.objects.with_head_count(), "owned": owned}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("manage_venues")
def venue_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a venue that one owns."""
    owned = [held.venue_id for held in request.memberships if held.can("manage_venues")]
    venue = get_object_or_404(Venue, pk=pk, pk__in=owned)
    form = VenueForm(request.POST or None, instance=venue)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("house_venues")
    context = {"form": form, "title": _("Change %(venue)s") % {"venue": venue.name}}
    return render_page(request, "staff/house_venue.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("manage_venues")
def venue_new(request: StaffRequest) -> HttpResponse:
    """Open another venue; whoever opens it is its first owner."""
    like = {
        "time_zone": request.venue.time_zone,
        "country": request.venue.country,
        "currency": request.venue.currency,
    }
    form = NewVenueForm(request.POST or None, initial=like)
    if request.method == "POST" and form.is_valid():
        roster.open_venue(form.save(commit=False), by=request.staff, now=timezone.now())
        messages.success(request, _("The venue is there. Change to it at the top of the page."))
        return redirect("house_venues")
    context = {"form": form, "title": _("New venue")}
    return render_page(request, "staff/house_venue.html", context, status=422 if form.errors else 200)
