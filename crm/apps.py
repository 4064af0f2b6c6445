"""The house itself."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    """The app whose tables and checks belong to nobody above it."""

    name = "crm"
    label = "crm"

    def ready(self) -> None:
        """Register the system checks."""
        from crm import checks  # noqa: F401 - imported for what it registers, once settings are there
