"""Dealing a customer's card, and keeping what was shown to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from customers.models import Customer
from interactions.cues import load
from interactions.cues.card import Card
from interactions.cues.deal import deal
from interactions.cues.draft import STAGES
from interactions.cues.render import card_of
from interactions.models import Channel, CueAnswer
from staff.models import Membership


def card_for(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    channel: str,
    stage: str,
    unavailable: Collection[str],
    with_folded: bool,
) -> Card:
    """See `interactions.cues.card_for`."""
    (card,) = cards_for(
        [(customer, now)],
        membership,
        channel=channel,
        stage=stage,
        unavailable=unavailable,
        with_folded=with_folded,
    )
    return card


def cards_for(
    people: Sequence[tuple[Customer, datetime]],
    membership: Membership,
    *,
    channel: str,
    stage: str,
    unavailable: Collection[str],
    with_folded: bool = True,
) -> list[Card]:
    """See `interactions.cues.cards_for`."""
    if any(now.tzinfo is None for _customer, now in people):
        raise ValueError("the moment needs its offset")
    if channel not in Channel.values:
        raise ValueError(f"unknown channel {channel!r}")
    if stage not in STAGES:
        raise ValueError(f"unknown stage {stage!r}")
    found = load.dossiers(people, membership, channel=channel, stage=stage, unavailable=unavailable)
    return [
        card_of(deal(dossier), dossier, customer.pk, with_folded=with_folded)
        for (customer, _now), dossier in zip(people, found, strict=True)
    ]


def record_shown(card: Card, membership: Membership, *, now: datetime) -> None:
    """See `interactions.cues.record_shown`."""
    CueAnswer.objects.bulk_create(
        [
            CueAnswer(
                customer_id=card.customer_id,
                venue_id=membership.venue_id,
                cue_key=cue.key,
                cue_kind=cue.kind,
                lane=cue.lane,
                shown_at=now,
                business_day=membership.venue.business_day(now),
                by_id=membership.staff_id,
            )
            for cue in (*card.safety, *card.cues)
        ],
        ignore_conflicts=True,
    )
