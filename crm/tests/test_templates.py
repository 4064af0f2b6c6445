"""Promises about every template: icons that exist, nothing inline, one place for each component."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from crm.templatetags.shell import is_current

ROOT = Path(settings.BASE_DIR)
VENDOR = ROOT / "static" / "vendor"


def templates() -> list[Path]:
    """Every page and fragment of the house."""
    return sorted((ROOT / "templates").rglob("*.html"))


def pages() -> list[Path]:
    """Those that a browser shows under our content policy; programs that show mail drop style sheets."""
    return [path for path in templates() if path.parent.name != "mail"]


def sprite_names() -> set[str]:
    """The icons that the sprite draws."""
    return set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text()))


def test_the_sprite_holds_what_the_list_names() -> None:
    assert sprite_names() == set((VENDOR / "icons.txt").read_text().split())


def test_the_sprite_holds_nothing_that_nobody_needs() -> None:
    """Every name in it is written, in quotes, in a template or a template tag."""
    places = [*templates(), *ROOT.glob("*/templatetags/*.py")]
    words = set(re.findall(r'"([a-z0-9-]+)"', "".join(path.read_text() for path in places)))
    assert sprite_names() <= words


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_icon_named_is_in_the_sprite(path: Path) -> None:
    text = path.read_text()
    used = re.findall(r'crm/icon\.html" with name="([^"]+)"', text) + re.findall(r'\bicon="([^"]+)"', text)
    assert set(used) <= sprite_names()


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_nothing_is_inline_that_the_content_policy_would_drop(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert "hx-on" not in text
    assert not re.search(r"""hx-(vals|headers)=["']js:""", text)
    for attributes in re.findall(r"<script([^>]*)>", text):
        assert "src=" in attributes or "application/json" in attributes


@pytest.mark.parametrize("path", sorted({*templates()} - {*pages()}), ids=lambda path: path.name)
def test_no_letter_fetches_or_runs_anything(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<(script|img|link|iframe|object|svg)\b|url\(|@import", text)
    assert not re.search(r"\son[a-z]+=", text)


def test_an_icon_alone_has_a_spoken_name_and_beside_words_has_none() -> None:
    assert 'aria-hidden="true"' in render_to_string("crm/icon.html", {"name": "lock"})
    alone = render_to_string("crm/icon.html", {"name": "lock", "label": "Managers only"})
    assert 'role="img" aria-label="Managers only"' in alone
    assert "aria-hidden" not in alone


@pytest.mark.parametrize(
    ("path", "address", "current"),
    [
        ("/", "/", True),
        ("/customers/", "/", False),
        ("/customers/7/edit", "/customers/", True),
        ("/customersx", "/customers/", False),
    ],
)
def test_a_link_is_current_for_the_pages_under_it(path: str, address: str, current: bool) -> None:
    assert is_current(path, address) is current
