"""The look-up orders by what stands in the rows of search keys themselves, and these lie in the order of tiers.

Whoever fits was joined to their customer to be put in order: two places on the disk for each, hundreds of
them for two letters. Now it is one, and the first tiers, which are read most, lie together. Triggers keep what
is copied: nothing that writes a customer or their keys needs to know.
"""

from importlib import import_module

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

TIERS = range(4)
FIND_BEFORE = import_module("customers.migrations.0003_find_customers").FIND
MOST_CHOICES = 3

IN_ORDER = """
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TEMPORARY TABLE customers_searchkeys_before ON COMMIT DROP AS
    SELECT keys.customer_id, keys.tier, keys.keys, keys.heard, customer.home_venue_id, customer.last_visit_at
    FROM customers_searchkeys AS keys JOIN customers_customer AS customer ON customer.id = keys.customer_id;
TRUNCATE customers_searchkeys;
-- Room on each page for a row whose last visit changes: it stays there, and no index is written.
ALTER TABLE customers_searchkeys SET (fillfactor = 85);
INSERT INTO customers_searchkeys (customer_id, tier, keys, heard, home_venue_id, last_visit_at)
    SELECT customer_id, tier, keys, heard, home_venue_id, last_visit_at
    FROM customers_searchkeys_before ORDER BY tier, customer_id;
"""

KEPT = """
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


def cases() -> str:
    return "".join(f"WHEN {choices + 1} THEN {_statement(choices)}" for choices in range(MOST_CHOICES + 1))


SIGNATURE = "customers_find(steps text[], wanted int, enough int, here bigint, expected bigint[])"
DROP_FIND = "DROP FUNCTION customers_find(text[], int, int, bigint, bigint[]);"
FIND = f"""
CREATE FUNCTION {SIGNATURE}
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
    parts text[];
    settles boolean;
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
            -- What a step with ! in front finds is who was meant: nobody else is looked for.
            settles := starts_with(steps[number], '!');
            parts := string_to_array(ltrim(steps[number], '!'), ';');
            needed := parts[1]; choice_1 := parts[2]; choice_2 := parts[3]; choice_3 := parts[4];
            -- Where there is a choice of keys, more of those found fall away afterwards.
            most := CASE WHEN cardinality(parts) > 1 THEN wanted * 2 ELSE wanted END;
            CASE cardinality(parts) {cases()} END CASE;
            found := ARRAY(SELECT DISTINCT f FROM unnest(found) AS f WHERE f <> ALL (ids));
            ids := ids || found;
            at_step := at_step || array_fill(number, ARRAY[cardinality(found)]);
            EXIT WHEN settles AND cardinality(ids) > 0;
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


def _index(tier: int) -> GinIndex:
    return GinIndex(
        fields=["keys"], name=f"search_keys_tier_{tier}", condition=models.Q(tier=tier), fastupdate=False
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_find_customers")]
    operations = [
        *(migrations.RemoveIndex("searchkeys", f"search_keys_tier_{tier}") for tier in TIERS),
        migrations.AddField(
            "searchkeys", "home_venue_id", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.AddField("searchkeys", "last_visit_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(IN_ORDER, migrations.RunSQL.noop),
        migrations.RunSQL("SET LOCAL maintenance_work_mem = '512MB'", migrations.RunSQL.noop),
        *(migrations.AddIndex("searchkeys", _index(tier)) for tier in TIERS),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(f"{DROP_FIND} {FIND}", f"{DROP_FIND} {FIND_BEFORE}"),
    ]
