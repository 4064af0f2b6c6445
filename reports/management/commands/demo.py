"""Make the demo business, or keep guests coming to it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from reports.demo.arrivals import expect_guests, keep_coming
from reports.demo.build import build
from reports.demo.house import is_demo, write_logins
from staff.models import Venue


class Command(BaseCommand):
    """`manage.py demo`: three venues, a dozen staff and as many customers as asked for."""

    help = "Makes the demo business: the same for the same seed and day, dated relative to now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be asked for."""
        parser.add_argument("--customers", type=int, default=2_000, help="how many customers (2,000)")
        parser.add_argument("--interactions", type=int, default=40_000, help="how many interactions (40,000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people (1)")
        parser.add_argument(
            "--arrivals",
            action="store_true",
            help="only see to it that guests are expected in the next hours",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say why not."""
        if options["arrivals"]:
            self._keep_coming(options["seed"])
            return
        if Venue.objects.exists():
            raise CommandError(
                "There is a business in this database already. "
                "To start again from nothing: make reset, then make demo."
            )
        if options["customers"] < 0 or options["interactions"] < 0:
            raise CommandError("--customers and --interactions take whole numbers from 0 up.")
        now = timezone.now()
        with self._bar("customers", options) as made, self._bar("search keys", options) as indexed:
            house = build(
                customers=options["customers"],
                interactions=options["interactions"],
                seed=options["seed"],
                now=now,
                made=lambda count: _on(made, count),
                indexed=lambda count: _on(indexed, count),
            )
        expect_guests(house, now, options["seed"])
        path = write_logins(settings.VAR_DIR)
        self.stdout.write(f"The demo business is made. Its logins are in {path}.")

    def _bar(self, unit: str, options: dict[str, Any]) -> tqdm[Any]:
        quiet = options["verbosity"] == 0
        bar: tqdm[Any] = tqdm(total=options["customers"], unit=f" {unit}", file=sys.stderr, disable=quiet)
        return bar

    def _keep_coming(self, seed: int) -> None:
        if not is_demo():
            raise CommandError("This database holds no demo business. To make one: make demo")
        venues = {venue.slug: venue for venue in Venue.objects.all()}
        added = keep_coming(venues, timezone.now(), seed)
        self.stdout.write(f"{added} more guests are expected.")


def _on(bar: tqdm[Any], count: int) -> None:
    bar.update(count)
