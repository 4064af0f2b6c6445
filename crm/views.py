"""Pages of the house itself: failures in plain words, and the living page of the style."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.forms import SampleForm
from crm.pages import render_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that the form was too old to be taken, and what to do."""
    return render(request, "403_csrf.html", status=403)


@login_required
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, drawn by the same templates as the screens."""
    return render_page(
        request, "crm/style.html", {"form": SampleForm({"preferred_name": "", "email": "dana@"})}
    )
