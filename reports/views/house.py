"""House: the overview, mails kept in files, and the starting words."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from crm.pages import render_page
from customers.vocabulary import label, vocabulary
from reports import mail_files, state
from staff.access import needs, note_access
from staff.middleware import StaffRequest
from staff.models import AccessLog, Staff


def _addresses(request: StaffRequest) -> set[str]:
    """The addresses of everybody who works at this venue, in lower case."""
    people = Staff.objects.working_at(request.venue).values_list("email", flat=True)
    return {address.lower() for address in people}


@require_safe
@needs("see_house")
def house(request: StaffRequest) -> HttpResponse:
    """Whether everything that should go out goes out, and what to look after."""
    in_files, now = not settings.EMAIL_HOST, timezone.now()
    context = {
        "state": state.state_of(request.venue, now),
        "given_up": state.given_up(request.venue),
        "coming": state.coming(request.venue, now),
        "now": now,
        "mails": mail_files.newest(settings.MAIL_DIR, _addresses(request)) if in_files else [],
        "in_files": in_files,
    }
    return render_page(request, "reports/house.html", context)


@require_safe
@needs("see_house")
def mail(request: StaffRequest, name: str) -> HttpResponse:
    """The mails in one file; a link that sets a password is for owners alone."""
    mails = mail_files.named(settings.MAIL_DIR, name, _addresses(request))
    if not mails:
        raise Http404
    note_access(request, AccessLog.Action.OPENED, "mail", detail=name)
    return render_page(request, "reports/house_mail.html", {"name": name, "mails": mails})


# Lists of the vocabulary that the page shows, with their names there.
LISTS = ("allergens", "complaint_categories", "dates", "relationships", "preference_kinds")


@require_safe
@needs("see_house")
def vocabularies(request: StaffRequest) -> HttpResponse:
    """The words that a house of this industry starts with, in both languages."""
    words = vocabulary()
    named = {name: words[name] for name in LISTS}
    named["allergens"] = words["allergens"]["terms"]
    half_lives = [
        (label(kind, get_language() or ""), days)
        for kind, days in words["half_life_days"].items()
        if kind != "note"
    ]
    context = {
        "industry": words["industries"].get(request.venue.industry, []),
        "lists": named,
        "half_lives": half_lives,
        "allergens_source": words["allergens"]["source"],
    }
    return render_page(request, "reports/house_vocabularies.html", context)
