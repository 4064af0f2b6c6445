"""Every address of the product, and an empty page inside its frame."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from crm.pages import render_page
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
def empty(request: StaffRequest) -> HttpResponse:
    """The frame with nothing in it: what any page of ours costs before it says anything."""
    return render_page(request, "base.html")


urlpatterns = [path("bench/empty/", empty), path("", include("crm.urls"))]
