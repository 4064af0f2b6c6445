"""Work of the house itself in the background."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm.models import Heartbeat


@shared_task
def heartbeat() -> None:
    """Note that a worker is alive, and that beat's messages reach it."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
