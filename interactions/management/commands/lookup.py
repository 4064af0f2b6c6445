"""Look customers up, as the desk does."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.lookup import Found, Hit, look_up
from interactions import panes
from staff.asking import asking_as
from staff.models import Membership


class Command(BaseCommand):
    """`manage.py lookup TEXT`: what the desk would list."""

    help = "Lists the customers that the desk would list for TEXT, best first, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be asked for."""
        parser.add_argument("text", nargs="*", help="what would be typed")
        parser.add_argument("--venue", default="", metavar="SLUG", help="at this venue (the first one)")
        parser.add_argument(
            "--as", dest="email", default="", metavar="EMAIL", help="as this person (a front desk)"
        )
        parser.add_argument("--limit", type=int, default=10, metavar="N", help="so many at the most (10)")
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument(
            "--file",
            type=Path,
            metavar="QUERIES",
            help="look up each line of this file; gives a JSON list a line",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look up and print."""
        if not options["text"] and not options["file"]:
            raise CommandError("Say what to look up, or name a --file with one query a line.")
        if options["text"] and options["file"]:
            raise CommandError("Say what to look up, or name a --file: not both.")
        if options["limit"] < 1:
            raise CommandError("--limit takes a whole number from 1 up.")
        try:
            membership = asking_as(email=options["email"], venue=options["venue"])
        except Membership.DoesNotExist as error:
            raise CommandError(f"Cannot look up: {error}.") from error
        if options["file"]:
            self._each_line(options["file"], membership, options["limit"])
            return
        found = _found(" ".join(options["text"]), membership, options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_in_words(found)))

    def _each_line(self, path: Path, membership: Membership, limit: int) -> None:
        try:
            # Lines as files have them, and no others: a query may hold what Unicode takes for the end of one.
            with path.open(encoding="utf-8-sig") as lines:
                queries = [line.rstrip("\n") for line in lines]
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"Cannot read {path}: it is not text in UTF-8.") from error
        for query in queries:
            hits = _found(query, membership, limit).hits
            self.stdout.write(json.dumps([hit.as_json() for hit in hits], ensure_ascii=False))


def _found(text: str, membership: Membership, limit: int) -> Found:
    now = timezone.now()
    expected = panes.ids_expected_today(membership, now)
    return look_up(text, membership, now=now, limit=limit, expected=expected)


def _in_words(found: Found) -> Iterable[str]:
    """The list as lines for a terminal."""
    for place, hit in enumerate(found.hits, 1):
        yield f"{place:>2}  {_line(hit)}"
    if not found.hits:
        yield "nobody found"
    if found.partial:
        yield "the database took too long: there may be more"


def _line(hit: Hit) -> str:
    about = [f"#{hit.customer_id}", hit.why]
    if hit.expected:
        about.append("expected today")
    if hit.last_seen:
        about.append(f"seen {hit.last_seen:%Y-%m-%d}")
    ending = f"  ··{hit.phone_ending}" if hit.phone_ending else ""
    safety = f"  SAFETY: {', '.join(hit.safety)}" if hit.safety else ""
    return f"{hit.name}{ending}  ({'; '.join(about)}){safety}"
