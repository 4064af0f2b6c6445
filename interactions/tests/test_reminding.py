"""A promised call comes due: beat's task, a real worker, a real broker, a real mail server."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from crm.celery import app
from crm.tests.workers import Worker, worker_process
from interactions import promises, sending
from interactions.models import Delivery, FollowUp
from interactions.tasks import dispatch_due
from interactions.tests.factories import FollowUpFactory
from interactions.tests.post_office import PostOffice
from staff.models import Membership, Staff, Venue

Start = Callable[..., Worker]
BROKERS = ["pgmq", "redis"]


@pytest.fixture
def call(venue: Venue, desk: Staff) -> FollowUp:
    """A call that Sam promised, due just now."""
    now = timezone.now()
    return FollowUpFactory.create(
        customer__home_venue=venue, customer__full_name="Dana Whitfield", text="Call Dana back",
        owner=desk, due_at=now, next_dispatch_at=now,
    )  # fmt: skip


@pytest.fixture
def mail_by(monkeypatch: pytest.MonkeyPatch, post_office: PostOffice, settings: object) -> PostOffice:
    """The mail server, for the worker too."""
    monkeypatch.setenv("EMAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("EMAIL_PORT", str(settings.EMAIL_PORT))  # type: ignore[attr-defined]  # set by the post office
    return post_office


def email_of(call: FollowUp) -> Delivery | None:
    return Delivery.objects.filter(follow_up=call, channel="email").first()


def is_sent(call: FollowUp) -> bool:
    email = email_of(call)
    return email is not None and email.state == Delivery.State.SENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", BROKERS)
def test_a_promised_call_is_told_once_though_beat_ticks_twice(
    broker: str, worker: Start, call: FollowUp, desk: Staff
) -> None:
    running = worker(broker=broker)
    ticks = [threading.Thread(target=_tick) for _each in range(2)]
    for tick in ticks:
        tick.start()
    for tick in ticks:
        tick.join()
    running.wait_for(lambda: is_sent(call))
    running.stop()
    (letter,) = running.mails()
    email = email_of(call)
    assert email is not None
    assert f"Message-ID: {email.message_id}" in letter
    assert f"To: {desk.email}" in letter
    assert Delivery.objects.count() == 2  # in the app, and by e-mail


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", BROKERS)
def test_what_a_killed_worker_held_is_sent_by_the_next(
    broker: str, worker: Start, call: FollowUp, mail_by: PostOffice, tmp_path: Path
) -> None:
    mail_by.hangs.set()
    killed = worker(broker=broker)
    dispatch_due.delay()
    killed.wait_for(mail_by.was_asked.is_set)
    os.killpg(killed.process.pid, signal.SIGKILL)
    killed.process.wait()
    killed.wait_for(lambda: mail_by.held == 0)  # its children die with it, a moment later
    mail_by.hangs.clear()
    email = email_of(call)
    assert email is not None
    assert email.state == Delivery.State.WAITING
    assert email.claimed_until is not None
    assert sending.claim(timezone.now()) == []  # the dead one's lease still holds

    Delivery.objects.update(claimed_until=timezone.now())
    url = app.conf["broker_url"] if broker == "redis" else ""
    with worker_process(url, tmp_path) as running:
        dispatch_due.delay()
        running.wait_for(lambda: is_sent(call))
    assert [letter["Message-ID"] for letter in mail_by.letters] == [email.message_id]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", BROKERS)
def test_what_was_done_before_the_worker_came_is_not_sent(
    broker: str, worker: Start, call: FollowUp, desk: Staff
) -> None:
    dispatch_due()
    sending.claim(timezone.now())
    Delivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.done(call.pk, member, now=timezone.now())
    other = FollowUpFactory.create(
        customer=call.customer, text="Send the invoice", owner=desk, urgent=True, due_at=timezone.now(),
        next_dispatch_at=timezone.now(),
    )  # fmt: skip

    running = worker(broker=broker)
    dispatch_due.delay()
    running.wait_for(lambda: is_sent(other))
    running.stop()
    assert email_of(call).state == Delivery.State.WITHDRAWN  # type: ignore[union-attr]  # it is there
    (letter,) = running.mails()
    assert "Call Dana back" not in letter


def _tick() -> None:
    dispatch_due.delay()
    connection.close()
