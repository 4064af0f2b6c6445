"""The colours of tokens.css against WCAG 2.2 AA, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
TEXT = 4.5
SHAPE = 3.0

WORDS_ON = [
    ("ink", ["paper", "surface", "raised", "sunken", "hover", "accent-soft", "mark", "mark-strong"]),
    ("ink-soft", ["paper", "surface", "raised", "sunken", "hover", "accent-soft"]),
    ("accent", ["paper", "surface", "raised", "hover", "accent-soft"]),
    ("accent-strong", ["paper", "surface", "hover", "accent-soft", "mark"]),
    ("on-accent", ["accent", "accent-strong"]),
    ("heed", ["paper", "surface", "raised", "hover", "heed-soft"]),
    ("on-safety", ["safety"]),
    ("safety-ink", ["safety-soft", "surface"]),
    ("paper", ["ink"]),
]
SHAPES_ON = [
    ("line-strong", ["paper", "surface", "raised"]),
    ("accent", ["paper", "surface", "accent-soft"]),
    ("heed-line", ["surface"]),
    ("safety-line", ["surface", "safety-soft"]),
    ("toast-done", ["ink"]),
    ("toast-heed", ["ink"]),
]


def colours(which: int) -> dict[str, str]:
    """Every colour token as #rrggbb, of the light theme (0) or the dark (1)."""
    text = (CSS / "tokens.css").read_text()
    found = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-fA-F]{6}), (#[0-9a-fA-F]{6})\);", text)
    return {name: (light, dark)[which] for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1, as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(table: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """The table flattened to (foreground, background)."""
    return [(fore, back) for fore, backs in table for back in backs]


def test_the_formula_gives_the_known_ends() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("fore", "back"), pairs(WORDS_ON))
def test_words_can_be_read(theme: int, fore: str, back: str) -> None:
    palette = colours(theme)
    assert ratio(palette[fore], palette[back]) >= TEXT


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("fore", "back"), pairs(SHAPES_ON))
def test_edges_can_be_seen(theme: int, fore: str, back: str) -> None:
    palette = colours(theme)
    assert ratio(palette[fore], palette[back]) >= SHAPE


def test_red_is_for_safety_alone() -> None:
    """Only the rules of the safety badge, band and rows use the red tokens."""
    for sheet in CSS.glob("*.css"):
        if sheet.name == "tokens.css":
            continue
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text()):
            if re.search(r"var\(--(on-)?safety", body):
                assert "safety" in selector, f"{sheet.name}: {selector.strip()} uses red"


def test_no_sheet_names_a_colour_outside_the_tokens() -> None:
    for sheet in CSS.glob("*.css"):
        if sheet.name in {"tokens.css", "print.css"}:
            continue
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", sheet.read_text()), sheet.name
