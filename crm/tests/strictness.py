"""What a test may not do: reach another machine, or, where skips are refused, be skipped."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import hypothesis
import pytest

REFUSE_SKIPS = os.environ.get("REFUSE_SKIPS", "") not in {"", "0"}


def pytest_configure() -> None:
    """Have an example take its time: on a busy machine that says nothing of whether it is right.

    Where skips are refused, a change is judged: by the same examples each time, not by the day's luck.
    """
    hypothesis.settings.register_profile(
        "house",
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
        derandomize=REFUSE_SKIPS,
    )
    hypothesis.settings.load_profile("house")


class ForeignAddressError(RuntimeError):
    """A test tried to reach another machine."""


def _is_near(address: Any) -> bool:
    """Whether a socket address is this machine: a path, or a loopback address."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_foreign_sockets() -> Any:
    """Refuse every connection that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(original: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if not _is_near(address):
                raise ForeignAddressError(f"a test tried to connect to {address!r}")
            return original(self, address)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a session in which a test was skipped, when REFUSE_SKIPS says so."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if REFUSE_SKIPS and reporter and skipped and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"REFUSE_SKIPS: {len(skipped)} skipped", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
