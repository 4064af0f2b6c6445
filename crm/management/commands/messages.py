"""Bring the translation files up to date, or say what is wrong with them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crm import translations

FOLDERS = ["crm", "staff", "customers", "interactions", "reports", "templates"]


class Command(BaseCommand):
    """`manage.py messages`: what makemessages and compilemessages do, with no gettext to install."""

    help = "Brings locale/*/LC_MESSAGES/django.po up to date with the words in use, and compiles it."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What can be asked for."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail when a text is missing, doubtful or left over",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for every language but the one the house is written in."""
        used = translations.words_in_use(settings.BASE_DIR, FOLDERS)
        paths = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
        wrong = [line for path in paths for line in self._one(path, used, check=options["check"])]
        if not paths:
            wrong.append("there is no translation file in locale/")
        if options["check"] and wrong:
            raise CommandError(
                "\n".join([*wrong, f"{len(wrong)} faults. `make messages` brings the files up to date."])
            )
        translations.compile_catalogues(Path(settings.LOCALE_PATHS[0]))

    def _one(self, path: Path, used: polib.POFile, *, check: bool) -> list[str]:
        catalogue = polib.pofile(str(path), wrapwidth=110)
        name = path.parent.parent.name
        if not check:
            translations.merge(catalogue, used)
            catalogue.save()
            self.stdout.write(
                f"{name}: {len(used)} texts, {len(catalogue.untranslated_entries())} not translated."
            )
            return []
        return [f"{name}: {fault}" for fault in translations.faults(catalogue, used)]
