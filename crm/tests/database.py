"""The database under test: an embedded server of its own for the session, unless DATABASE_URL names one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from crm.embedded.server import Server


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[Server | None]:
    """The session's server; several test processes at once share one, and the last to end stops it.

    It may lose its data at a power cut, which makes it fast; tests of durability start their own.
    """
    if not settings.EMBEDDED_DATABASE:
        yield None
        return
    with Server(settings.VAR_DIR, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    embedded_server: Server | None,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Have the server up before pytest-django makes the test database."""
