"""Make, list and take back the keys of other programs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff import api_keys
from staff.asking import asking_as
from staff.models import ApiKey, Membership


class Command(BaseCommand):
    """`manage.py api_key make "Telephone" --as EMAIL`: a key that asks as that person."""

    help = "Makes a key with which another program asks on behalf of somebody, lists keys, takes one back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be done."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="make a key; its token is printed once")
        make.add_argument("name", help="what it is for, such as Telephone")
        make.add_argument(
            "--as", dest="email", required=True, metavar="EMAIL", help="on whose behalf it asks"
        )
        make.add_argument("--venue", default="", metavar="SLUG", help="at this venue (their first one)")
        verbs.add_parser("list", help="every key that opens something")
        revoke = verbs.add_parser("revoke", help="take a key back")
        revoke.add_argument("number", type=int, help="its number in the list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["verb"] == "make":
            self._make(options["name"].strip(), options["email"], options["venue"])
        elif options["verb"] == "revoke":
            self._revoke(options["number"])
        else:
            for key in ApiKey.objects.in_use():
                self.stdout.write(f"{key.pk:>4}  {key.name}  {key.membership}  since {key.made_at:%Y-%m-%d}")

    def _make(self, name: str, email: str, venue: str) -> None:
        if not 0 < len(name) <= 60:
            raise CommandError("A key has a name of 1 to 60 letters.")
        try:
            membership = asking_as(email=email, venue=venue)
        except Membership.DoesNotExist as error:
            raise CommandError(f"No key was made: {error}.") from error
        key, token = api_keys.make(membership, name=name, now=timezone.now())
        self.stdout.write(f"Key {key.pk} asks as {membership}. Its token, shown this once:\n{token}")

    def _revoke(self, number: int) -> None:
        key = ApiKey.objects.in_use().filter(pk=number).first()
        if key is None:
            raise CommandError(f"There is no key {number} in use.")
        api_keys.revoke(key, now=timezone.now())
        self.stdout.write(f"Key {number} ({key.name}) opens nothing any more.")
