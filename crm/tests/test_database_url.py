"""Connection strings, there and back."""

from __future__ import annotations

import pytest
from environs import ValidationError

from crm import database_url


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://sam:s%40lt@db.example:6432/house?sslmode=require&application_name=us",
        "host=db.example port=6432 dbname=house user=sam password=s@lt sslmode=require application_name=us",
    ],
)
def test_both_ways_of_writing_give_the_same_settings(text: str) -> None:
    settings = database_url.django_settings(database_url.parse(text), pooled=False)
    assert settings["HOST"] == "db.example"
    assert settings["PORT"] == "6432"
    assert settings["USER"] == "sam"
    assert settings["PASSWORD"] == "s@lt"
    assert settings["NAME"] == "house"
    assert {"sslmode": "require", "application_name": "us"}.items() <= settings["OPTIONS"].items()


@pytest.mark.parametrize("pooled", [True, False])
def test_nothing_is_lost_on_the_way_to_the_queue(*, pooled: bool) -> None:
    parts = {"host": "/run/a socket", "dbname": "house", "user": "sam", "passfile": "/etc/it's here"}
    settings = database_url.django_settings(parts, pooled=pooled)
    assert ("pool" in settings["OPTIONS"]) is pooled
    assert database_url.parse(database_url.connection_string(settings)) == parts


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("mysql://house@localhost/house", True),
        ("nonsense", True),
        ("postgresql://localhost", True),
        ("postgresql://localhost/house", False),
        ("", False),  # the embedded database
    ],
)
def test_what_is_no_address_of_a_database_is_refused_in_words(text: str, *, refused: bool) -> None:
    said = ""
    try:
        database_url.check(text)
    except ValidationError as error:
        said = str(error)
    assert ("postgresql://user:password@host" in said) is refused
