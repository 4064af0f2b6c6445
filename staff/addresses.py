"""Which machine a request came from. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping


def client_address(meta: Mapping[str, object], trusted_proxies: int) -> str | None:
    """The address of the browser, from a request's META; None where it is not known.

    Each trusted proxy appends the address it was called from to X-Forwarded-For, so with n of them the
    browser is the nth from the right. What stands further left was written by the browser itself and
    may be anything; with no trusted proxy the header is not read at all.
    """
    said = str(meta.get("REMOTE_ADDR") or "")
    if trusted_proxies:
        hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR") or "").split(",") if hop.strip()]
        said = hops[-trusted_proxies] if len(hops) >= trusted_proxies else said
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None
