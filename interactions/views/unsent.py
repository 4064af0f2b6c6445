"""What was given up, of all that is sent: why, and to try again or let it go. For managers."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from interactions import unsent
from staff.access import needs
from staff.middleware import StaffRequest

SHOWN = 100
# More of them do not fit into the address of the button that brings them back.
UNDOABLE = 180
VERBS = ("retry", "dismiss")


@require_safe
@needs("see_house")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """What could not be delivered, the latest first, and what is still being tried."""
    dead = unsent.dead(request.venue, SHOWN)
    context = {
        "dead": dead,
        "count": len(dead) if len(dead) < SHOWN else unsent.count(request.venue),
        "trying": unsent.trying(request.venue, SHOWN),
    }
    return render_page(request, "interactions/unsent.html", context)


@require_POST
@needs("see_house")
def step(request: StaffRequest, kind: str, pk: int, verb: str) -> HttpResponse:
    """Try one again from the beginning, or let it go; doing so twice changes nothing."""
    if kind not in unsent.KINDS or verb not in VERBS:
        raise Http404
    get_object_or_404(unsent.KINDS[kind].objects.at(request.venue), pk=pk)
    return _do(request, verb, kind, pk)


@require_POST
@needs("see_house")
def everything(request: StaffRequest, verb: str) -> HttpResponse:
    """Try all of them again, as after an outage, or let all go."""
    if verb not in VERBS:
        raise Http404
    return _do(request, verb)


@require_POST
@needs("see_house")
def undo(request: StaffRequest) -> HttpResponse:
    """Show again what was let go."""
    gone = [
        (kind, int(pk))
        for kind in unsent.KINDS
        for pk in request.GET.getlist(kind)[:UNDOABLE]
        if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    if not unsent.bring_back(request.venue, gone):
        text = _("It was changed again since, so it cannot be taken back.")
        return toasts.undone(request, reverse("unsent"), text, heed=True)
    return toasts.undone(request, reverse("unsent"), _("Taken back."))


def _do(request: StaffRequest, verb: str, kind: str = "", pk: int | None = None) -> HttpResponse:
    where = reverse("unsent")
    if verb == "retry":
        count = unsent.try_again(request.venue, timezone.now(), kind, pk)
        text = _("It goes out again within a minute.") if kind else _again(count)
        return toasts.go_on(request, where, text)
    gone = unsent.dismiss(request.venue, kind, pk)
    text = ngettext("%(n)s was let go.", "%(n)s were let go.", len(gone)) % {"n": len(gone)}
    text = _("Let go. What it was about stays as it is.") if kind else text
    back = f"{reverse('unsent_undo')}?{urlencode(gone)}" if 0 < len(gone) <= UNDOABLE else ""
    return toasts.go_on(request, where, text, undo=back)


def _again(count: int) -> str:
    words = ngettext("%(n)s goes out again.", "%(n)s go out again.", count)
    return words % {"n": count}
