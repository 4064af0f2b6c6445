"""Work of the house itself in the background."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm.models import Heartbeat


@shared_task
def heartbeat() -> None:
    """Note that beat, broker, worker and database are alive together."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": timezone.now()})
