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
def create(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def details(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def edit(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def archive(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404


@needs("work")
def bring_back(request: StaffRequest, **kwargs: object) -> HttpResponse:
    """Not built."""
    raise Http404
