"""Take the guide's pictures of the running demo: `make run` in one terminal, then

    .venv/bin/python tools/take_pictures.py [http://localhost:8000]

Each picture is one line of PICTURES: who looks at which page, on what screen, after typing and pressing what.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guide" / "pictures"
TABLET = (1024, 768)
PHONE = (390, 844)
PASSWORD = "welcome-back"  # noqa: S105 - the demo's, printed at every start
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """One picture: `type` is typed into what has the focus, then `press` pressed."""

    name: str
    who: str
    path: str
    screen: tuple[int, int] = TABLET
    dark: bool = False
    type: str = ""
    press: tuple[str, ...] = ()


PICTURES = (
    Picture("desk", "sam", "/", type="dan", press=("ArrowDown", "Enter")),
    Picture("desk-results", "sam", "/", type="ann"),
    Picture("desk-dark", "sam", "/", dark=True, type="nia", press=("ArrowDown", "Enter")),
    Picture("desk-phone", "sam", "/", screen=PHONE, type="tom", press=("ArrowDown", "Enter")),
    Picture("desk-phone-zh", "liming", "/", screen=PHONE, type="wang", press=("ArrowDown", "Enter")),
    Picture("desk-zh", "liming", "/", type="王", press=("ArrowDown", "Enter")),
    Picture("look-up-misspelt", "sam", "/", type="whitfeild"),
    Picture("look-up-number", "sam", "/", type="7946 0321"),
    Picture("look-up-pinyin", "liming", "/", type="zengl"),
    Picture("look-up-remembered", "sam", "/", type="anna oat"),
    Picture("nothing-found", "sam", "/", type="Wilhelmina Quatermain"),
    # The people of the stories are made first, so their numbers are known: Tom is 2, Monsieur Renard 7.
    Picture("customer", "sam", "/customers/2/"),
    Picture("preferences", "eva", "/customers/7/preferences/"),
    Picture("follow-ups", "priya", "/follow-ups/"),
    Picture("recovery", "priya", "/recovery/"),
    Picture("arrivals", "lena", "/arrivals/"),
    Picture("reports", "priya", "/reports/"),
    Picture("cues-used", "priya", "/reports/#cues-used"),
    # The walk: front desk, concierge and manager, in English and in Chinese.
    Picture("leaving", "sam", "/customers/1/?stage=leaving"),
    Picture("out-today", "sam", "/out-today/", type="Oat milk", press=("Enter",)),
    Picture("usual-out", "sam", "/customers/2/"),
    Picture("held", "eva", "/customers/8/"),
    Picture("arrivals-zh", "liming", "/arrivals/"),
    Picture("leaving-zh", "liming", "/customers/15/?stage=leaving"),
    Picture("preferences-zh", "wangfang", "/customers/15/preferences/"),
    Picture("recovery-zh", "jingyi", "/recovery/"),
    Picture("reports-zh", "jingyi", "/reports/"),
    Picture("house", "helen", "/house/"),
    Picture("audit", "priya", "/house/audit/"),
)


def log_in(browser: Browser, base: str, picture: Picture) -> Page:
    """A page of the person's own, logged in."""
    width, height = picture.screen
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.dark else "light",
        has_touch=picture.screen == PHONE,
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[type=email]", f"{picture.who}@demo.example")
    page.fill("input[type=password]", PASSWORD)
    page.press("input[type=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def take(browser: Browser, base: str, picture: Picture) -> None:
    """Walk to what the picture shows, and take it."""
    page = log_in(browser, base, picture)
    page.goto(picture.path)
    page.wait_for_load_state("networkidle")
    if picture.type:
        page.keyboard.type(picture.type, delay=40)
        page.wait_for_timeout(600)
    for key in picture.press:
        page.keyboard.press(key)
        page.wait_for_timeout(400)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    page.context.close()


def main() -> None:
    """Take every picture, or those whose names are given after the address."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
    wanted = set(sys.argv[2:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                take(browser, base, picture)
                sys.stdout.write(f"{picture.name}\n")
        browser.close()


if __name__ == "__main__":
    main()
