"""The door: who may open which page, and what is written down when somebody looks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff import roles
from staff.middleware import StaffRequest
from staff.models import AccessLog
from staff.terminals import terminal_of

P = ParamSpec("P")
View = Callable[Concatenate[StaffRequest, P], HttpResponse]


def needs(ability: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Open a view only to people whose role at the current venue has the ability.

    A visitor is sent to log in. Somebody who works nowhere sees a page that says so, and nothing
    else. A role without the ability gets 403. An unknown ability is an error at import.
    """
    roles.can("", ability)

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            bound: Any = request
            if bound.staff is None:
                return redirect_to_login(request.get_full_path())
            if bound.membership is None:
                return render(request, "staff/no_membership.html", status=403)
            if not bound.membership.can(ability):
                raise PermissionDenied
            return view(cast("StaffRequest", bound), *args, **kwargs)

        return guarded

    return guard


def note_access(
    request: StaffRequest, action: AccessLog.Action, subject: models.Model | str, *, detail: str = ""
) -> None:
    """Write down that this person looked: a row (or a named list) opened, exported, revealed or printed.

    The one write that a GET may make: it changes nothing that anybody sees.
    """
    row = subject if isinstance(subject, models.Model) else None
    AccessLog.objects.create(
        staff=request.staff,
        venue=request.venue,
        terminal=terminal_of(request),
        action=action,
        subject=named(row) if row else str(subject),
        subject_id=row.pk if row else None,
        detail=detail.replace("\0", "")[:200],
        address=request.client_address,
    )


def named(row: models.Model) -> str:
    """The name under which a row is written down: its table's, also when a proxy of it was looked at."""
    table: Any = row._meta.concrete_model
    return str(table._meta.model_name)
