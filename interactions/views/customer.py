"""One customer's own page, and what is logged there, taken back and put right."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from crm import toasts
from crm.pages import render_page, wants_fragment
from customers.models import Customer, Preference
from interactions import capture, usual
from interactions.forms.log import CorrectForm, LogForm
from interactions.models import Interaction
from interactions.views import opening
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
@never_cache
def customer(request: StaffRequest, pk: int) -> HttpResponse:
    """The page; for htmx the timeline alone, filtered, or the older entries to put below it."""
    now = timezone.now()
    person = opening.find(request, pk)
    if person.pk != pk:
        return redirect("customer", person.pk)
    context = opening.contact(request, person, now, place="customer")
    partial = "entries" if "before" in request.GET else "timeline"
    if wants_fragment(request):
        return render_page(request, "interactions/contact.html", context, partial=partial)
    context |= opening.show(request, person, now)
    return render_page(request, "interactions/customer.html", context)


@require_POST
@needs("work")
def log(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down what the log box says."""
    now = timezone.now()
    person = opening.find_active(request, pk)
    form = LogForm(request.POST, now=now)
    if not form.is_valid():
        return _ask_again(request, person, form)
    made = capture.log(person, request.membership, now=now, **form.said())
    return _logged(request, person, made)


@require_POST
@needs("work")
def log_usual(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down a visit with the usual, or a plain one of somebody who has none."""
    now = timezone.now()
    person = opening.find_active(request, pk)
    made = usual.log(person, request.membership, now=now, token=_token(request))
    return _logged(request, person, made)


@require_POST
@needs("work")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what this person just logged."""
    try:
        person = capture.undo(pk, request.membership, now=timezone.now())
    except Interaction.DoesNotExist:
        return toasts.undone(request, reverse("desk"), _("That was taken back already."))
    except capture.TooLateError:
        text = _("That can no longer be taken back. Correct it instead.")
        return toasts.undone(request, reverse("desk"), text, heed=True)
    return toasts.undone(request, _where(request, person), _("Taken back."))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Put right what was logged; what it said before stays below the form."""
    now = timezone.now()
    readable = Interaction.objects.visible_to(request.membership).select_related(
        "customer__home_venue", "staff"
    )
    entry = get_object_or_404(readable, pk=pk)
    if not capture.may_correct(entry, request.membership):
        text = _("Only who logged it, or a manager of the venue, can correct it.")
        return toasts.go_on(request, reverse("customer", args=[entry.customer_id]), text, heed=True)
    form = CorrectForm(request.POST or None, interaction=entry, now=now)
    if request.method == "POST" and form.is_valid() and _corrected(request, entry, form):
        page = reverse("customer", args=[entry.customer_id])
        return toasts.go_on(request, page, _("Corrected. What it said before is kept."))
    context = {"entry": entry, "customer": entry.customer, "form": form, "earlier": _earlier(entry, request)}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "interactions/correct.html", context, status=status)


def _corrected(request: StaffRequest, entry: Interaction, form: CorrectForm) -> bool:
    """Save it, or say that somebody was quicker and what it says now."""
    said = form.said()
    try:
        capture.correct(entry.pk, request.membership, now=form.now, seen=said.pop("seen"), **said)
    except capture.ChangedMeanwhileError:
        form.was_quicker(entry)
        return False
    return True


def _earlier(entry: Interaction, request: StaffRequest) -> list[dict[str, Any]]:
    """What it said before each correction, the last first; not what was for managers while it said so."""
    events = entry.events.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")
    if not request.membership.can("see_managers_only"):
        events = events.exclude(discretion=Preference.Discretion.MANAGERS_ONLY)
    return list(events)


def _ask_again(request: StaffRequest, person: Customer, form: LogForm) -> HttpResponse:
    """The log box again, with every word typed in it and the trouble beside it."""
    context = opening.contact(request, person, form.now, place=_place(request), form=form)
    if wants_fragment(request):
        context["usual"] = bool(usual.items_of(person, request.membership, now=form.now))
        return render_page(request, "interactions/contact.html", context, status=422)
    context |= opening.show(request, person, form.now)
    return render_page(request, "interactions/customer.html", context | {"place": "customer"}, status=422)


def _logged(request: StaffRequest, person: Customer, made: Interaction) -> HttpResponse:
    """An empty log box over the timeline with the new entry, and a toast that can take it back."""
    text, undo_url = (
        _("Logged: %(name)s.") % {"name": person.greeting_name},
        reverse("undo_log", args=[made.pk]),
    )
    if not wants_fragment(request):
        return toasts.go_on(request, _where(request, person), text, undo=undo_url)
    now = timezone.now()
    context = opening.contact(request, person, now, place=_place(request))
    context["usual"] = bool(usual.items_of(person, request.membership, now=now))
    response = render_page(request, "interactions/contact.html", context)
    trigger_client_event(response, "logged", {"customer": person.pk})
    return toasts.toast(response, text, undo=undo_url)


def _token(request: StaffRequest) -> str:
    """The token of the form; a NUL in it is left out, as the database knows none."""
    return request.POST.get("token", "").replace("\0", "")[:64]


def _place(request: StaffRequest) -> str:
    return "desk" if request.POST.get("place") == "desk" else "customer"


def _where(request: StaffRequest, person: Customer) -> str:
    """The page on which the form stood."""
    if _place(request) == "desk":
        return f"{reverse('desk')}?customer={person.pk}"
    return reverse("customer", args=[person.pk])
