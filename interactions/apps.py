"""What happened, what we owe, and what to remember now."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"

    def ready(self) -> None:
        """Tell the look-up, which lies below and may not ask, what was heard of customers."""
        from customers import keys
        from interactions import heard

        keys.tell_what_was_heard(heard.heard_from)
