"""The screen that hides all others, and the way back by PIN."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from staff import unlocking
from staff.forms import PinForm
from staff.terminals import terminal_of
from staff.views.here import way_back


def _screen(request: HttpRequest, form: PinForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "terminal": terminal_of(request), "people": form.people}
    response = render(request, "staff/lock.html", context, status=status)
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """POST hides the screen and ends the session; GET shows who may come back by PIN."""
    if request.method == "POST":
        unlocking.hide(request, way_back(request))
        return redirect("lock")
    return _screen(request, PinForm(people=unlocking.may_unlock(request), chosen=unlocking.hid(request)))


@sensitive_post_parameters("pin")
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Come back by PIN, or become another person at a terminal."""
    form = PinForm(request.POST, people=unlocking.may_unlock(request))
    if not form.is_valid():
        return _screen(request, form, status=422)
    pin = form.cleaned_data["pin"]
    tried, back = unlocking.unlock(request, form.cleaned_data["person"], pin, now=timezone.now())
    if tried.right:
        return redirect(back)
    form.refuse(tried)
    return _screen(request, form, status=422)
