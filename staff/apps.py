"""Who works here, where, and what they may do."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "staff"
