"""The two pages that customers see: one question, and the way out of e-mails.

No login, no script, no cookie. A link is all that opens them; with a wrong one they show nothing of anybody.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from interactions import links, messages, surveys
from interactions.forms.message import SurveyForm
from interactions.models import Survey
from staff.models import Venue


# The link is the secret that a forged request would lack, and a mail program has no cookie of ours.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the question in the customer's language, and keep the answer."""
    found = links.survey_of(token)
    now = timezone.now()
    if found is None:
        return _page(request, None, "", 404, state="unknown")
    with translation.override(found.language), timezone.override(found.venue.zone):
        if found.expires_at <= now and found.answered_at is None:
            return _page(request, found.venue, found.language, 410, state="expired")
        if surveys.is_closed(found, now):
            return _page(request, found.venue, found.language, 410, state="closed")
        typed = request.POST if request.method == "POST" else None
        form = SurveyForm(typed, scale=found.scale, venue=found.venue)
        if typed is not None and form.is_valid():
            return _answered(request, found, form)
        until = found.answered_at and found.answered_at + surveys.MAY_CHANGE_FOR
        status = 422 if form.errors else 200
        return _page(request, found.venue, found.language, status, state="ask", form=form, until=until)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The way out: asked once more by a person, at once by a mail program (RFC 8058)."""
    found = links.message_of(token)
    if found is None:
        return _page(request, None, "", 404, state="unknown")
    with translation.override(found.language):
        if request.method == "POST":
            messages.unsubscribe(found, timezone.now())
            return _page(request, found.venue, found.language, 200, state="out", by=found.channel)
        return _page(request, found.venue, found.language, 200, state="way-out", by=found.channel)


def _answered(request: HttpRequest, found: Survey, form: SurveyForm) -> HttpResponse:
    said: dict[str, Any] = form.cleaned_data
    try:
        kept = surveys.answer(found.pk, now=timezone.now(), score=said["score"], words=said["words"])
    except surveys.ClosedError:
        return _page(request, found.venue, found.language, 410, state="closed")
    until = kept.answered_at and kept.answered_at + surveys.MAY_CHANGE_FOR
    return _page(request, found.venue, found.language, 200, state="thanks", until=until)


def _page(
    request: HttpRequest, venue: Venue | None, language: str, status: int, **context: Any
) -> HttpResponse:
    page = "interactions/public.html"
    response = render(request, page, {"house": venue, **context}, status=status)
    if language:
        response["Content-Language"] = language
    # Whoever follows a link on from here is not told this address.
    response["Referrer-Policy"] = "no-referrer"
    return response
