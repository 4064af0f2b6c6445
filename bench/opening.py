"""The database that a bench measures in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.conf import settings

from crm.embedded.server import Server


@contextlib.contextmanager
def database() -> Iterator[None]:
    """The configured database is up; the embedded one runs for as long as it is needed."""
    with Server(settings.VAR_DIR) if settings.EMBEDDED_DATABASE else contextlib.nullcontext():
        yield
