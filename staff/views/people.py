"""House: who works at the current venue, and as what."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.pages import render_page
from staff import invitations, roster
from staff.access import needs
from staff.house_forms import InvitationForm, RoleForm
from staff.middleware import StaffRequest
from staff.models import Membership, Staff


@require_safe
@needs("see_house")
def people(request: StaffRequest) -> HttpResponse:
    """Everybody who works at this venue."""
    members = Membership.objects.current().filter(venue=request.venue).select_related("staff")
    return render_page(request, "staff/house_people.html", {"members": members})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("manage_staff")
def person_new(request: StaffRequest) -> HttpResponse:
    """Add somebody: they get a mail with a link to choose a password."""
    initial = {"language": request.venue.language}
    form = InvitationForm(request.POST or None, venue=request.venue, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            membership = roster.add(**form.cleaned_data, venue=request.venue, now=timezone.now())
        except IntegrityError:
            # Somebody else added the same person, or gave away the badge number, a moment ago.
            form.add_error(None, _("Somebody has just added this person. Look at the list again."))
        else:
            tell(request, membership)
            return redirect("house_people")
    return render_page(
        request, "staff/house_person_new.html", {"form": form}, status=422 if form.errors else 200
    )


def tell(request: StaffRequest, membership: Membership) -> None:
    """Send the invitation, and say whether it went out."""
    name = {"name": membership.staff.display_name}
    if invitations.send(membership, request.staff):
        messages.success(request, _("%(name)s gets a mail with what to do next.") % name)
    else:
        text = _("%(name)s is added, but the mail did not go out. Open their page to send it again.")
        messages.warning(request, text % name)


def _member(request: StaffRequest, pk: int) -> Membership:
    members = Membership.objects.current().filter(venue=request.venue).select_related("staff", "venue")
    return get_object_or_404(members, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("manage_staff")
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One member of staff: change the role; from here also the invitation, the PIN and the end."""
    membership = _member(request, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            roster.change_role(membership, form.cleaned_data["role"])
        except roster.LastOwnerError:
            membership.refresh_from_db(fields=["role"])
            form.add_error("role", last_owner_stays())
        else:
            messages.success(request, _("Saved."))
            return redirect("house_people")
    context = {"form": form, "member": membership}
    return render_page(request, "staff/house_person.html", context, status=422 if form.errors else 200)


def last_owner_stays() -> str:
    """Why the last owner cannot be removed, and what to do."""
    return _("This is the last owner of the venue. Make somebody else an owner first.")


@require_POST
@needs("manage_staff")
def person_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End somebody's work at this venue; what they wrote stays."""
    membership = _member(request, pk)
    try:
        roster.end(membership, now=timezone.now())
    except roster.LastOwnerError:
        messages.warning(request, last_owner_stays())
        return redirect("house_person", pk=pk)
    messages.success(request, _("%(name)s no longer works here.") % {"name": membership.staff.display_name})
    # Whoever ended their own work may not see the house any more.
    return redirect("/" if membership.staff_id == request.staff.pk else "house_people")


@require_POST
@needs("manage_staff")
def person_invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the invitation again."""
    tell(request, _member(request, pk))
    return redirect("house_person", pk=pk)


@require_POST
@needs("manage_staff")
def person_pin(request: StaffRequest, pk: int) -> HttpResponse:
    """Take somebody's PIN away, so that they set a new one; also ends a wait after wrong ones."""
    membership = _member(request, pk)
    Staff.objects.filter(pk=membership.staff_id).update(pin_hash="", pin_failures=0, pin_locked_until=None)
    messages.success(request, _("%(name)s has no PIN now.") % {"name": membership.staff.display_name})
    return redirect("house_person", pk=pk)
