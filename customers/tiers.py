"""How regular and recent customers are, in four tiers: the look-up asks them in that order.

The score of a customer is the logarithm of their strength: ln(visits + 1.5), halved for each sixty days since
the last visit. It holds still while nobody comes, so only the bounds between tiers move with time.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from customers.models import TIERS, Customer, SearchKeys

# The share of customers in the first tier, in the first two, and in the first three; but never fewer than.
_SHARES: Final = (0.003, 0.033, 0.28)
_AT_LEAST: Final = (2_000, 20_000, 200_000)

_BATCH: Final = 2_000

_SCORE: Final = """(
    ln(ln(visit_count + 1.5::float8))
    + extract(epoch FROM coalesce(last_visit_at, created_at))::float8 / 86400 / 87
)"""
_ACTIVE: Final = "FROM customers_customer AS customer WHERE status = 'active'"
_TIER: Final = (
    f"CASE WHEN {_SCORE} >= %s THEN 0 WHEN {_SCORE} >= %s THEN 1 WHEN {_SCORE} >= %s THEN 2 ELSE 3 END"
)
# These are put together from the constants above alone.
_BOUNDS: Final = f"""
    SELECT score FROM (
        SELECT {_SCORE} AS score, row_number() OVER (ORDER BY {_SCORE} DESC) AS place {_ACTIVE}
    ) AS placed WHERE place = ANY(%s) ORDER BY place
"""  # noqa: S608 - see above
_WITHOUT_KEYS: Final = f"""
    SELECT id, {_TIER} AS tier {_ACTIVE}
    AND NOT EXISTS (SELECT FROM customers_searchkeys AS keys WHERE keys.customer_id = customer.id)
    ORDER BY tier, id
"""  # noqa: S608 - see above
_MOVED: Final = f"""
    SELECT id, now_in FROM (SELECT id, {_TIER} AS now_in {_ACTIVE}) AS fresh
    JOIN customers_searchkeys AS keys ON keys.customer_id = id WHERE keys.tier <> now_in ORDER BY id
"""  # noqa: S608 - see above
_LOWEST: Final = -1e9

Bounds = tuple[float, float, float]


def bounds() -> Bounds:
    """The scores from which customers are in tiers 0, 1 and 2."""
    total = Customer.objects.active().count()
    places = [max(int(total * share), least) for share, least in zip(_SHARES, _AT_LEAST, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDS, [places])
        found = [float(row[0]) for row in cursor.fetchall()]
    # Where there are fewer customers than a tier holds at the least, it takes them all.
    first, second, third = (*found, _LOWEST, _LOWEST, _LOWEST)[:3]
    return first, second, third


def without_keys() -> list[tuple[int, int]]:
    """Every active customer who has no keys, with their tier; the first tier first."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_KEYS, bounds())
        found: list[tuple[int, int]] = cursor.fetchall()
    return found


def sort_out() -> int:
    """Move customers whose tier has changed, a few at a time; gives how many. For the nightly job."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, bounds())
        moved: list[tuple[int, int]] = cursor.fetchall()
    for start in range(0, len(moved), _BATCH):
        part = moved[start : start + _BATCH]
        for tier in range(TIERS):
            there = [customer for customer, now_in in part if now_in == tier]
            SearchKeys.objects.filter(pk__in=there).update(tier=tier)
    return len(moved)
