"""What beat sends exists, and may run at any time and twice."""

from __future__ import annotations

import pytest
from celery import current_app
from django.conf import settings

from interactions import tasks
from interactions.tests.factories import FollowUpFactory


@pytest.mark.parametrize("name", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_beat_sends_only_what_there_is(name: str) -> None:
    current_app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE[name]["task"] in current_app.tasks


@pytest.mark.django_db
@pytest.mark.parametrize(
    "task",
    [
        tasks.watch_the_clock,
        tasks.reconcile,
        tasks.dispatch_due,
        tasks.send_waiting,
        tasks.run_playbooks,
        tasks.ask_how_it_was,
        tasks.write_to_customers,
    ],
)
def test_a_task_may_run_twice(task: object) -> None:
    waits = FollowUpFactory.create(due_at=None, trigger="absent_days", trigger_number=30)
    for _each in range(2):
        task()  # type: ignore[operator]  # celery's own types say nothing of calling a task
    waits.refresh_from_db()
    assert waits.due_at is None
