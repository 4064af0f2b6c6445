"""How regular and recent customers are, in four tiers: the look-up asks them in that order.

The score of a customer is the logarithm of ln(visits + 1.5), halved for each sixty days since the last
sixty days. It holds still while nobody comes, so only the bounds between tiers move with time.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

# The share of customers in the first tier, in the first two, and in the first three; but never fewer than.
_SHARES: Final = (0.003, 0.033, 0.28)
_AT_LEAST: Final = (2_000, 20_000, 200_000)

SCORE: Final = """(
    ln(ln(visit_count + 1.5)) + extract(epoch FROM coalesce(last_visit_at, created_at)) / 86400 / 87
)::double precision"""
_TIER: Final = (
    f"CASE WHEN {SCORE} >= %s THEN 0 WHEN {SCORE} >= %s THEN 1 WHEN {SCORE} >= %s THEN 2 ELSE 3 END"
)
_LOWEST: Final = -1e9


def bounds() -> tuple[float, float, float]:
    """The scores from which customers are in tiers 0, 1 and 2."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer WHERE status = 'active'")
        total = cursor.fetchone()[0]
        found = []
        for share, least in zip(_SHARES, _AT_LEAST, strict=True):
            cursor.execute(
                f"SELECT {SCORE} FROM customers_customer WHERE status = 'active'"
                " ORDER BY 1 DESC OFFSET %s LIMIT 1",
                [max(int(total * share), least) - 1],
            )
            row = cursor.fetchone()
            found.append(float(row[0]) if row else _LOWEST)
    return found[0], found[1], found[2]


def tiers_of(customer_ids: list[int], given: tuple[float, float, float]) -> dict[int, int]:
    """The tier of each of these customers, by the bounds given."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {_TIER} FROM customers_customer WHERE id = ANY(%s)", [*given, customer_ids]
        )
        return dict(cursor.fetchall())


def sort_out() -> int:
    """Move customers whose tier has changed; gives how many. For the nightly job."""
    given = bounds()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE customers_searchkeys AS keys SET tier = fresh.tier
            FROM (SELECT id, {_TIER} AS tier FROM customers_customer WHERE status = 'active') AS fresh
            WHERE keys.customer_id = fresh.id AND keys.tier <> fresh.tier
            """,
            given,
        )
        return cursor.rowcount
