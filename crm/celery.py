"""The Celery application: what runs in the background and when."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("regulars")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def beat_at_once(**kwargs: Any) -> None:
    """Show life at the start, not half a minute later."""
    app.send_task("crm.tasks.heartbeat")
