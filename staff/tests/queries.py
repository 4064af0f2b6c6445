"""Counting queries: a page costs the same with one row and with twenty."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def cost(client: Client, path: str) -> int:
    """How many queries the page takes, once it is warm. Fails unless it answers 200."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def assert_constant(client: Client, path: str, add: Callable[[], object]) -> None:
    """Fail unless the page takes as many queries with twenty rows as with one; `add` adds one row."""
    add()
    one = cost(client, path)
    for _ in range(19):
        add()
    twenty = cost(client, path)
    assert twenty == one, f"{path}: {one} queries with one row, {twenty} with twenty"
