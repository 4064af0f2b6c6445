"""House: the shared counter screens of the current venue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.pages import render_page
from staff import terminals as terminal_screens
from staff.access import needs
from staff.house_forms import TerminalForm
from staff.middleware import StaffRequest
from staff.models import Staff, Terminal


def _page(request: StaffRequest, form: TerminalForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "terminals": Terminal.objects.in_use().filter(venue=request.venue).select_related("enrolled_by"),
        "here": terminal_screens.terminal_of(request),
        "with_pin": Staff.objects.working_at(request.venue).with_pin(),
    }
    return render_page(request, "staff/house_terminals.html", context, status=status)


@require_safe
@needs("see_house")
def terminals(request: StaffRequest) -> HttpResponse:
    """The counter screens of this venue, and whether this browser is one."""
    return _page(request, TerminalForm(venue=request.venue))


@require_POST
@needs("enrol_terminals")
def terminal_enrol(request: StaffRequest) -> HttpResponse:
    """Make this browser a terminal of the venue."""
    form = TerminalForm(request.POST, venue=request.venue)
    if not form.is_valid():
        return _page(request, form, status=422)
    response = redirect("house_terminals")
    name = form.cleaned_data["name"]
    terminal_screens.enrol(response, venue=request.venue, name=name, by=request.staff, now=timezone.now())
    messages.success(request, _("This browser is now the terminal “%(name)s”.") % {"name": name})
    return response


@require_POST
@needs("enrol_terminals")
def terminal_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a terminal back: nobody switches by PIN there any more."""
    terminal = get_object_or_404(Terminal, pk=pk, venue=request.venue)
    terminal_screens.revoke(terminal, now=timezone.now())
    messages.success(request, _("“%(name)s” is no longer a terminal.") % {"name": terminal.name})
    return redirect("house_terminals")
