"""Saying what was done, with a way back: a toast for htmx, a message on the next page without it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import trigger_client_event


def toast(response: HttpResponse, text: str, *, undo: str = "", heed: bool = False) -> HttpResponse:
    """Have the page that htmx updates show the text; `undo` is the address that takes the deed back."""
    tone = "heed" if heed else "done"
    return trigger_client_event(response, "toast", {"text": text, "tone": tone, "undo": undo or None})


def on_next_page(request: HttpRequest, text: str, *, undo: str = "", heed: bool = False) -> None:
    """Show the text on the next full page, where templates/crm/toasts.html makes a button of `undo`."""
    level = messages.WARNING if heed else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=undo)


def go_on(request: HttpRequest, url: str, text: str, *, undo: str = "", heed: bool = False) -> HttpResponse:
    """Show the page at the address and say the text there."""
    on_next_page(request, text, undo=undo, heed=heed)
    return HttpResponseRedirect(url)


def undone(request: HttpRequest, url: str, text: str, *, heed: bool = False) -> HttpResponse:
    """Answer an undo button: a script reloads the page it is on by itself, a form is sent to the address."""
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        on_next_page(request, text, heed=heed)
        return HttpResponse(status=204)
    return go_on(request, url, text, heed=heed)
