"""The door for other programs: addresses under /api/, for whoever shows a key or is signed in."""

from __future__ import annotations

import functools
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.security import HttpBearer

from staff import api_keys
from staff.access import needs
from staff.middleware import StaffRequest
from staff.models import Membership


class ByKey(HttpBearer):
    """`Authorization: Bearer …` with a key that `manage.py api_key` made."""

    def authenticate(self, request: HttpRequest, token: str) -> Membership | None:
        """Whom the key speaks for, put on the request as if they were signed in."""
        key = api_keys.find(token)
        if key is None:
            return None
        bound: Any = request
        bound.membership = key.membership
        bound.staff, bound.venue, bound.role = key.membership.staff, key.membership.venue, key.membership.role
        return key.membership


def by_session(request: HttpRequest) -> Membership | None:
    """Whoever is signed in in this browser, at the venue they chose there; only to read."""
    bound: Any = request
    if bound.staff is None:
        return None
    if bound.membership is None:
        raise HttpError(403, "You work at no venue.")
    found: Membership = bound.membership
    return found


api: Final = NinjaAPI(
    title="Regulars",
    version="1",
    description="What other programs may ask the house, on behalf of somebody who works there.",
    auth=[ByKey(), by_session],
    openapi_url=None,
    docs_url=None,
)


def asked_by(request: HttpRequest, ability: str) -> StaffRequest:
    """The request as one of somebody who may do this. Raises HttpError 403 otherwise."""
    bound: Any = request
    if not bound.membership.can(ability):
        raise HttpError(403, "Your role may not do this.")
    asked: StaffRequest = bound
    return asked


@require_safe
@needs("work")
def schema(request: StaffRequest) -> HttpResponse:
    """Every address of the API in OpenAPI 3.1."""
    return JsonResponse(api.get_openapi_schema(path_prefix="/api/"), json_dumps_params={"indent": 2})


@functools.cache
def addresses() -> list[Any]:
    """What stands under /api/, without the empty page that the library adds; asked for once all is there."""
    return [
        path("openapi.json", schema, name="api_schema"),
        *(pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"),
    ]
