"""What `manage.py check` names: settings that production lacks; and `migrate`: a database that is too old."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from crm.migrating import stopped_on_the_way

# Setting, number of the message, what it is for.
NEEDED = (
    ("SECRET_KEY", "E001", "a long random text, kept secret: it signs sessions and links"),
    ("ALLOWED_HOSTS", "E002", "the names this house answers to, with commas between them"),
    ("EMAIL_HOST", "E003", "the mail server for reminders and lost passwords"),
    ("DEFAULT_FROM_EMAIL", "E004", "the address that mail comes from"),
)


@register(Tags.security)
def production_is_complete(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Name every setting that PRODUCTION=1 asks for and the environment does not give."""
    if not settings.PRODUCTION:
        return []
    missing = [
        Error(f"{name} is not set: {purpose}.", id=f"crm.{number}")
        for name, number, purpose in NEEDED
        if not _given(name)
    ]
    if not settings.SITE_URL.startswith("https://"):
        missing.append(
            Error("SITE_URL is not set: the https:// address that links in mail begin with.", id="crm.E005")
        )
    return list(missing)


@register(Tags.database)
def no_database_stopped_on_the_way(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Refuse a database that lacks some of the migrations which ours replace."""
    told = filter(None, (stopped_on_the_way(connections[alias]) for alias in databases or []))
    return [Error(each, id="crm.E006") for each in told]


def _given(name: str) -> bool:
    try:
        return bool(getattr(settings, name))
    except ImproperlyConfigured:  # Django refuses to hand out an empty SECRET_KEY
        return False
