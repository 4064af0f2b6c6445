"""Pages about customers."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from staff.access import needs
from staff.middleware import StaffRequest


@needs("work")
def index(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def add(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def history(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def confirm(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def change(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def retire(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def refute(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def undo(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404
