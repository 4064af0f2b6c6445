"""Open the house: database, web, worker and beat, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from crm import starting
from crm.embedded.binaries import server_version, wheel_programs
from crm.embedded.server import Server
from crm.supervisor import Child, Supervisor, end_leftovers


class Command(BaseCommand):
    help = "Run everything: the embedded database (unless DATABASE_URL names one), web, worker and beat."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty house empty")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        address = f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared, not bound
        self.check()
        run = settings.VAR_DIR / "run"
        with starting.only_one(run / "up.lock", address), contextlib.suppress(KeyboardInterrupt):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.default_int_handler)
            if end_leftovers(run / "children.json"):
                self._say("Ended what an earlier run had left behind.")
            starting.check_port(host, port)
            self._serve(host, port, address, demo=not (options["no_demo"] or settings.PRODUCTION))
        self._say("Stopped.")

    def _serve(self, host: str, port: int, address: str, *, demo: bool) -> None:
        server = Server(settings.VAR_DIR, tied=True) if settings.EMBEDDED_DATABASE else None
        database = self._open_database(server)
        try:
            if not settings.EMBEDDED_BROKER:
                starting.check_own_broker()
            self._prepare(demo=demo)
            Supervisor(
                parts(host, port),
                say=self._say,
                pids_file=settings.VAR_DIR / "run" / "children.json",
                folder=settings.BASE_DIR,
                environment={"SITE_URL": address, **os.environ},
                keeper=server,
                when_ready=lambda: answers(host, port) and self._greet(address, database),
            ).run()
        finally:
            if server is not None:
                server.release()

    def _open_database(self, server: Server | None) -> str:
        """Have the database up; what it is, in words."""
        if server is None:
            return f"PostgreSQL {starting.check_own_database()} named by DATABASE_URL"
        self._say("Starting the embedded database …")
        server.acquire()
        return f"embedded PostgreSQL {server_version(wheel_programs())} in {server.layout.home}"

    def _prepare(self, *, demo: bool) -> None:
        if starting.bring_database_up_to_date():
            self._say("The tables are up to date.")
        starting.compile_translations()
        starting.collect_static_files()
        if demo and starting.move_demo_in():
            self._say("The demo business has moved in.")
        connections.close_all()

    def _greet(self, address: str, database: str) -> bool:
        broker = "in the same database (PGMQ)" if settings.EMBEDDED_BROKER else "named by CELERY_BROKER_URL"
        mail = settings.EMAIL_HOST or f"files in {settings.MAIL_DIR}"
        lines = ["", f"Regulars is open at {address}  (Ctrl-C closes it)", ""]
        lines += [f"  database  {database}", f"  broker    {broker}", f"  mail      {mail}"]
        logins = [f"    {login}" for login in starting.demo_logins()]
        if logins:
            lines += ["", "  Demo logins: role, venue, e-mail, password, PIN", "", *logins]
        self._say("\n".join([*lines, ""]))
        return True

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def parts(host: str, port: int) -> list[Child]:
    """The programs of the house, in the order they start."""
    python = [sys.executable, "-m"]
    # Celery warns at length about being root, who may well be what a container has.
    celery = [
        sys.executable,
        "-W",
        "ignore:You're running the worker",
        "-m",
        "celery",
        "-q",
        "-A",
        "crm.celery",
    ]
    # On the queue in the database, the children of one worker share a lock: one that is killed while it
    # waits for work takes it along, and nobody works any more. So there each worker is a single process.
    pool = ("--pool", "solo") if settings.EMBEDDED_BROKER else ("--concurrency", "2")
    quietly = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    memory = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108 - only a place for gunicorn's own heartbeat file
    return [
        Child(
            "web",
            [
                *(*python, "gunicorn", "crm.wsgi:application", "--bind", bind, "--worker-class", "gthread"),
                *("--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--timeout", "60"),
                *("--log-level", "warning", "--no-control-socket", *memory),
            ],
        ),
        Child("worker", [*celery, "worker", *quietly, *pool]),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]),
        *([Child("second worker", [*celery, "worker", *quietly, *pool])] if settings.EMBEDDED_BROKER else []),
    ]


def answers(host: str, port: int) -> bool:
    """Whether the web process answers by now."""
    near = "127.0.0.1" if host in {"0.0.0.0", ""} else "::1" if host == "::" else host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(near, port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
