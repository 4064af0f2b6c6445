"""Things lent, and coming back."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import toasts
from interactions import lending
from interactions.forms.loan import LoanForm
from interactions.models import Loan
from interactions.views import follow_ups, opening
from staff.access import needs
from staff.middleware import StaffRequest


@require_POST
@needs("work")
def lend(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down that something was lent to this customer."""
    now = timezone.now()
    person = opening.find_active(request, pk)
    form = LoanForm(request.POST, now=now, auto_id="loan_%s")
    if not form.is_valid():
        return follow_ups.customer_page(request, person, now, loan_form=form)
    made = lending.lend(person, request.membership, now=now, **form.cleaned_data)
    return toasts.go_on(request, _page_of(made), _("Lent: %(what)s") % {"what": made.what})


@require_POST
@needs("work")
def returned(request: StaffRequest, pk: int) -> HttpResponse:
    """It came back."""
    try:
        loan = lending.take_back(pk, request.membership, now=timezone.now())
    except Loan.DoesNotExist as error:
        raise Http404 from error
    except lending.ReturnedError as first:
        text = _("%(what)s came back before. Nothing was changed.") % {"what": first.loan.what}
        return toasts.go_on(request, _page_of(first.loan), text, heed=True)
    undo = reverse("loan_still_out", args=[pk])
    return toasts.go_on(request, _page_of(loan), _("Back: %(what)s") % {"what": loan.what}, undo=undo)


@require_POST
@needs("work")
def still_out(request: StaffRequest, pk: int) -> HttpResponse:
    """It did not come back after all."""
    try:
        loan = lending.still_out(pk, request.membership)
    except Loan.DoesNotExist as error:
        raise Http404 from error
    return toasts.undone(request, _page_of(loan), _("Taken back."))


def _page_of(loan: Loan) -> str:
    return reverse("customer_follow_ups", args=[loan.customer_id])
