"""The one question of the look-up, as a function of the database.

A function, so that each of its statements is planned once a connection (planning cost more than running),
and so that what was found before a timeout can still be given. How it is called: customers/lookup.py.
"""

from django.db import migrations

TIERS = range(4)
MOST_CHOICES = 3


def _where(choices: int) -> str:
    """All of `needed`, and one of each of so many sets of `choices`."""
    return "AND s.keys @> needed" + "".join(f" AND s.keys && choice_{n}" for n in range(1, choices + 1))


def _tier(tier: int, where: str) -> str:
    return f"""
        (SELECT s.customer_id AS id FROM customers_searchkeys s JOIN customers_customer c ON c.id = s.customer_id
         WHERE s.tier = {tier} {where}
         ORDER BY (c.home_venue_id = here) DESC, c.last_visit_at DESC NULLS LAST, c.id LIMIT most)"""


def _statement(choices: int) -> str:
    """The customers of one step: those expected, then tier by tier until the list is full."""
    where = _where(choices)
    tiers = " UNION ALL ".join(_tier(tier, where) for tier in TIERS)
    return f"""
    found := ARRAY(
        (SELECT s.customer_id FROM customers_searchkeys s WHERE s.customer_id = ANY (expected) {where})
        UNION ALL
        (SELECT id FROM ({tiers}) AS by_tier LIMIT most)
    );"""


def _cases() -> str:
    return "".join(f"WHEN {choices + 1} THEN {_statement(choices)}" for choices in range(MOST_CHOICES + 1))


FIND = f"""
CREATE FUNCTION customers_find(steps text[], wanted int, enough int, here bigint, expected bigint[])
RETURNS TABLE (
    id bigint, step int, full_name varchar, preferred_name varchar, native_name varchar, aliases varchar[],
    company varchar, tags varchar[], home_venue_id bigint, last_visit_at timestamptz, tier smallint
) LANGUAGE plpgsql STABLE ROWS 40
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $find$
#variable_conflict use_column
DECLARE
    parts text[];
    most int;
    needed int[];
    choice_1 int[];
    choice_2 int[];
    choice_3 int[];
    found bigint[];
    ids bigint[] := '{{}}';
    at_step int[] := '{{}}';
BEGIN
    BEGIN
        FOR number IN 1 .. cardinality(steps) LOOP
            EXIT WHEN cardinality(ids) >= enough;
            parts := string_to_array(steps[number], ';');
            needed := parts[1]; choice_1 := parts[2]; choice_2 := parts[3]; choice_3 := parts[4];
            -- Where there is a choice of keys, more of those found fall away afterwards.
            most := CASE WHEN cardinality(parts) > 1 THEN wanted * 2 ELSE wanted END;
            CASE cardinality(parts) {_cases()} END CASE;
            found := ARRAY(SELECT DISTINCT f FROM unnest(found) AS f WHERE f <> ALL (ids));
            ids := ids || found;
            at_step := at_step || array_fill(number, ARRAY[cardinality(found)]);
        END LOOP;
    EXCEPTION WHEN query_canceled THEN
        -- The time is up: give what was found, and say so with a row that is nobody.
        ids := ids || 0::bigint;
        at_step := at_step || 0;
    END;
    IF current_setting('customers.timeout_was', true) <> '' THEN
        PERFORM set_config('statement_timeout', current_setting('customers.timeout_was'), true);
    END IF;
    RETURN QUERY SELECT f.id, f.step, c.full_name, c.preferred_name, c.native_name, c.aliases,
                        c.company, c.tags, c.home_venue_id, c.last_visit_at, s.tier
    FROM unnest(ids, at_step) WITH ORDINALITY AS f (id, step, place)
    LEFT JOIN customers_customer AS c ON c.id = f.id
    LEFT JOIN customers_searchkeys AS s ON s.customer_id = f.id
    ORDER BY f.place;
END
$find$
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_initial")]
    operations = [
        migrations.RunSQL(
            FIND, "DROP FUNCTION customers_find(text[], int, int, bigint, bigint[])"
        )
    ]
