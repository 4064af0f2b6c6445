"""Webhooks: signed, safe to point anywhere, repeated under one id, and looked after on their page."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import dispatch, posting, promises, sending, signing, unsent, webhooks
from interactions.backoff import MOST_ATTEMPTS
from interactions.models import Delivery, FollowUp, Webhook
from interactions.tests.factories import FollowUpFactory, InteractionFactory
from staff.models import Membership, Staff, Venue

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_the_vector_of_the_standard() -> None:
    secret, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = signing.sign(secret, message, at, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=300), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - hypothesis wants them bare
def test_each_secret_signs_what_is_posted(body: bytes, at: datetime) -> None:
    keys = [signing.new_secret(), signing.new_secret()]
    found = signing.headers(keys, "msg_1", at.replace(tzinfo=UTC), body)
    signed = f"msg_1.{found['webhook-timestamp']}.".encode() + body
    for key, signature in zip(keys, found["webhook-signature"].split(), strict=True):
        raw = hmac.new(b64decode(key.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        assert signature == "v1," + b64encode(raw).decode()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/in", "ftp://example.com", "https://", "https://user:pw@example.com/",
        "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
        "https://[fe80::1]/", "https://[fd00::1]/", "https://localhost/", "https://100.64.0.1/",
        "https://2130706433/", "https://example.com:0/", "https://example.com:99999/", "https://[/",
        "https://224.0.0.1/", "https://[2002:7f00:1::]/", "https://[64:ff9b::a00:8]/",
        "https://[2001:0:7f00:1::1]/",
    ],
)  # fmt: skip
def test_what_a_strict_house_never_posts_to(url: str) -> None:
    with pytest.raises(posting.ForbiddenError):
        posting.post(url, b"{}", {}, strict=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("127.0.0.1", False),
        ("::", False),
    ],
)
def test_what_is_out_in_the_world(address: str, public: bool) -> None:
    assert posting.is_public(address) is public


@dataclass
class Gateway:
    """A gateway of the other side: what it was posted, and what it says."""

    url: str = ""
    status: int = 204
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def gateway(enable_socket: Any = None) -> Iterator[Gateway]:
    """One that listens on this machine."""
    made = Gateway()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.posted.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(made.status)
            self.send_header("Location", made.url)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/in?to=sms"
    listening = threading.Thread(target=server.serve_forever)
    listening.start()
    yield made
    server.shutdown()
    listening.join(10)
    server.server_close()


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(full_name="Dana Whitfield", home_venue=venue)


@pytest.fixture
def connected(gateway: Gateway, venue: Venue, owner: Staff) -> str:
    """The secret of a webhook of the café that posts to the gateway."""
    member = Membership.objects.select_related("staff", "venue").get(staff=owner)
    return webhooks.connect(venue, member, url=gateway.url, now=NOW)


def owed(dana: Customer, person: Staff, **fields: Any) -> FollowUp:
    made = {"text": "Call back", "due_at": NOW, "next_dispatch_at": NOW, "urgent": True, **fields}
    call: FollowUp = FollowUpFactory.create(customer=dana, owner=person, **made)
    dispatch.dispatch(NOW)
    return call


def post(at: datetime = NOW) -> int:
    return sending.send_waiting(lambda: at, webhooks.TO_WEBHOOKS)


@pytest.mark.django_db
def test_it_is_posted_and_signed(connected: str, gateway: Gateway, dana: Customer, desk: Staff) -> None:
    owed(dana, desk)
    assert post(NOW + 3 * HOUR) == 1
    ((headers, body),) = gateway.posted
    told = json.loads(body)
    words = told["data"]["text"].replace("\xa0", " ")
    assert (told["type"], words) == ("follow_up.due", "Dana Whitfield: Call back (3 hours late)")
    assert told["data"]["recipient"]["email"] == desk.email
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert headers["webhook-signature"] == signing.sign(connected, headers["webhook-id"], at, body)
    assert Delivery.objects.get(channel="webhook").state == "sent"
    assert post(NOW + 4 * HOUR) == 0


@pytest.mark.django_db
def test_what_is_not_urgent_is_one_message_a_person_and_shift(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff
) -> None:
    calls = [owed(dana, desk, text=f"Call {number}", urgent=False) for number in range(3)]
    owed(dana, desk, text="The kitchen is on fire")
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.done(calls[0].pk, member, now=NOW)
    assert post() == 3
    told = [json.loads(body) for _headers, body in gateway.posted]
    digest, alone = sorted(told, key=lambda one: one["type"], reverse=True)
    assert (digest["type"], alone["type"]) == ("follow_ups.due", "follow_up.due")
    assert digest["data"]["text"].splitlines() == [
        "2 things are due: Harbour Café",
        "Dana Whitfield: Call 1",
        "Dana Whitfield: Call 2",
    ]
    assert [each["urgent"] for each in digest["data"]["follow_ups"]] == [False, False]
    assert digest["data"]["recipient"]["email"] == desk.email
    assert "on fire" in alone["data"]["text"]
    owed(dana, desk, text="Call Tom", urgent=False)
    assert post(NOW + HOUR) == 0
    assert post(NOW + DAY) == 1
    assert "Call Tom" in json.loads(gateway.posted[-1][1])["data"]["text"]


@pytest.mark.django_db
def test_a_repeated_digest_bears_the_same_id_though_less_is_left(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff
) -> None:
    calls = [owed(dana, desk, urgent=False) for _each in range(2)]
    gateway.status = 503
    assert post() == 0
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.done(calls[0].pk, member, now=NOW)
    gateway.status = 204
    assert post(NOW + HOUR) == 1
    (first, _body), (again, body) = gateway.posted
    assert first["webhook-id"] == again["webhook-id"]
    assert len(json.loads(body)["data"]["follow_ups"]) == 1
    emails = Delivery.objects.filter(channel="email")
    assert not emails.filter(digest__in=Delivery.objects.filter(channel="webhook").values("digest")).exists()


@pytest.mark.django_db
def test_without_one_or_switched_off_nothing_is_posted(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff
) -> None:
    owed(dana, desk)
    Webhook.objects.update(is_live=False)
    assert post() == 0
    assert Delivery.objects.get(channel="webhook").state == "withdrawn"
    owed(dana, desk)
    assert Delivery.objects.filter(channel="webhook").count() == 1


@pytest.mark.django_db
def test_a_repeat_bears_the_same_id_and_at_last_it_is_given_up(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff, as_manager: Client
) -> None:
    owed(dana, desk)
    gateway.status = 503
    for attempt in range(MOST_ATTEMPTS):
        assert post(NOW + attempt * DAY) == 0
    assert len(gateway.posted) == MOST_ATTEMPTS
    assert len({headers["webhook-id"] for headers, _body in gateway.posted}) == 1
    dead = Delivery.objects.get(channel="webhook")
    assert (dead.state, dead.error) == ("dead", "the other side answered 503")
    assert "the other side answered 503" in as_manager.get(reverse("unsent")).content.decode()
    as_manager.post(reverse("unsent_step", args=["reminder", dead.pk, "retry"]))
    gateway.status = 200
    assert post(timezone.now() + DAY) == 1
    assert len({headers["webhook-id"] for headers, _body in gateway.posted}) == 1


@pytest.mark.django_db
def test_who_is_gone_is_not_asked_again(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff
) -> None:
    owed(dana, desk)
    gateway.status = 410
    assert post() == 0
    assert Delivery.objects.get(channel="webhook").state == "dead"


@pytest.mark.django_db
def test_it_follows_nobody_elsewhere(connected: str, gateway: Gateway, dana: Customer, desk: Staff) -> None:
    owed(dana, desk)
    gateway.status = 302
    assert post() == 0
    assert len(gateway.posted) == 1


@pytest.mark.django_db
def test_a_strict_house_refuses_at_the_last_moment_too(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff, settings: Settings
) -> None:
    owed(dana, desk)
    settings.PRODUCTION = True
    assert post() == 0
    assert gateway.posted == []
    assert Delivery.objects.get(channel="webhook").error == "an address without https"
    settings.WEBHOOK_TRUSTED_HOSTS = ["127.0.0.1"]
    unsent.try_again(dana.home_venue, NOW)
    assert post() == 1


@pytest.mark.django_db
def test_what_is_done_or_kept_from_its_reader_is_not_posted(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff
) -> None:
    call = owed(dana, desk)
    secret = InteractionFactory.create(customer=dana, discretion="managers_only")
    owed(dana, None, role="front_desk", interaction=secret)  # type: ignore[arg-type]  # nobody's
    FollowUp.objects.filter(pk=call.pk).update(state="done", ended_at=NOW)
    assert post() == 0
    assert gateway.posted == []


@pytest.mark.django_db
def test_a_gateway_that_is_down_holds_up_no_e_mail(
    connected: str, gateway: Gateway, dana: Customer, desk: Staff, post_office: Any
) -> None:
    owed(dana, desk)
    gateway.status = 500
    assert post() == 0
    assert sending.send_waiting(lambda: NOW) == 1
    assert len(post_office.letters) == 1


@pytest.mark.django_db
def test_both_secrets_sign_for_a_day(connected: str, gateway: Gateway, dana: Customer, desk: Staff) -> None:
    new = webhooks.rotate(Webhook.objects.get().pk, NOW)
    assert new != connected
    owed(dana, desk)
    post(NOW + HOUR)
    owed(dana, desk)
    post(NOW + 25 * HOUR)
    counts = [len(headers["webhook-signature"].split()) for headers, _body in gateway.posted]
    assert counts == [2, 1]


@pytest.mark.django_db
def test_the_page_of_the_owner(as_owner: Client, gateway: Gateway) -> None:
    address = reverse("house_webhook")
    secret = as_owner.post(address, {"url": gateway.url}).context["secret"]
    assert secret.startswith("whsec_")
    assert secret not in as_owner.get(address).content.decode()
    said = as_owner.post(reverse("house_webhook_test"), follow=True).content.decode()
    assert "The test was taken." in said
    assert json.loads(gateway.posted[0][1])["type"] == "test"
    gateway.status = 500
    said = as_owner.post(reverse("house_webhook_test"), follow=True).content.decode()
    assert "the other side answered 500" in said
    new = as_owner.post(reverse("house_webhook_rotate")).context["secret"]
    assert new != secret
    as_owner.post(reverse("house_webhook_off"))
    assert not Webhook.objects.live().exists()
    as_owner.post(address, {"url": gateway.url})
    assert Webhook.objects.live().get().secret == new


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["", "x", "https://127.0.0.1/", "http://example.invalid/"])
def test_the_page_refuses_what_must_not_be(url: str, as_owner: Client, settings: Settings) -> None:
    settings.PRODUCTION = True
    settings.SECURE_SSL_REDIRECT = False
    assert as_owner.post(reverse("house_webhook"), {"url": url}).status_code == 422
    assert not Webhook.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["house_webhook", "house_webhook_rotate", "house_webhook_test", "house_webhook_off"]
)
def test_it_is_for_owners(name: str, as_manager: Client, as_stranger: Client, anonymous: Client) -> None:
    for client, status in ((as_manager, 403), (as_stranger, 403), (anonymous, 302)):
        assert client.post(reverse(name)).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["house_webhook_rotate", "house_webhook_test"])
def test_before_there_is_one(name: str, as_owner: Client) -> None:
    assert as_owner.post(reverse(name)).status_code == 404


@pytest.mark.django_db
def test_what_was_kept_of_a_change_holds_no_secret(connected: str) -> None:
    webhooks.rotate(Webhook.objects.get().pk, NOW)
    event = Webhook.objects.get().events.get()  # type: ignore[attr-defined]  # by tracked()
    assert not hasattr(event, "secret")
