"""A real browser for the tests marked `browser`: Chromium through playwright, with pages of anybody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from crm.embedded import processes

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
OpenPage = Callable[..., Page]
# What a page does at once on an idle machine may take this long on a busy one.
PATIENCE_SECONDS = 60.0
# A toast leaves by itself; not before a test on a busy machine has read it, or pressed its Undo.
PATIENT_TOASTS = """{
    const later = window.setTimeout;
    window.setTimeout = (call, ms, ...rest) => later(call, ms === 8000 ? 120000 : ms, ...rest);
}"""


def installed_chromium() -> str | None:
    """The browser of this machine: the one CHROMIUM names, else the first on the PATH; None without any."""
    named = os.environ.get("CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; each page gets a context of its own."""
    if installed_chromium() is None:
        pytest.skip("Chromium is not installed")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, and Django takes any running loop for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE_SECONDS * 1000)
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[OpenPage]:
    """`open_page(path, person, **context)`: the page at that path, as that person (None: nobody) sees it.

    The context takes what playwright's `new_context` takes: viewport, color_scheme, locale, has_touch.
    Nothing fades unless it is asked to, so that no colour is judged on its way from one to another.
    What the content policy refused and every error of a script fail the test at its end.
    """
    contexts, troubles = [], []

    def open_(path: str, person: Any | None, **options: Any) -> Page:
        options.setdefault("reduced_motion", "reduce")
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        context.add_init_script(PATIENT_TOASTS)
        if person is not None:
            client = Client()
            client.force_login(person)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None
        )
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    # What a page was still asking for would stand in the way of emptying the tables.
    processes.wait_until(nothing_is_asked, PATIENCE_SECONDS, pause=0.1)
    assert not troubles


def nothing_is_asked() -> bool:
    """Whether nobody but this test is at work in its database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        row = cursor.fetchone()
    return bool(row == (0,))
