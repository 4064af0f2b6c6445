"""What we remember of one customer: read, written, heard again, changed, ended, and each taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.pages import render_page, wants_fragment
from crm.toasts import go_on, toast, undone
from customers import remembered, remembering, vocabulary
from customers.forms.preferences import AsOfForm, ChangeForm, EndForm, PreferenceForm
from customers.models import Confirmation, Customer, Preference
from customers.views.opening import fetch, is_put_away, open_page, sent
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """What we remember of them now, or knew, or was true, on a day."""
    as_of = AsOfForm(request.GET)
    day = as_of.cleaned_data.get("on") if as_of.is_valid() else None
    customer = open_page(request, pk)
    if day is None:
        return _page(request, customer, as_of=as_of)
    true = as_of.cleaned_data["sense"] == AsOfForm.TRUE
    ask = remembered.true_on if true else remembered.known_on
    context = {
        "customer": customer,
        "groups": ask(customer, request.membership, day),
        "day": day,
        "true": true,
        "as_of": as_of,
    }
    return render_page(request, "customers/preferences_on.html", context)


@require_POST
@needs("work")
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down one thing."""
    customer = fetch(request, pk)
    if is_put_away(request, customer):
        return redirect("preferences", pk)
    form = PreferenceForm(request.POST, membership=request.membership, customer=customer)
    if not form.is_valid():
        return _page(request, customer, form=form, status=422)
    said = form.said() | {"status": form.cleaned_data["status"]}
    row = remembering.remember(customer, request.membership, now=timezone.now(), **said)
    return _done(request, customer, _("Remembered: %s") % row.value, undo=("remember", row.pk))


@require_POST
@needs("work")
def confirm(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """It is still true."""
    customer, found = _fetch_row(request, pk, row)
    if is_put_away(request, customer):
        return redirect("preferences", pk)
    try:
        heard = remembering.confirm(found.pk, request.membership, now=timezone.now())
    except remembering.AlreadyHeardError as error:
        words = _("%(name)s has just confirmed it.") % {"name": error.heard.by or _("Somebody")}
        return _done(request, customer, words, heed=True)
    except remembering.EndedError as error:
        return _done(request, customer, _who_ended(error.row), heed=True)
    return _done(request, customer, _("Still true: %s") % found.value, undo=("hearing", heard.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def change(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """Say it anew; the old one is kept, and superseded."""
    customer, found = _fetch_row(request, pk, row)
    if is_put_away(request, customer):
        return redirect("preferences", pk)
    form = ChangeForm(sent(request), instance=found, membership=request.membership, customer=customer)
    if not form.is_valid():
        return _form_page(request, customer, found, form)
    why = _("written down wrong") if form.cleaned_data["was_wrong"] else _("changed")
    try:
        new = remembering.change(
            found.pk,
            request.membership,
            now=timezone.now(),
            why=why,
            was_wrong=form.cleaned_data["was_wrong"],
            status=form.cleaned_data["status"],
            **form.differing(),
        )
    except remembering.EndedError as error:
        return _form_page(request, customer, error.row, form, ended=_who_ended(error.row))
    return _done(request, customer, _("Now remembered: %s") % new.value, undo=("change", new.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def retire(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """It was so, and no longer is."""
    return _end(request, pk, row, never_true=False)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def refute(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """It never was so."""
    return _end(request, pk, row, never_true=True)


@require_POST
@needs("work")
def undo(request: StaffRequest, pk: int, verb: str, row: int) -> HttpResponse:
    """Take back what was just done; `row` is the preference, or for a hearing the confirmation."""
    customer, page = fetch(request, pk), reverse("preferences", args=[pk])
    if is_put_away(request, customer):
        return redirect("preferences", pk)
    try:
        _take_back(request, customer, verb, row)
    except remembering.CannotUndoError:
        words = _("Something has happened to it since, so it stays as it is.")
        return undone(request, page, words, heed=True)
    return undone(request, page, _("As it was before."))


def _take_back(request: StaffRequest, customer: Customer, verb: str, row: int) -> None:
    mine, now = request.membership, timezone.now()
    if verb == "hearing":
        heard = get_object_or_404(Confirmation, pk=row, preference__customer=customer)
        _fetch_row(request, customer.pk, heard.preference_id)
        remembering.undo_hearing(row, mine, now=now)
        return
    verbs: dict[str, Callable[[], object]] = {
        "remember": lambda: remembering.undo_remember(row, mine, now=now),
        "change": lambda: remembering.undo_change(row, mine, now=now),
        "ending": lambda: remembering.undo_ending(row, mine),
    }
    if verb not in verbs:
        raise Http404
    _fetch_row(request, customer.pk, row)
    verbs[verb]()


@require_safe
@needs("work")
def history(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    """One remembered thing through time: every wording, who wrote, heard and ended it."""
    customer = open_page(request, pk)
    _customer, found = _fetch_row(request, pk, row)
    context = {"customer": customer, "row": found, "chain": remembered.chain(found, request.membership)}
    return render_page(request, "customers/preference_history.html", context)


def _fetch_row(request: StaffRequest, pk: int, row: int) -> tuple[Customer, Preference]:
    """The customer and one thing remembered of them that this person may know; 404 otherwise."""
    customer = fetch(request, pk)
    seen = Preference.objects.visible_to(request.membership).select_related("recorded_by", "retired_by")
    return customer, get_object_or_404(seen, pk=row, customer=customer)


def _page(
    request: StaffRequest,
    customer: Customer,
    *,
    form: PreferenceForm | None = None,
    as_of: AsOfForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it is now, or for htmx its lists and the form."""
    context = {
        "customer": customer,
        "groups": remembered.known_now(customer, request.membership, timezone.now()),
        "ended": remembered.ended(customer, request.membership),
        "form": form or PreferenceForm(membership=request.membership, customer=customer),
        "as_of": as_of or AsOfForm(),
        "categories": _categories(request),
    }
    return render_page(request, "customers/preferences.html", context, partial="remembered", status=status)


def _categories(request: StaffRequest) -> list[str]:
    """What to suggest as a category, in the language of the page."""
    language = get_language() or ""
    return vocabulary.categories(request.venue.industry, language) + vocabulary.allergens(language)


def _form_page(
    request: StaffRequest, customer: Customer, row: Preference, form: ChangeForm, *, ended: str = ""
) -> HttpResponse:
    """The page on which a thing is said anew; after somebody else ended it, over what holds now."""
    newest = remembered.chain(row, request.membership)[0] if ended else row
    context = {
        "customer": customer,
        "row": newest,
        "form": form,
        "ended": ended,
        "categories": _categories(request),
    }
    status = 409 if ended else 422 if form.is_bound else 200
    return render_page(request, "customers/preference_change.html", context, status=status)


def _end(request: StaffRequest, pk: int, row: int, *, never_true: bool) -> HttpResponse:
    customer, found = _fetch_row(request, pk, row)
    if is_put_away(request, customer):
        return redirect("preferences", pk)
    form = EndForm(sent(request))
    if not form.is_valid():
        context = {"customer": customer, "row": found, "form": form, "never_true": never_true}
        status = 422 if form.is_bound else 200
        return render_page(request, "customers/preference_end.html", context, status=status)
    end = remembering.refute if never_true else remembering.retire
    try:
        end(found.pk, request.membership, now=timezone.now(), why=form.cleaned_data["why"])
    except remembering.EndedError as error:
        return _done(request, customer, _who_ended(error.row), heed=True)
    return _done(request, customer, _("No longer held: %s") % found.value, undo=("ending", found.pk))


def _done(
    request: StaffRequest,
    customer: Customer,
    words: str,
    *,
    undo: tuple[str, int] | None = None,
    heed: bool = False,
) -> HttpResponse:
    """Back to what is remembered, with a toast; `undo` is the verb and the row that take it back."""
    undo_url = reverse("preference_undo", args=[customer.pk, *undo]) if undo else ""
    if wants_fragment(request):
        return toast(_page(request, customer), words, undo=undo_url, heed=heed)
    return go_on(request, reverse("preferences", args=[customer.pk]), words, undo=undo_url, heed=heed)


def _who_ended(row: Preference) -> str:
    """Who was faster, when, and why."""
    told: dict[str, Any] = {
        "name": row.retired_by or _("Somebody"),
        "time": date_format(timezone.localtime(row.retired_at), "TIME_FORMAT"),
        "why": row.retired_why,
    }
    return _("%(name)s ended this at %(time)s: %(why)s") % told
