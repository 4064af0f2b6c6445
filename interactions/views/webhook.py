"""House: where this venue's messages go besides e-mail. For owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm import toasts
from crm.pages import render_page
from interactions import webhooks
from interactions.forms.webhook import WebhookForm
from interactions.models import Webhook
from staff.access import needs
from staff.middleware import StaffRequest


@require_http_methods(["GET", "HEAD", "POST"])
@needs("manage_venues")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """The address of this venue; save one, and see its secret this once."""
    form = WebhookForm(request.POST or None, initial=_begun(_found(request)))
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    secret = webhooks.connect(request.venue, request.membership, now=timezone.now(), **form.cleaned_data)
    if secret:
        return _page(request, form, secret=secret)
    return toasts.go_on(request, reverse("house_webhook"), _("Saved."))


@require_POST
@needs("manage_venues")
@never_cache
def rotate(request: StaffRequest) -> HttpResponse:
    """A new secret, shown this once; the old one signs besides for a day."""
    webhook = get_object_or_404(Webhook, venue=request.venue)
    secret = webhooks.rotate(webhook.pk, timezone.now())
    return _page(request, WebhookForm(initial=_begun(webhook)), secret=secret)


@require_POST
@needs("manage_venues")
def test(request: StaffRequest) -> HttpResponse:
    """Post a message that says it is a test, and tell what came of it."""
    webhook = get_object_or_404(Webhook, venue=request.venue)
    trouble = webhooks.send_test(webhook, timezone.now())
    words = _("It was not taken: %(why)s") % {"why": trouble} if trouble else _("The test was taken.")
    return toasts.go_on(request, reverse("house_webhook"), words, heed=bool(trouble))


@require_POST
@needs("manage_venues")
def switch_off(request: StaffRequest) -> HttpResponse:
    """Post nothing any more; saving the address again switches it on."""
    Webhook.objects.filter(venue=request.venue).update(is_live=False)
    return toasts.go_on(request, reverse("house_webhook"), _("Switched off. Nothing is posted any more."))


def _found(request: StaffRequest) -> Webhook | None:
    return Webhook.objects.filter(venue=request.venue).select_related("made_by").first()


def _begun(webhook: Webhook | None) -> dict[str, Any]:
    """What the form begins with."""
    return {"url": webhook.url, "texts_customers": webhook.texts_customers} if webhook else {}


def _page(request: StaffRequest, form: WebhookForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "webhook": _found(request), "secret": secret, "now": timezone.now()}
    return render_page(request, "interactions/house_webhook.html", context, status=status)
