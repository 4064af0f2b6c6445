"""The list of customers, and one customer's own facts: entered, read, edited, put away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.pages import render_page
from crm.toasts import go_on
from customers import conflicts, editing
from customers.duplicates import lookalikes
from customers.forms.customer import EDITED, LANGUAGES, ArchiveForm, EditCustomerForm, NewCustomerForm
from customers.forms.filters import CustomerFilter
from customers.models import Customer
from customers.views.opening import fetch, is_put_away, open_page, put_away_words, sent
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
def index(request: StaffRequest) -> HttpResponse:
    """Everybody, who was here last first, a page at a time."""
    filters = CustomerFilter(request.GET)
    seen = Customer.objects.visible_to(request.membership).select_related("home_venue")
    customers, older = filters.page(seen.with_numbers())
    context = {"customers": customers, "older": older, "newer": filters.first_page(), "filters": filters}
    return render_page(request, "customers/index.html", context, partial="list")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def create(request: StaffRequest) -> HttpResponse:
    """Enter somebody new; who looks like them is shown before anything is saved."""
    initial = {"home_venue": request.venue, **request.GET.dict()}
    form = NewCustomerForm(sent(request), initial=initial, country=request.venue.country)
    context = {"form": form, "languages": LANGUAGES}
    if not form.is_bound or not form.is_valid():
        return render_page(request, "customers/new.html", context, status=422 if form.is_bound else 200)
    contacts = form.contacts()
    alike = lookalikes(form.names(), contacts, request.membership)
    numbers = {one.customer.pk for one in alike}
    if not form.knows_of(numbers):
        context |= {"alike": alike, "numbers": ",".join(map(str, sorted(numbers)))}
        return render_page(request, "customers/new.html", context, status=409)
    customer = editing.create(request.membership, form.said(), contacts, now=timezone.now())
    return go_on(request, customer.get_absolute_url(), _("%s is entered.") % customer.name)


@require_safe
@needs("work")
def details(request: StaffRequest, pk: int) -> HttpResponse:
    """All that is written down about who they are."""
    customer = open_page(request, pk)
    context = {"customer": customer, "form": ArchiveForm()}
    return render_page(request, "customers/details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change who they are; whoever comes second is told what the first one did, and loses nothing typed."""
    if request.method != "POST":
        customer = open_page(request, pk)
        if is_put_away(request, customer):
            return redirect("details", pk)
        return _edit_page(request, customer, EditCustomerForm.of(customer))
    customer = fetch(request, pk)
    form = EditCustomerForm(request.POST, instance=customer)
    if not form.is_valid():
        if customer.status != Customer.Status.ACTIVE:
            form.add_error(None, put_away_words(customer))
        return _edit_page(request, customer, form, status=422)
    try:
        editing.edit(pk, form.cleaned_data["version"], form.said())
    except editing.ChangedMeanwhileError as error:
        return _told_who_was_first(request, error.row, form)
    except editing.PutAwayError:
        form.add_error(None, put_away_words(fetch(request, pk)))
        return _edit_page(request, customer, form, status=409)
    return go_on(request, customer.get_absolute_url(), _("Saved."))


def _edit_page(
    request: StaffRequest, customer: Customer, form: EditCustomerForm, *, status: int = 200, **more: object
) -> HttpResponse:
    # A form that is bound writes what was typed onto its row; the header shows what is saved.
    saved = fetch(request, customer.pk) if form.is_bound else customer
    context = {"customer": saved, "form": form, "languages": LANGUAGES, **more}
    return render_page(request, "customers/edit.html", context, status=status)


def _told_who_was_first(request: StaffRequest, row: Customer, form: EditCustomerForm) -> HttpResponse:
    """The form again, over the newer version, with what each of the two wrote side by side."""
    base, yours = form.cleaned_data["base"], conflicts.plain(form.instance, EDITED)
    labels = {name: str(form.fields[name].label) for name in EDITED}
    clashes = conflicts.clashes(row, form.instance, base, labels)
    again = EditCustomerForm.of(row, conflicts.merged(base, conflicts.plain(row, EDITED), yours))
    return _edit_page(request, row, again, status=409, clashes=clashes)


@require_POST
@needs("archive_customers")
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """Put somebody away, with the reason."""
    customer = fetch(request, pk)
    form = ArchiveForm(request.POST)
    if not form.is_valid():
        context = {"customer": customer, "form": form}
        return render_page(request, "customers/details.html", context, status=422)
    try:
        editing.archive(pk, request.membership, form.cleaned_data["why"], now=timezone.now())
    except editing.PutAwayError:
        return go_on(
            request, reverse("details", args=[pk]), _("Somebody has archived them already."), heed=True
        )
    return go_on(request, reverse("details", args=[pk]), _("%s is archived.") % customer.name)


@require_POST
@needs("archive_customers")
def bring_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Make an archived customer active again."""
    customer = fetch(request, pk)
    try:
        editing.bring_back(pk)
    except editing.PutAwayError:
        words = _("They were merged into another entry and cannot be brought back alone.")
        return go_on(request, reverse("details", args=[pk]), words, heed=True)
    return go_on(request, reverse("details", args=[pk]), _("%s is back.") % customer.name)
