"""Posting to an address that an owner typed: never to ourselves, never further than asked.

The name is looked up once, every address it has must be a public one, and the connection is made to just
that address: a name that changes its mind in between leads nowhere else. Redirects are not followed, and
nothing of the answer but its status is kept.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

TIMEOUT: Final = 5.0
# The longest that one post takes in all, however slowly the other side answers.
LONGEST: Final = 12.0
# The prefix under which a network reaches IPv4 addresses, its own too (RFC 6052).
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class ForbiddenError(ValueError):
    """This address must not be posted to; the words say why."""


class PostError(Exception):
    """It was not taken; `for_good` when the other side wants no more."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        super().__init__(words)
        self.for_good = for_good


def checked(url: str, *, allowed: Collection[str], strict: bool) -> SplitResult:
    """The parts of an address that may be posted to. Raises ForbiddenError.

    Strict wants https. Hosts in `allowed` are trusted: they may be without, and may be private.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenError(f"not an address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ForbiddenError("not an address of the web")
    if parts.username or parts.password or parts.fragment:
        raise ForbiddenError("an address with a name, a password or a fragment in it")
    if parts.scheme != "https" and strict and parts.hostname not in allowed:
        raise ForbiddenError("an address without https")
    return parts


def resolved(parts: SplitResult, *, allowed: Collection[str], strict: bool) -> tuple[str, int]:
    """The one address and port to connect to. Raises ForbiddenError, and PostError for an unknown name."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PostError(f"the name {host} is not known: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if strict and host not in allowed and not all(is_public(address) for address in addresses):
        raise ForbiddenError("an address inside our own network")
    return addresses[0], port


def is_public(address: str) -> bool:
    """Whether an IP address is somebody else's, out in the world, by whichever detour it leads there."""
    found = ipaddress.ip_address(address.partition("%")[0])
    is_outside = found.is_global and not found.is_multicast
    return is_outside and all(is_public(str(inner)) for inner in _wrapped_in(found))


def _wrapped_in(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries on to: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    translated = ipaddress.IPv4Address(address.packed[-4:]) if address in NAT64 else None
    found = [address.ipv4_mapped, address.sixtofour, translated, *(address.teredo or ())]
    return [inner for inner in found if inner is not None]


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allowed: Collection[str] = (), strict: bool = True
) -> int:
    """Post the body and give the status, which is 2xx. Raises ForbiddenError and PostError."""
    parts = checked(url, allowed=allowed, strict=strict)
    address, port = resolved(parts, allowed=allowed, strict=strict)
    where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _line(parts, address, port) as line:
            line.request("POST", where, body=body, headers={**headers, "Content-Type": "application/json"})
            status = line.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise PostError(f"{type(error).__name__}: {error}"[:300]) from error
    if not 200 <= status < 300:
        raise PostError(f"the other side answered {status}", for_good=status == 410)
    return status


@contextlib.contextmanager
def _line(parts: SplitResult, address: str, port: int) -> Iterator[http.client.HTTPConnection]:
    """A connection to just this address, cut off when it takes too long in all."""
    wire = socket.create_connection((address, port), timeout=TIMEOUT)
    watch = threading.Timer(LONGEST, _cut, [wire])
    watch.daemon = True
    watch.start()
    try:
        if parts.scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=parts.hostname)
        line = http.client.HTTPConnection(parts.hostname or "", port, timeout=TIMEOUT)
        line.sock = wire
        yield line
    finally:
        watch.cancel()
        wire.close()


def _cut(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed already: nothing is left to cut
        wire.shutdown(socket.SHUT_RDWR)
