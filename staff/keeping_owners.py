"""The database's own rule that a venue which has an owner never loses the last one.

Two owners who remove each other at the same moment would each see the other still there. So the
triggers lock the venue's row before they count: the second waits, counts anew and is refused.
"""

from __future__ import annotations

from typing import Final

import pgtrigger

CONSTRAINT: Final = "venue_keeps_an_owner"
"""The name under which the database reports a violation."""

membership_trigger: Final = pgtrigger.Trigger(
    name=CONSTRAINT,
    when=pgtrigger.After,
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Q(old__role="owner", old__ended_at__isnull=True),
    func="""
    IF TG_OP = 'UPDATE' THEN
        IF NEW.role = 'owner' AND NEW.ended_at IS NULL
           AND NEW.venue_id = OLD.venue_id AND NEW.staff_id = OLD.staff_id THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM 1 FROM staff_venue WHERE id = OLD.venue_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT FROM staff_membership held JOIN staff_staff person ON person.id = held.staff_id
        WHERE held.venue_id = OLD.venue_id AND held.role = 'owner' AND held.ended_at IS NULL
          AND person.is_active
    ) THEN
        RAISE EXCEPTION 'the last owner of a venue stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'venue_keeps_an_owner';
    END IF;
    RETURN NULL;
    """,
)

staff_trigger: Final = pgtrigger.Trigger(
    name=CONSTRAINT,
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("is_active"),  # type: ignore[no-untyped-call]  # as the library has it
    condition=pgtrigger.Q(old__is_active=True, new__is_active=False),
    func="""
    PERFORM 1 FROM staff_venue
    WHERE id IN (
        SELECT venue_id FROM staff_membership
        WHERE staff_id = OLD.id AND role = 'owner' AND ended_at IS NULL
    )
    ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM staff_membership mine
        WHERE mine.staff_id = OLD.id AND mine.role = 'owner' AND mine.ended_at IS NULL
          AND NOT EXISTS (
            SELECT FROM staff_membership held JOIN staff_staff person ON person.id = held.staff_id
            WHERE held.venue_id = mine.venue_id AND held.role = 'owner' AND held.ended_at IS NULL
              AND person.is_active
          )
    ) THEN
        RAISE EXCEPTION 'the last owner of a venue stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'venue_keeps_an_owner';
    END IF;
    RETURN NULL;
    """,
)
