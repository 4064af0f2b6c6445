"""Whether the house works, for those who watch it: a balancer, a service manager, `make run` itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.models import Heartbeat

# Four beats missed; a worker busy with long tasks may well miss one.
SILENT_AFTER = timedelta(minutes=2)
# A message that waits this long has nobody who takes it.
LATE_AFTER = timedelta(minutes=5)


_watched: dict[str, Callable[[], str]] = {}


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Whether this process answers; asks nobody else, so that a lost database restarts no web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether everything behind the pages works: 200, or 503 and what is wrong, in words."""
    faults = find_faults()
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


def watch(name: str, probe: Callable[[], str]) -> None:
    """Have a part of the house looked at by a probe of its own, which says what is wrong, or nothing."""
    _watched[name] = probe


def find_faults() -> dict[str, str]:
    """What does not work, by part; empty when all is well."""
    probes: dict[str, Callable[[], str]] = {"migrations": _migrations, "queue": _queue}
    probes |= {name: partial(_sign_of_life, name) for name in ("beat", "worker")} | _watched
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {name: fault for name, probe in probes.items() if (fault := probe())}
    except DatabaseError as error:
        return {"database": f"cannot be used: {type(error).__name__}"}


def _sign_of_life(name: str) -> str:
    """Nothing, or that nothing has come from beat, or from any worker, for long."""
    alive = Heartbeat.objects.filter(name=name, at__gt=timezone.now() - SILENT_AFTER).exists()
    return "" if alive else "no sign of life for two minutes"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied" if missing else ""


def _queue() -> str:
    """How long the oldest message has waited to be taken; only our own queue can be asked."""
    if not settings.EMBEDDED_BROKER:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pgmq.q_celery') IS NOT NULL")
        (exists,) = cursor.fetchone()
        if not exists:
            return ""  # nobody has ever sent a message
        cursor.execute("SELECT now() - min(vt) FROM pgmq.q_celery WHERE vt <= now()")
        (waited,) = cursor.fetchone()
    late = waited is not None and waited > LATE_AFTER
    return f"the oldest message has waited for {waited.total_seconds():.0f} seconds" if late else ""
