"""An empty house gets its first venue and its owner from the command line."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from staff.models import Membership, Role, Staff, Venue

pytestmark = pytest.mark.django_db

ASKED: dict[str, Any] = {
    "owner": "Ruth",
    "email": "Ruth@corner.example",
    "slug": "corner",
    "time_zone": "Europe/London",
    "country": "gb",
    "currency": "gbp",
}


def test_the_owner_chooses_a_password_and_is_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("open_house", "The Corner", **ASKED)
    owner = Staff.objects.get()
    held = Membership.objects.get(staff=owner)
    assert (held.role, held.venue.name, held.venue.country) == (Role.OWNER, "The Corner", "GB")
    link = urlsplit(capsys.readouterr().out.split()[-1])
    browser = Client()
    form = browser.get(link.path, follow=True)
    password = "a quiet harbour"
    browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    browser.post("/accounts/login/", {"login": "ruth@corner.example", "password": password})
    assert "The Corner" in browser.get("/house/").content.decode()


def test_a_house_with_a_venue_is_left_alone(venue: Venue) -> None:
    with pytest.raises(CommandError, match="open already"):
        call_command("open_house", "Another", **ASKED)
    assert list(Venue.objects.all()) == [venue]
    assert not Staff.objects.exists()


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("time_zone", "Europe/Nowhere", "Time zone: "),
        ("country", "Britain", "Country: "),
        ("slug", "two words", "lug"),
        ("day_starts", "25:00", "Business day starts: "),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(name: str, wrong: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("open_house", "The Corner", **{**ASKED, name: wrong})
    assert not Venue.objects.exists()
    assert not Staff.objects.exists()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="Email"):
        call_command("open_house", "The Corner", **{**ASKED, "email": "ruth"})
    assert not Venue.objects.exists()
