"""Work with customers in the background. What is to be done stands in rows: a task may run twice or late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from interactions import (
    briefing,
    dispatch,
    escalating,
    item_stats,
    leaving,
    messages,
    playbooks,
    sending,
    surveys,
    texting,
    waiting,
    webhooks,
)
from interactions.models import CustomerMessage
from interactions.reconcile import log_forgotten_visits, reconcile_counters


@shared_task
def dispatch_due() -> None:
    """Every half minute: write whom to tell of what is due, and have somebody send what is ready.

    What is ready includes what a dead worker held until its lease ran out.
    """
    is_due, is_ready = dispatch.look(timezone.now())
    if is_due:
        dispatch.dispatch(timezone.now())
    if is_due or is_ready:
        # Too old, it is worth nothing: the next tick sends another.
        send_waiting.apply_async(expires=30)


@shared_task
def send_waiting() -> None:
    """Send what is ready."""
    sending.send_waiting()


@shared_task
def send_webhooks() -> None:
    """Post what is ready; apart from the e-mails, which a slow gateway must not hold up."""
    sending.send_waiting(outbox=webhooks.TO_WEBHOOKS)


@shared_task
def escalate() -> None:
    """Tell the managers of complaints that are past their target."""
    escalating.escalate(timezone.now())


@shared_task
def brief_shifts() -> None:
    """Make the briefings of the shifts that are next, and send what waits of them."""
    briefing.brief(timezone.now())
    sending.send_waiting(outbox=briefing.TO_THE_SHIFT)


@shared_task
def watch_the_clock() -> None:
    """Make due what waits for an absence, move what waits for a corrected date, hand over leavers' things."""
    waiting.fire_absences(timezone.now())
    waiting.realign_dates(timezone.now())
    leaving.hand_over(timezone.now())


@shared_task
def reconcile() -> None:
    """Nightly: log the visits that nobody logged, then check the counters against the timelines."""
    log_forgotten_visits(timezone.now())
    reconcile_counters()


@shared_task
def recount_items() -> None:
    """Nightly: count anew which items people come back for, and what goes with which usual."""
    item_stats.recount()


@shared_task
def run_playbooks() -> None:
    """Have every playbook that is on look at what came since it last looked."""
    playbooks.run_all(timezone.now())


@shared_task
def ask_how_it_was() -> None:
    """Ask after visits, at the venues that want to know."""
    surveys.ask_all(timezone.now())


@shared_task
def write_to_customers() -> None:
    """Send the e-mails that are written to customers, where it is their hour."""
    if CustomerMessage.objects.ready(timezone.now()).by(CustomerMessage.Channel.EMAIL).exists():
        sending.send_waiting(outbox=messages.TO_CUSTOMERS)


@shared_task
def text_customers() -> None:
    """The same of text messages; apart from the e-mails, which a slow gateway must not hold up."""
    if CustomerMessage.objects.ready(timezone.now()).by(CustomerMessage.Channel.SMS).exists():
        sending.send_waiting(outbox=texting.TO_PHONES)
