"""What happened, what we owe, and what to remember now."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"
