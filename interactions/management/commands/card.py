"""Print the cue card of a customer, or check scenario files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation

from customers.models import Customer
from interactions.cues import card_for
from interactions.cues.card import Card
from interactions.cues.draft import STAGES
from interactions.models import Channel
from interactions.scenarios.building import card_of
from interactions.scenarios.checking import differences
from interactions.scenarios.reading import read_file
from interactions.scenarios.values import BadScenarioError
from staff.models import Membership, Role

FITS, DIFFERS, UNUSABLE = 0, 1, 2


class Command(BaseCommand):
    """The card on the command line."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Either scenario files or one customer."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--scenario", nargs="+", type=Path, metavar="FILE", help="situations to build and roll back"
        )
        which.add_argument("--customer", type=int, metavar="ID", help="a customer, now")
        parser.add_argument("--check", action="store_true", help="compare each scenario with what it expects")
        parser.add_argument(
            "--as", dest="email", metavar="EMAIL", help="who looks; by default the front desk"
        )
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument("--channel", choices=Channel.values, default=Channel.IN_PERSON)
        parser.add_argument("--stage", choices=STAGES, default="arrival")

    def handle(self, **options: Any) -> None:
        """Print, and exit with the worst found: 0 as expected, 1 a difference, 2 a file that is no use."""
        if options["scenario"]:
            found = [self.judge(path, check=options["check"]) for path in options["scenario"]]
            if max(found):
                sys.exit(max(found))
            return
        self.show(options)

    def judge(self, path: Path, *, check: bool) -> int:
        """Build one scenario, say one line about it, and take everything back."""
        try:
            scenario = read_file(path, needs_expectation=check)
            with transaction.atomic():
                card = card_of(scenario)
                transaction.set_rollback(True)
        except BadScenarioError as error:
            self.stderr.write(f"{path}: {error}")
            return UNUSABLE
        if not check or scenario.expect is None:
            self.stdout.write(json.dumps(card, ensure_ascii=False))
            return FITS
        wrong = differences(card, scenario.expect)
        self.stdout.write(f"{path}: {'; '.join(wrong) or 'ok'}")
        return DIFFERS if wrong else FITS

    def show(self, options: dict[str, Any]) -> None:
        """The card of one customer now."""
        customer = Customer.objects.select_related("home_venue").filter(pk=options["customer"]).first()
        if customer is None:
            raise CommandError(f"there is no customer {options['customer']}")
        membership = _membership(customer, options["email"])
        with translation.override(membership.staff.language):
            card = card_for(
                customer, membership, now=timezone.now(), channel=options["channel"], stage=options["stage"]
            )
            told = (
                json.dumps(card.as_json(), ensure_ascii=False, indent=1) if options["json"] else as_text(card)
            )
        self.stdout.write(told)


def _membership(customer: Customer, email: str | None) -> Membership:
    """Who looks: the person named, else the first of the front desk where the customer is at home."""
    current = Membership.objects.current().select_related("staff", "venue").order_by("pk")
    if email:
        theirs = current.filter(staff__email__iexact=email)
        found = theirs.filter(venue=customer.home_venue_id).first() or theirs.first()
    else:
        found = current.filter(venue=customer.home_venue_id, role=Role.FRONT_DESK).first()
    if found is None:
        raise CommandError(
            f"{email} works nowhere" if email else "nobody works at the front desk of their venue"
        )
    return found


def as_text(card: Card) -> str:
    """The card in lines, as a terminal shows it."""
    hello = card.greeting
    parts = (
        hello.name,
        hello.full_name,
        hello.native_name,
        hello.pronunciation,
        hello.address,
        hello.language,
    )
    lines = [" · ".join(part for part in (*parts, *hello.style) if part), hello.question]
    lines += [f"! {'ASK ' if cue.ask else ''}{cue.text} ({cue.why})" for cue in card.safety]
    lines += [f"{cue.lane_name}: {cue.text} ({cue.why})" for cue in card.cues]
    lines += [f"  … {cue.lane_name}: {cue.text} ({cue.why})" for cue in card.folded]
    lines += [f"  held: {one.text} ({one.reason_name})" for one in card.held]
    lines += [f"  {', '.join(card.allowed_names) or '–'} / {', '.join(card.refused_names) or '–'}"]
    return "\n".join(line for line in lines if line)
