"""The cue card: what to remember about a customer now.

`load` reads a dossier, one pure module a lane makes cues of it, `ranking` orders them, `render` says them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from customers.models import Customer
    from interactions.cues.card import Card
    from staff.models import Membership


def card_for(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    channel: str = "in_person",
    stage: str = "arrival",
    unavailable: Collection[str] = (),
    with_folded: bool = True,
) -> Card:
    """The card of a customer as this member of staff may see it, at an aware moment, in the active language.

    `channel` is how they are in contact, `stage` one of before, arrival, during, leaving, after, and
    `unavailable` names what the venue is out of. What is folded need not be said where nobody can unfold it,
    as in a letter. A fixed number of queries. ValueError for an unknown
    channel or stage, or a moment without its offset.
    """
    # Imported here so that the pure modules beside this one can be used without Django.
    from interactions.cues import showing

    return showing.card_for(
        customer,
        membership,
        now=now,
        channel=channel,
        stage=stage,
        unavailable=unavailable,
        with_folded=with_folded,
    )


def cards_for(
    people: Sequence[tuple[Customer, datetime]],
    membership: Membership,
    *,
    channel: str = "in_person",
    stage: str = "arrival",
    unavailable: Collection[str] = (),
) -> list[Card]:
    """The cards of these customers, each at an aware moment, in as many queries as that of one takes."""
    from interactions.cues import showing

    return showing.cards_for(people, membership, channel=channel, stage=stage, unavailable=unavailable)


def record_shown(card: Card, membership: Membership, *, now: datetime) -> None:
    """Keep that this member of staff was shown the cues of a card; once for each cue, person and day."""
    from interactions.cues import showing

    showing.record_shown(card, membership, now=now)
