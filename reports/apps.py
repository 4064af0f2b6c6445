"""What managers read and export."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
