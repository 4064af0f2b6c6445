"""What the rows of search keys are put in order by stands in them: triggers copy it.

Were whoever fits joined to their customer to be put in order, it would be two places on the disk for each,
hundreds of them for two letters. Triggers keep what is copied: nothing that writes a customer or their keys
needs to know. The question itself: 0003_name_starts.
"""

from django.db import migrations

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


class Migration(migrations.Migration):
    replaces = [("customers", "0003_find_customers"), ("customers", "0005_find_fewer")]

    dependencies = [("customers", "0001_customers")]
    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
