"""What the planner is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from crm.models import Heartbeat
from crm.planner import look_around


@pytest.mark.django_db
def test_our_tables_are_counted_and_none_that_the_server_shares_is_held() -> None:
    Heartbeat.objects.create(name="beat", at=datetime(2026, 5, 12, tzinfo=UTC))
    look_around()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'crm_heartbeat'::regclass")
        assert cursor.fetchone() == (1,)
        # Nobody's ANALYZE of a whole database, in whichever database, would get past such a lock.
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND database = 0"
            " AND mode = 'ShareUpdateExclusiveLock'"
        )
        assert cursor.fetchone() == (0,)
