"""What happened, what we owe, and what to remember now."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"

    def ready(self) -> None:
        """Tell those below what they may not ask: what was heard, who comes, what leavers owe."""
        from crm import health
        from customers import belongings, calling, keys
        from interactions import alive, dates, heard, leaving, panes
        from staff import roster

        keys.tell_what_was_heard(heard.heard_from)
        calling.tell_who_is_expected(panes.ids_expected_today)
        health.watch("reminders", alive.fault)
        roster.when_somebody_leaves(leaving.hand_over)
        belongings.when_removed(dates.let_go)
        belongings.when_restored(dates.take_up)
