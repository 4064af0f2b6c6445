"""Forget everything in the state folder, the embedded database included."""

from __future__ import annotations

import argparse
import shutil
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm import starting
from crm.embedded import cluster
from crm.embedded.errors import LauncherError
from crm.embedded.layout import layout_for

# What we put into the state folder; anything else in it is not ours to delete.
OURS = (
    "beat-schedule",
    "cache",
    "demo-logins.txt",
    "mail",
    "reindex-at",
    "screenshots",
    "secret-key",
    "static",
    "test",
)


class Command(BaseCommand):
    """`manage.py reset`: back to an empty house."""

    help = "Deletes the embedded database, the mail files and the keys in the state folder."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What can be asked for."""
        parser.add_argument("--yes", action="store_true", help="ask no question")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, then delete."""
        layout = layout_for(settings.VAR_DIR)
        if not options["yes"] and not self._agreed(f"{settings.VAR_DIR} and {layout.home}"):
            raise LauncherError("Nothing was deleted. To be asked no question: make reset YES=1")
        run = settings.VAR_DIR / "run"
        with starting.only_one(run / "up.lock", "being reset"):
            if layout.data.exists():
                cluster.clear_way(layout)
            for folder in (layout.home, layout.socket_dir, layout_for(settings.VAR_DIR / "test").home):
                shutil.rmtree(folder, ignore_errors=True)
            for name in OURS:
                path = settings.VAR_DIR / name
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            shutil.rmtree(run)
        self.stdout.write("The house is empty. `make run` opens a new one.")
        if not settings.EMBEDDED_DATABASE:
            self.stdout.write("The database that DATABASE_URL names was left alone.")

    def _agreed(self, places: str) -> bool:
        if not sys.stdin.isatty():
            return False
        return input(f"This deletes what Regulars keeps in {places}. Type yes: ").strip() == "yes"
