"""Write the search keys anew."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from customers import keys
from customers.models import Customer

BATCH = 200


class Command(BaseCommand):
    """`manage.py reindex`: every customer's keys from everything they are made from, while people work."""

    help = (
        "Writes the search keys of all customers anew, a few at a time; broken off, it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be asked for."""
        parser.add_argument(
            "--from-start", action="store_true", help="forget where the last run was broken off"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite in short transactions that lock a few customers each, and keep the place in a file."""
        place = settings.VAR_DIR / "reindex-at"
        last = 0 if options["from_start"] else _kept(place)
        if last:
            self.stderr.write(f"Goes on after customer {last}, where the last run was broken off.")
        left = Customer.objects.filter(pk__gt=last).order_by("pk")
        changed = 0
        with tqdm(
            total=left.count(), unit=" customers", file=sys.stderr, disable=options["verbosity"] == 0
        ) as progress:
            while ids := list(left.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
                changed += keys.rebuild(ids)
                last = ids[-1]
                _keep(place, last)
                progress.update(len(ids))
        place.unlink(missing_ok=True)
        self.stdout.write(f"{changed} customers had other keys than they should.")


def _kept(place: Path) -> int:
    """Where the last run was broken off; 0 where none was."""
    kept = place.read_text(encoding="ascii").strip() if place.exists() else ""
    return int(kept) if kept.isdecimal() else 0


def _keep(place: Path, last: int) -> None:
    """Keep the place, so that a run killed in the middle of this finds the one before."""
    new = place.with_suffix(".new")
    new.write_text(str(last), encoding="ascii")
    new.replace(place)
