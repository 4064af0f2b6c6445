"""One's own page: name, language, PIN, and the ways to sign in."""

from __future__ import annotations

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm.pages import render_page
from staff.access import needs
from staff.forms import OwnPinForm, ProfileForm
from staff.middleware import StaffRequest


def _page(
    request: StaffRequest, form: ProfileForm, pin_form: OwnPinForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "pin_form": pin_form}
    return render_page(request, "staff/profile.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def profile(request: StaffRequest) -> HttpResponse:
    """See and change one's name and language; reach password, second step and PIN."""
    form = ProfileForm(request.POST or None, instance=request.staff)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    request.staff.refresh_from_db()
    return _page(request, form, OwnPinForm(request.staff), status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_POST
@needs("work")
def own_pin(request: StaffRequest) -> HttpResponse:
    """Set, change or take away one's PIN; asks for the password, for a screen may have been left open."""
    too_often = ratelimit.consume_or_429(request, action="reauthenticate", user=request.staff)
    if too_often:
        return cast("HttpResponse", too_often)
    form = OwnPinForm(request.staff, request.POST)
    if not form.is_valid():
        return _page(request, ProfileForm(instance=request.staff), form, status=422)
    form.save()
    messages.success(
        request, _("Your PIN is set.") if form.cleaned_data["pin"] else _("You have no PIN now.")
    )
    return redirect("profile")
