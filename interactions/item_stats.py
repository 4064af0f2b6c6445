"""Keeps the item statistics: a little with each log, all of them anew each night."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, transaction

from interactions.models import Interaction, ItemPair, ItemStat
from staff.models import Venue

USUAL_FROM: Final = 3
"""Somebody's usual is what they had most, and at least so often."""

PEOPLE: Final = 2
KEPT: Final = 8
"""So many companions of each usual are kept, those of most people."""

HAD: Final = """
    SELECT i.customer_id, lower(btrim(t.name)) AS item, min(t.name) AS name, count(DISTINCT i.id) AS times
    FROM interactions_interaction i JOIN interactions_interactionitem t ON t.interaction_id = i.id
    WHERE i.venue_id = %(venue)s GROUP BY 1, 2
"""

# What a log adds between the clearing and the counting is overwritten by a count that holds it.
RECOUNT_STATS: Final = """
    WITH line AS MATERIALIZED (
        SELECT DISTINCT i.customer_id, i.id, lower(btrim(t.name)) AS item,
               dense_rank() OVER (PARTITION BY i.customer_id ORDER BY i.occurred_at, i.id) AS place
        FROM interactions_interaction i JOIN interactions_interactionitem t ON t.interaction_id = i.id
        WHERE i.venue_id = %(venue)s
    ),
    visits AS (SELECT customer_id, max(place) AS total FROM line GROUP BY customer_id),
    had AS (
        SELECT customer_id, item, count(*) AS times, min(place) AS first FROM line GROUP BY customer_id, item
    )
    INSERT INTO interactions_itemstat (venue_id, item, buyers, repeats, chances)
    SELECT %(venue)s, item, count(*), sum(times - 1), sum(total - first)
    FROM had JOIN visits USING (customer_id) GROUP BY item
    ON CONFLICT (venue_id, item) DO UPDATE SET
        buyers = excluded.buyers, repeats = excluded.repeats, chances = excluded.chances
"""

RECOUNT_PAIRS: Final = """
    WITH had AS MATERIALIZED (HAD),
    usual AS (
        SELECT DISTINCT ON (customer_id) customer_id, item FROM had WHERE times >= %(from)s
        ORDER BY customer_id, times DESC, item
    ),
    crowd AS (SELECT item, count(*) AS people FROM usual GROUP BY item),
    pair AS (
        SELECT usual.item AS usual, had.item, min(had.name) AS name, count(*) AS people
        FROM usual JOIN had USING (customer_id) WHERE had.item <> usual.item
        GROUP BY usual.item, had.item HAVING count(*) >= %(people)s
    ),
    ranked AS (
        SELECT pair.*, pair.people::float / crowd.people AS share,
               row_number() OVER (PARTITION BY usual ORDER BY pair.people DESC, pair.item) AS place
        FROM pair JOIN crowd ON crowd.item = pair.usual
    )
    INSERT INTO interactions_itempair (venue_id, usual, item, people, share)
    SELECT %(venue)s, usual, name, people, share FROM ranked WHERE place <= %(kept)s
"""

# A customer's first time makes a buyer, each later one a repeat.
# Chances are left to the night: every visit is one for all that was ever had.
NOTE: Final = """
    INSERT INTO interactions_itemstat AS stat (venue_id, item, buyers, repeats, chances)
    SELECT %(venue)s, had.item, (had.times = 1)::int, (had.times > 1)::int, 0
    FROM (
        SELECT lower(btrim(t.name)) AS item, count(DISTINCT i.id) AS times
        FROM interactions_interaction i JOIN interactions_interactionitem t ON t.interaction_id = i.id
        WHERE i.customer_id = %(customer)s AND i.venue_id = %(venue)s
            AND lower(btrim(t.name)) = ANY(%(items)s)
        GROUP BY 1 ORDER BY 1
    ) had
    ON CONFLICT (venue_id, item) DO UPDATE SET
        buyers = stat.buyers + excluded.buyers,
        repeats = stat.repeats + excluded.repeats
"""


def key_of(name: str) -> str:
    """An item's name as the statistics compare it."""
    return name.strip().lower()


def note(interaction: Interaction, names: Iterable[str]) -> None:
    """Count what was just logged, in the transaction that logs it. Pairs wait for the night."""
    items = sorted({key_of(name) for name in names})
    if not items:
        return
    params: dict[str, Any] = {"venue": interaction.venue_id, "customer": interaction.customer_id}
    params["items"] = items
    with connection.cursor() as cursor:
        cursor.execute(NOTE, params)


def recount(venues: Iterable[int] | None = None) -> None:
    """Count anew from the timeline, one venue a transaction: these, by their ids, or all."""
    for venue in Venue.objects.values_list("pk", flat=True) if venues is None else venues:
        _recount_one(venue)


@transaction.atomic
def _recount_one(venue: int) -> None:
    params = {"venue": venue, "from": USUAL_FROM, "people": PEOPLE, "kept": KEPT}
    ItemStat.objects.filter(venue=venue).delete()
    ItemPair.objects.filter(venue=venue).delete()
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT_STATS, params)
        cursor.execute(RECOUNT_PAIRS.replace("(HAD)", f"({HAD})"), params)
