"""House: the playbooks of a venue, tried before they are switched on."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from interactions import messages, playbook_history, playbooks, ready_made
from interactions.forms.playbook import PlaybookForm
from interactions.models import Playbook, PlaybookDeed
from staff.access import needs
from staff.middleware import StaffRequest

SHOWN: Final = 100


@require_safe
@needs("see_house")
def index(request: StaffRequest) -> HttpResponse:
    """The venue's playbooks with what they did in the last month, and those that may be taken up."""
    since = timezone.now() - playbooks.LAST_MONTH
    lately, made = Q(deeds__at__gte=since), Q(deeds__outcome=PlaybookDeed.Outcome.MADE)
    rows = Playbook.objects.visible_to(request.membership).annotate(
        made=Count("deeds", filter=lately & made), held=Count("deeds", filter=lately & ~made)
    )
    taken_up = {playbook.ready_made for playbook in rows}
    context = {
        "playbooks": rows.select_related("owner").order_by("switched_on_at", "name"),
        "ready": [
            each for each in ready_made.playbooks_for(request.venue.industry) if each.slug not in taken_up
        ],
        "rules": messages.rules_of(request.venue),
    }
    return render_page(request, "interactions/playbooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("see_house")
@never_cache
def new(request: StaffRequest) -> HttpResponse:
    """A new playbook, from nothing or from a ready-made one: tried before it is saved."""
    ready = ready_made.playbook_named(request.GET.get("from", ""))
    if request.GET.get("from") and ready is None:
        raise Http404
    playbook = Playbook(venue=request.venue, ready_made=ready.slug if ready else "")
    initial: dict[str, Any] = {}
    if ready:
        initial = ready.initial()
        for name, value in initial.items():
            setattr(playbook, name, value)
        initial["who"] = f"role:{playbook.role}"
    return _edited(request, playbook, initial, is_shown=ready is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("see_house")
@never_cache
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """One playbook: what it says, what it would have made, what it made, and who changed it."""
    known = Playbook.objects.visible_to(request.membership).select_related("venue", "owner", "switched_by")
    return _edited(request, get_object_or_404(known, pk=pk), {}, is_shown=True)


@require_POST
@needs("see_house")
def switch(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """Switch one on or off."""
    if verb not in {"on", "off"}:
        raise Http404
    where = reverse("house_playbook", args=[pk])
    try:
        event = playbooks.switch(pk, request.membership, on=verb == "on", now=timezone.now())
    except Playbook.DoesNotExist as error:
        raise Http404 from error
    except playbooks.UnsignedError:
        text = _("It writes to customers, and every message names a staff number. You have none yet.")
        return toasts.go_on(request, where, text, heed=True)
    text = _("Switched on. It makes what comes from now on.") if verb == "on" else _("Switched off.")
    return toasts.go_on(request, where, text, undo=_undo_address(event))


@require_POST
@needs("see_house")
def undo(request: StaffRequest) -> HttpResponse:
    """Take back a change."""
    event, where = request.GET.get("change", ""), reverse("house_playbooks")
    try:
        number = int(event) if event.isascii() and event.isdigit() and len(event) < 19 else 0
        playbook = playbooks.undo(number, request.membership)
    except (Playbook.DoesNotExist, playbooks.ChangedError):
        text = _("It was changed again since, so it cannot be taken back.")
        return toasts.undone(request, where, text, heed=True)
    return toasts.undone(request, reverse("house_playbook", args=[playbook.pk]), _("Taken back."))


def _edited(
    request: StaffRequest, playbook: Playbook, initial: dict[str, Any], *, is_shown: bool
) -> HttpResponse:
    """The page of a playbook: shown, tried with what was typed, or saved."""
    said = request.POST if request.method == "POST" else None
    form = PlaybookForm(said, instance=playbook, initial=initial, membership=request.membership)
    is_good = said is not None and form.is_valid()
    if is_good and "try" not in request.POST:
        return _saved(request, form)
    context = _page(request, playbook, form)
    if is_good or (is_shown and said is None):
        found = playbooks.trial(form.instance, timezone.now())
        context |= {"trial": found, "rows": found.rows[:SHOWN]}
    status = 422 if form.errors else 200
    return render_page(request, "interactions/playbook.html", context, status=status)


def _saved(request: StaffRequest, form: PlaybookForm) -> HttpResponse:
    try:
        event = playbooks.keep(form.instance, request.membership, seen=form.cleaned_data.get("seen") or 0)
    except playbooks.ChangedError:
        form.add_error(None, _("Somebody changed it meanwhile. Load the page again before you save."))
        return render_page(
            request, "interactions/playbook.html", _page(request, form.instance, form), status=409
        )
    where = reverse("house_playbook", args=[form.instance.pk])
    return toasts.go_on(request, where, _("Saved."), undo=_undo_address(event))


def _page(request: StaffRequest, playbook: Playbook, form: PlaybookForm) -> dict[str, Any]:
    """What stands on the page besides the trial."""
    if not playbook.pk:
        return {"form": form, "playbook": None, "ready": ready_made.playbook_named(playbook.ready_made)}
    deeds = PlaybookDeed.objects.filter(playbook=playbook).select_related("customer", "follow_up")
    return {
        "form": form,
        "playbook": Playbook.objects.select_related("switched_by").get(pk=playbook.pk),
        "deeds": deeds.order_by("-at", "-pk")[:SHOWN],
        "changes": playbook_history.changes_of(playbook),
    }


def _undo_address(event: int | None) -> str:
    return f"{reverse('house_playbook_undo')}?change={event}" if event else ""
