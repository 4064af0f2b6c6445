"""Write the search keys anew."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from customers import keys
from customers.models import Customer
from customers.name_starts import words_of
from customers.search_keys import Facts, Remembered, keys_of, starts_of

BATCH = 200
# Somebody of whom a key of each kind is made.
_ANYBODY: Final = Facts(
    names=("Łukasz Bjørn McKenzie-O'Brien", "曾晓丽", "Alexandra Müller"),
    phones=("+442079460123",),
    addresses=("a.mueller+desk@kestrel-optics.co.uk",),
    companions=("豆豆",),
    company="Kestrel Optics",
    tags=("regular",),
    remembered=(Remembered("Oat flat white"), Remembered("龙井茶", 0)),
    heard=("oats",),
)


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
        made_by = rules()
        last = 0 if options["from_start"] else _kept(place, made_by)
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
                _keep(place, last, made_by)
                progress.update(len(ids))
        place.unlink(missing_ok=True)
        self.stdout.write(f"{changed} customers had other keys than they should.")


def rules() -> str:
    """What changes whenever keys are made otherwise: those before the place are then of the old kind."""
    made = keys_of(_ANYBODY), starts_of(words_of(_ANYBODY.names))
    return f"{crc32(repr(made).encode()):08x}"


def _kept(place: Path, made_by: str) -> int:
    """Where the last run was broken off; 0 where none was, or one that made keys by other rules."""
    kept = place.read_text(encoding="ascii").split() if place.exists() else []
    return int(kept[0]) if len(kept) == 2 and kept[0].isdecimal() and kept[1] == made_by else 0


def _keep(place: Path, last: int, made_by: str) -> None:
    """Keep the place, so that a run killed in the middle of this finds the one before."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(".new")
    new.write_text(f"{last} {made_by}", encoding="ascii")
    new.replace(place)
