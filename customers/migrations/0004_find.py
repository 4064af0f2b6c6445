"""The one question of the look-up.

It is a function of the database, so that each of its statements is planned once a connection (planning cost
more than running), and so that what was found before a timeout can still be given. How it is called:
customers/fetching.py. It orders by what stands in the rows of search keys themselves (0002_look_up).

The look-up reads no more people than a list needs, and finds by memory whomever else it found before.

Each step says how many it may give, after which tier by tier nobody is read any more: of people who bear all
that was typed as their name a list is enough, of those who may fall away several. A step with = in front
names those whom it finds: then fewer are read of those who are like them, and steps with ~ are passed over.
Steps with < are passed over where several were found. Steps with ? look for what is remembered: whom they
find is given even if an earlier step found them, by a name that may not fit, and with the words heard of them.

A choice with w and a number behind it has the keys of names that the misspelt word of that number may be
meant for. They are looked for once, when a step first wants them, and not at all where a name is found at
once, or where nobody has the keys that are needed besides: a choice of many keys takes long to find nobody.
A step with a choice of nothing finds nobody: it is not asked.

Steps behind the number `otherwise` are guesses: they are taken where those before found nobody, and then all.
"""

from django.db import migrations

TIERS = range(4)
MOST_CHOICES = 3
# Where so many were found, somebody with a typo in each word is hardly meant (customers.steps).
SEVERAL = 5
EVERYBODY = 1_000


def _where(choices: int) -> str:
    """All of `needed`, and one of each of so many sets of `choices`."""
    return "AND s.keys @> needed" + "".join(f" AND s.keys && choice_{n}" for n in range(1, choices + 1))


def _statement(choices: int) -> str:
    """The customers of one step: those expected, then tier by tier until the list is full."""
    where = _where(choices)
    tiers = " UNION ALL ".join(
        f"""
        (SELECT s.customer_id AS id FROM customers_searchkeys s WHERE s.tier = {tier} {where}
         ORDER BY (s.home_venue_id = here) DESC, s.last_visit_at DESC NULLS LAST, s.customer_id LIMIT most)"""
        for tier in TIERS
    )
    return f"""
    found := ARRAY(
        (SELECT s.customer_id FROM customers_searchkeys s WHERE s.customer_id = ANY (expected) {where})
        UNION ALL
        (SELECT id FROM ({tiers}) AS by_tier LIMIT most)
    );"""


_NOBODY_HAS_WHAT_IS_NEEDED = "NOT EXISTS ({})".format(
    " UNION ALL ".join(
        f"SELECT FROM customers_searchkeys s WHERE s.tier = {tier} AND s.keys @> needed" for tier in TIERS
    )
)

# Whoever is found by a start is found by the beginning of that: where both may be meant, the shorter will do.
_MEANT = """
    WITH hit AS MATERIALIZED (SELECT key, above FROM customers_namestart WHERE near && word::int[]),
    every AS MATERIALIZED (SELECT array_agg(key) AS keys FROM hit)
    SELECT DISTINCT hit.key FROM hit, every WHERE NOT hit.above && every.keys"""


def _cases() -> str:
    return "".join(f"WHEN {choices + 1} THEN {_statement(choices)}" for choices in range(MOST_CHOICES + 1))


DROP_FIND = "DROP FUNCTION customers_find(text[], int, text[], int, bigint, bigint[]);"
# As it was in databases that were made before.
DROP_EARLIER = """
    DROP FUNCTION IF EXISTS customers_find(text[], int, bigint, bigint[]);
    DROP FUNCTION IF EXISTS customers_find(text[], int, text[], int, bigint, bigint[]);
"""
FIND = f"""
CREATE FUNCTION customers_find(
    steps text[], otherwise int, misspelt text[], enough int, here bigint, expected bigint[]
)
RETURNS TABLE (
    id bigint, step int, full_name varchar, preferred_name varchar, native_name varchar, aliases varchar[],
    company varchar, tags varchar[], home_venue_id bigint, last_visit_at timestamptz, tier smallint,
    heard text[]
) LANGUAGE plpgsql STABLE ROWS 40
SET plan_cache_mode = force_generic_plan SET jit = off SET max_parallel_workers_per_gather = 0
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
-- A few pages are had sooner than another process could be asked to fetch them.
SET effective_io_concurrency = 0
AS $find$
#variable_conflict use_column
DECLARE
    signs text;
    parts text[];
    named boolean := false;
    total int;
    most int;
    needed int[];
    choice_1 int[];
    choice_2 int[];
    choice_3 int[];
    choice int[];
    near text[] := '{{}}';
    nth int;
    word text;
    meant int[];
    hopeless boolean;
    found bigint[];
    by_name bigint[] := '{{}}';
    by_memory bigint[] := '{{}}';
    name_steps int[] := '{{}}';
    memory_steps int[] := '{{}}';
BEGIN
    BEGIN
        FOR number IN 1 .. cardinality(steps) LOOP
            -- A step is written: its signs, how many it may give, and its sets of keys.
            signs := substring(steps[number] FROM '^[^0-9]*');
            total := cardinality(by_name) + cardinality(by_memory);
            IF number > otherwise THEN
                EXIT WHEN number = otherwise + 1 AND total > 0;
                enough := {EVERYBODY};
            END IF;
            EXIT WHEN total >= enough;
            CONTINUE WHEN (named AND signs LIKE '%~%') OR (total >= {SEVERAL} AND signs LIKE '%<%');
            parts := string_to_array(ltrim(steps[number], signs), ';');
            -- They were found themselves, so of those who are like them a few will do.
            most := CASE WHEN named THEN least(parts[1]::int, 2 * enough) ELSE parts[1]::int END;
            needed := parts[2];
            -- Where a name was found, somebody most likely bears each word of it: asking would cost more.
            hopeless := by_name = '{{}}' AND needed <> '{{}}' AND steps[number] LIKE '%w%'
                        AND {_NOBODY_HAS_WHAT_IS_NEEDED};
            CONTINUE WHEN hopeless;
            FOR place IN 3 .. cardinality(parts) LOOP
                choice := split_part(parts[place], 'w', 1);
                IF parts[place] LIKE '%w%' THEN
                    nth := split_part(parts[place], 'w', 2);
                    IF near[nth] IS NULL THEN
                        word := misspelt[nth];
                        meant := ARRAY({_MEANT});
                        near[nth] := meant::text;
                    END IF;
                    choice := choice || near[nth]::int[];
                END IF;
                hopeless := choice = '{{}}';
                EXIT WHEN hopeless;
                IF place = 3 THEN choice_1 := choice;
                ELSIF place = 4 THEN choice_2 := choice;
                ELSE choice_3 := choice;
                END IF;
            END LOOP;
            CONTINUE WHEN hopeless;
            CASE cardinality(parts) - 1 {_cases()} END CASE;
            CONTINUE WHEN found = '{{}}';
            IF signs LIKE '%?%' THEN
                found := ARRAY(SELECT DISTINCT f FROM unnest(found) AS f WHERE f <> ALL (by_memory));
                by_memory := by_memory || found;
                memory_steps := memory_steps || array_fill(number, ARRAY[cardinality(found)]);
            ELSE
                found := ARRAY(SELECT DISTINCT f FROM unnest(found) AS f WHERE f <> ALL (by_name));
                by_name := by_name || found;
                name_steps := name_steps || array_fill(number, ARRAY[cardinality(found)]);
            END IF;
            -- What a step with ! in front finds is who was meant: nobody else is looked for.
            EXIT WHEN signs = '!';
            named := named OR signs = '=';
        END LOOP;
    EXCEPTION WHEN query_canceled THEN
        -- The time is up: give what was found, and say so with a row that is nobody.
        by_memory := by_memory || 0::bigint;
        memory_steps := memory_steps || 0;
    END;
    IF current_setting('customers.timeout_was', true) <> '' THEN
        PERFORM set_config('statement_timeout', current_setting('customers.timeout_was'), true);
    END IF;
    RETURN QUERY SELECT f.id, f.step, c.full_name, c.preferred_name, c.native_name, c.aliases,
                        c.company, c.tags, c.home_venue_id, c.last_visit_at, s.tier,
                        CASE WHEN f.place > cardinality(by_name) THEN s.heard END
    FROM unnest(by_name || by_memory, name_steps || memory_steps) WITH ORDINALITY AS f (id, step, place)
    LEFT JOIN customers_customer AS c ON c.id = f.id
    LEFT JOIN customers_searchkeys AS s ON s.customer_id = f.id
    ORDER BY f.place;
END
$find$
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_name_starts")]
    operations = [migrations.RunSQL(f"{DROP_EARLIER} {FIND}", DROP_FIND)]
