"""Work in the background, with a real worker on each broker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from django.db import connection

from crm.models import Heartbeat
from crm.tasks import heartbeat
from crm.tests.workers import Worker, worker_process


def kill_with_children(pid: int) -> None:
    """Kill a process and all it has started, none of them asked first."""
    whole = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in whole:
        process.kill()
    psutil.wait_procs(whole, timeout=60)


@pytest.mark.parametrize("broker", ["pgmq", "redis"])
def test_a_task_sent_is_done_by_the_worker(worker: Callable[..., Worker], broker: str) -> None:
    running = worker(broker=broker)
    heartbeat.delay()
    running.wait_for(Heartbeat.objects.exists)
    assert running.process.poll() is None


def test_a_task_sent_while_no_worker_lives_is_done_by_the_next(
    worker: Callable[..., Worker], tmp_path: Path
) -> None:
    first = worker()
    kill_with_children(first.process.pid)
    first.process.wait()
    heartbeat.delay()
    assert not Heartbeat.objects.exists()
    second_folder = tmp_path / "second"
    second_folder.mkdir()
    with worker_process("", second_folder) as second:
        second.wait_for(Heartbeat.objects.exists)


def test_the_worker_finds_its_database_again(worker: Callable[..., Worker]) -> None:
    running = worker()
    with connection.cursor() as cursor:
        # To the worker this is what a restart of the server looks like.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    heartbeat.delay()
    running.wait_for(Heartbeat.objects.exists)
    assert running.process.poll() is None
