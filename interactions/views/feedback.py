"""What customers said when asked: write it down, and note what was answered."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import toasts
from interactions import opinions
from interactions.forms.recovery import AnswerForm, FeedbackForm
from interactions.models import Feedback
from interactions.views import complaints, opening
from staff.access import needs
from staff.middleware import StaffRequest


@require_POST
@needs("work")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down a score of this customer."""
    person = opening.find_active(request, pk)
    form = FeedbackForm(request.POST, auto_id="feedback_%s")
    if not form.is_valid():
        return complaints.customer_page(request, person, feedback_form=form)
    made = opinions.record(person, request.membership, now=timezone.now(), **form.cleaned_data)
    text = _("Written down. Somebody should answer it.") if made.is_low else _("Written down.")
    return toasts.go_on(request, reverse("customer_complaints", args=[person.pk]), text)


@require_POST
@needs("work")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Note what was answered to a low score."""
    form = AnswerForm(request.POST)
    where = reverse("recovery")
    if not form.is_valid():
        return toasts.go_on(request, where, _("Say what was answered."), heed=True)
    try:
        opinions.answer(pk, request.membership, now=timezone.now(), words=form.cleaned_data["words"])
    except Feedback.DoesNotExist as error:
        raise Http404 from error
    except opinions.AnsweredError as first:
        name = first.feedback.answered_by.display_name if first.feedback.answered_by else _("somebody")
        text = _("Already answered by %(name)s. Nothing was changed.") % {"name": name}
        return toasts.go_on(request, where, text, heed=True)
    return toasts.go_on(request, where, _("Answered."))
