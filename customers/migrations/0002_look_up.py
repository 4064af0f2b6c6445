"""The one question of the look-up, as a function of the database, and what its rows of search keys are kept by.

A function, so that each of its statements is planned once a connection (planning cost more than running),
and so that what was found before a timeout can still be given. How it is called: customers/lookup.py.

The look-up orders by what stands in the rows of search keys themselves. Were whoever fits joined to their
customer to be put in order, it would be two places on the disk for each, hundreds of them for two letters.
Triggers keep what is copied: nothing that writes a customer or their keys needs to know.

The look-up reads no more people than a list needs, and finds by memory whomever else it found before.

Each step says how many it may give, after which tier by tier nobody is read any more: of people who bear all
that was typed as their name a list is enough, of those who may fall away several. A step with = in front
names those whom it finds: then fewer are read of those who are like them, and steps with ~ are passed over.
Many of those whom a step with * finds may not fit, so that a step with ? alone is taken all the same. Steps
with ? look for what is remembered: whom they find is given even if an earlier step found them, by a name
that may not fit.

While nobody is found, a step that wants one of each of several sets asks first whether any of each is there at
all. Of somebody new nothing is: their misspelt names, some sixty keys, are looked for once, not in five steps.
"""

from django.db import migrations

TIERS = range(4)
MOST_CHOICES = 3

KEPT = """
-- Room on each page for a row whose last visit changes: it stays there, and no index is written.
ALTER TABLE customers_searchkeys SET (fillfactor = 85);
CREATE FUNCTION customers_searchkeys_begin() RETURNS trigger LANGUAGE plpgsql AS $begin$
BEGIN
    SELECT home_venue_id, last_visit_at INTO NEW.home_venue_id, NEW.last_visit_at
    FROM customers_customer WHERE id = NEW.customer_id;
    RETURN NEW;
END
$begin$;
CREATE TRIGGER customers_searchkeys_begin BEFORE INSERT ON customers_searchkeys
    FOR EACH ROW EXECUTE FUNCTION customers_searchkeys_begin();
CREATE FUNCTION customers_searchkeys_follow() RETURNS trigger LANGUAGE plpgsql AS $follow$
BEGIN
    UPDATE customers_searchkeys SET home_venue_id = NEW.home_venue_id, last_visit_at = NEW.last_visit_at
    WHERE customer_id = NEW.id;
    RETURN NULL;
END
$follow$;
CREATE TRIGGER customers_searchkeys_follow AFTER UPDATE ON customers_customer FOR EACH ROW
    WHEN ((OLD.home_venue_id, OLD.last_visit_at) IS DISTINCT FROM (NEW.home_venue_id, NEW.last_visit_at))
    EXECUTE FUNCTION customers_searchkeys_follow();
"""
NOT_KEPT = """
DROP TRIGGER customers_searchkeys_follow ON customers_customer;
DROP FUNCTION customers_searchkeys_follow();
DROP TRIGGER customers_searchkeys_begin ON customers_searchkeys;
DROP FUNCTION customers_searchkeys_begin();
"""


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


def _is_there() -> str:
    """Whether any key of a choice is anywhere; the first tiers are quickly asked."""
    return " OR ".join(
        f"EXISTS (SELECT FROM customers_searchkeys s WHERE s.tier = {tier} AND s.keys && choice)"
        for tier in TIERS
    )


def _cases() -> str:
    return "".join(f"WHEN {choices + 1} THEN {_statement(choices)}" for choices in range(MOST_CHOICES + 1))


DROP_FIND = "DROP FUNCTION customers_find(text[], int, bigint, bigint[]);"
FIND = f"""
CREATE FUNCTION customers_find(steps text[], enough int, here bigint, expected bigint[])
RETURNS TABLE (
    id bigint, step int, full_name varchar, preferred_name varchar, native_name varchar, aliases varchar[],
    company varchar, tags varchar[], home_venue_id bigint, last_visit_at timestamptz, tier smallint
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
    unsure int := 0;
    most int;
    needed int[];
    choice_1 int[];
    choice_2 int[];
    choice_3 int[];
    choice int[];
    absent int[] := '{{}}';
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
            EXIT WHEN total - unsure >= enough;
            CONTINUE WHEN (total >= enough AND signs <> '?') OR (named AND signs LIKE '%~%');
            parts := string_to_array(ltrim(steps[number], signs), ';');
            -- They were found themselves, so of those who are like them a few will do.
            most := CASE WHEN named THEN least(parts[1]::int, 2 * enough) ELSE parts[1]::int END;
            needed := parts[2]; choice_1 := parts[3]; choice_2 := parts[4]; choice_3 := parts[5];
            IF total = 0 THEN
                hopeless := false;
                FOR place IN 3 .. cardinality(parts) LOOP
                    choice := parts[place];
                    choice := ARRAY(SELECT k FROM unnest(choice) AS k WHERE k <> ALL (absent));
                    -- A set alone is looked for by the step itself.
                    IF cardinality(parts) > 3 AND choice <> '{{}}' AND NOT ({_is_there()}) THEN
                        absent := absent || choice;
                        choice := '{{}}';
                    END IF;
                    hopeless := choice = '{{}}';
                    EXIT WHEN hopeless;
                    IF place = 3 THEN choice_1 := choice;
                    ELSIF place = 4 THEN choice_2 := choice;
                    ELSE choice_3 := choice;
                    END IF;
                END LOOP;
                CONTINUE WHEN hopeless;
            END IF;
            CASE cardinality(parts) - 1 {_cases()} END CASE;
            IF total = 0 AND cardinality(parts) = 3 AND needed = '{{}}' AND found = '{{}}' THEN
                absent := absent || choice_1;
            END IF;
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
            EXIT WHEN signs = '!' AND cardinality(found) > 0;
            named := named OR (signs = '=' AND cardinality(found) > 0);
            unsure := unsure + CASE WHEN signs = '*' THEN cardinality(found) ELSE 0 END;
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
                        c.company, c.tags, c.home_venue_id, c.last_visit_at, s.tier
    FROM unnest(by_name || by_memory, name_steps || memory_steps) WITH ORDINALITY AS f (id, step, place)
    LEFT JOIN customers_customer AS c ON c.id = f.id
    LEFT JOIN customers_searchkeys AS s ON s.customer_id = f.id
    ORDER BY f.place;
END
$find$
"""


class Migration(migrations.Migration):
    replaces = [("customers", "0003_find_customers"), ("customers", "0005_find_fewer")]

    dependencies = [("customers", "0001_customers")]
    operations = [
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(FIND, DROP_FIND),
    ]
