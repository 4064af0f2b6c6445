"""Contacts, people and dates of one customer, each added, changed and removed in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.pages import render_page, wants_fragment
from crm.toasts import go_on, toast, undone
from customers import belongings
from customers.belongings import Belonging
from customers.editing import PutAwayError
from customers.forms.people import ContactPointForm, ImportantDateForm, RelationshipForm
from customers.lookup import look_up
from customers.models import ContactPoint, Customer, ImportantDate, Relationship
from customers.views.opening import fetch, is_put_away, open_page
from staff.access import needs
from staff.middleware import StaffRequest

AnyForm = ContactPointForm | RelationshipForm | ImportantDateForm


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the three lists on the page."""

    name: str
    model: type[Belonging]
    form: type[AnyForm]
    twice: str | Promise
    """What to say when the same is entered again."""


PANELS = {
    panel.name: panel
    for panel in (
        Panel("contacts", ContactPoint, ContactPointForm, gettext_lazy("They have this one already.")),
        Panel("relationships", Relationship, RelationshipForm, gettext_lazy("They are listed already.")),
        Panel("dates", ImportantDate, ImportantDateForm, gettext_lazy("This date is listed already.")),
    )
}


def _panel(name: str) -> Panel:
    try:
        return PANELS[name]
    except KeyError:
        raise Http404 from None


def _row(panel: Panel, customer: Customer, row: int) -> Belonging:
    found: Any = get_object_or_404(panel.model, pk=row, customer=customer)
    return cast("Belonging", found)


@require_safe
@needs("work")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The page with the three lists, or one of them."""
    shown = request.GET.get("panel", "")
    customer = fetch(request, pk) if wants_fragment(request) else open_page(request, pk)
    return _page(request, customer, shown if shown in PANELS else "")


@require_POST
@needs("work")
def add(request: StaffRequest, pk: int, panel: str) -> HttpResponse:
    """Add a contact, a person or a date."""
    return _bind(request, fetch(request, pk), _panel(panel), None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def edit(request: StaffRequest, pk: int, panel: str, row: int) -> HttpResponse:
    """Change a contact, a person or a date."""
    customer, chosen = fetch(request, pk), _panel(panel)
    found = _row(chosen, customer, row)
    if request.method == "POST":
        return _bind(request, customer, chosen, found)
    form = _form(request, customer, chosen, found)
    return _page(request, customer, panel, editing_in=panel, editing=row, edit_form=form)


@require_POST
@needs("work")
def remove(request: StaffRequest, pk: int, panel: str, row: int) -> HttpResponse:
    """Remove one; the toast brings it back."""
    customer, chosen = fetch(request, pk), _panel(panel)
    found = _row(chosen, customer, row)
    try:
        event = belongings.remove(found)
    except PutAwayError:
        return _put_away(request, customer)
    if "undo" in request.GET:
        return undone(request, reverse("people", args=[pk]), _("As it was before."))
    return _done(request, customer, chosen, _("Removed: %s") % found, _undo_url(pk, panel, event))


@require_POST
@needs("work")
def undo(request: StaffRequest, pk: int, panel: str, event: int) -> HttpResponse:
    """Bring back what was there before a change or removal."""
    customer, chosen, page = fetch(request, pk), _panel(panel), reverse("people", args=[pk])
    try:
        belongings.restore(chosen.model, customer.pk, event)
    except ObjectDoesNotExist:
        raise Http404 from None
    except belongings.AlreadyThereError:
        return undone(request, page, str(chosen.twice), heed=True)
    except belongings.CannotUndoError:
        words = _("It was changed again since, so it stays as it is.")
        return undone(request, page, words, heed=True)
    except PutAwayError:
        return _put_away(request, customer)
    return undone(request, page, _("As it was before."))


def _form(
    request: StaffRequest, customer: Customer, panel: Panel, row: Belonging | None, data: Any = None
) -> AnyForm:
    """The form of a panel: empty, over a row, or with what was sent. A prefix keeps the forms apart."""
    prefix = f"{panel.name}-edit" if row else panel.name
    country = request.venue.country
    return panel.form(data, instance=row, prefix=prefix, customer=customer, country=country)


def _bind(request: StaffRequest, customer: Customer, panel: Panel, row: Belonging | None) -> HttpResponse:
    """Save what was sent, or show it again with what is wrong beside it."""
    form = _form(request, customer, panel, row, request.POST)
    if "find" in request.POST:
        found = _candidates(request, customer, form)
        typed = _form(request, customer, panel, row)
        # Nothing is checked while somebody is still looking; what was typed stays.
        typed.initial.update({name: form[name].value() for name in form.fields})
        return _page(request, customer, panel.name, found=found, **_place(panel, row, typed))
    if form.is_valid():
        try:
            kept = form.save(commit=False)
            event = belongings.keep(kept)
        except belongings.AlreadyThereError:
            form.add_error(None, str(panel.twice))
        except PutAwayError:
            return _put_away(request, customer)
        else:
            undo_url = _undo_url(customer.pk, panel.name, event) if row else _remove_url(kept, panel)
            return _done(request, customer, panel, _("Saved: %s") % kept, undo_url)
    return _page(request, customer, panel.name, status=422, **_place(panel, row, form))


def _place(panel: Panel, row: Belonging | None, form: AnyForm) -> dict[str, Any]:
    """Where on the page a form stands: in place of its row, or at the foot of its list."""
    if row:
        return {"editing_in": panel.name, "editing": row.pk, "edit_form": form}
    return {"adding": panel.name, "add_form": form}


def _candidates(request: StaffRequest, customer: Customer, form: AnyForm) -> list[Customer]:
    """Customers whom the name that was typed may mean."""
    name = (form["name"].value() or "").strip()
    hits = look_up(name, request.membership, now=timezone.now()).hits if name else []
    seen = Customer.objects.visible_to(request.membership).active().exclude(pk=customer.pk)
    rows = seen.select_related("home_venue").in_bulk([hit.customer_id for hit in hits])
    return [rows[hit.customer_id] for hit in hits if hit.customer_id in rows]


def _page(
    request: StaffRequest, customer: Customer, panel: str = "", *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page, or where htmx asked, the one list that changed."""
    today = request.venue.business_day(timezone.now())
    add_forms = {name: _form(request, customer, each, None) for name, each in PANELS.items()}
    if "adding" in more:
        add_forms[more["adding"]] = more.pop("add_form")
    context = {
        "customer": customer,
        "contacts": customer.contacts.all(),
        "relationships": customer.relationships.select_related("to"),
        "belongs_to": customer.related_from.select_related("customer"),
        "dates": [(date, date.next_on(today)) for date in customer.dates.all()],
        "add_forms": add_forms,
        **more,
    }
    return render_page(request, "customers/people.html", context, partial=panel or None, status=status)


def _done(request: StaffRequest, customer: Customer, panel: Panel, words: str, undo_url: str) -> HttpResponse:
    """The list as it is now, with a toast that takes it back."""
    if wants_fragment(request):
        return toast(_page(request, customer, panel.name), words, undo=undo_url)
    return go_on(request, reverse("people", args=[customer.pk]), words, undo=undo_url)


def _put_away(request: StaffRequest, customer: Customer) -> HttpResponse:
    """Back to the page, which says that nothing may be added to an archived customer."""
    is_put_away(request, fetch(request, customer.pk))
    return redirect("people", customer.pk)


def _undo_url(pk: int, panel: str, event: int) -> str:
    return reverse("people_undo", args=[pk, panel, event])


def _remove_url(row: Belonging, panel: Panel) -> str:
    return reverse("people_remove", args=[row.customer_id, panel.name, row.pk]) + "?undo"
