"""The first venue of an empty house, and the person who owns it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from staff import invitations, roster
from staff.house_forms import NewVenueForm
from staff.models import Industry, Language, Staff, Venue


class Command(BaseCommand):
    """`manage.py open_house`: everybody after the first owner is added on the House page."""

    help = "Opens an empty house: its first venue and its owner. Prints the link that sets the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What has to be known, and what may be changed on the House page later."""
        parser.add_argument("venue", help="the venue's name")
        parser.add_argument("--owner", required=True, metavar="NAME", help="what colleagues call the owner")
        parser.add_argument("--email", required=True, help="with which the owner signs in")
        parser.add_argument("--slug", required=True, help="the venue's short name, such as harbour-cafe")
        parser.add_argument("--time-zone", required=True, metavar="ZONE", help="such as Europe/London")
        parser.add_argument("--country", required=True, help="two letters, such as GB")
        parser.add_argument("--currency", required=True, help="three letters, such as GBP")
        parser.add_argument("--industry", default=Industry.CAFE, choices=Industry.values)
        parser.add_argument("--language", default=Language.ENGLISH, choices=Language.values)
        parser.add_argument(
            "--day-starts", default="04:00", metavar="HH:MM", help="of the business day (04:00)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say what is wrong with each answer."""
        if Venue.objects.exists():
            raise CommandError(
                "This house is open already. An owner adds venues and people on its House page."
            )
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"Email: {' '.join(error.messages)}") from error
        form = self._venue(options)
        if not form.is_valid():
            wrong = [
                f"{form[field].label}: {' '.join(map(str, said))}" for field, said in form.errors.items()
            ]
            raise CommandError("\n".join(wrong))
        with transaction.atomic():
            owner = Staff.objects.create_user(
                options["email"], display_name=options["owner"], language=options["language"]
            )
            roster.open_venue(form.save(commit=False), by=owner, now=timezone.now())
        self.stdout.write(f"{options['venue']} is open. {options['owner']} chooses a password here, once:")
        self.stdout.write(invitations.password_link(owner))

    def _venue(self, options: dict[str, Any]) -> NewVenueForm:
        """The form of the House page, filled in from the command line."""
        return NewVenueForm(
            {
                **{name: options[name] for name in ("slug", "time_zone", "country", "currency", "industry")},
                "name": options["venue"],
                "language": options["language"],
                "business_day_starts": options["day_starts"],
            }
        )
