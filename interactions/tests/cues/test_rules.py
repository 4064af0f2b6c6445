"""What holds for every card, whatever is known: found by hypothesis, not by example."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.cues import must, safety
from interactions.cues.deal import Hand, deal
from interactions.cues.dossier import Dossier
from interactions.cues.draft import Draft
from interactions.cues.ranking import LANES, is_protected
from interactions.cues.render import card_of
from interactions.cues.touches import first_touched
from interactions.tests.cues.dossiers import dossiers

checked = settings(max_examples=50, deadline=None)


def names(drafts: tuple[Draft, ...]) -> list[tuple[str, str, str]]:
    return [(draft.lane, draft.kind, draft.key) for draft in drafts]


def all_of(hand: Hand) -> tuple[Draft, ...]:
    return (*hand.safety, *hand.ranked.shown, *hand.ranked.folded)


@checked
@given(dossiers())
def test_every_safety_fact_is_in_the_band(known: Dossier) -> None:
    band = [draft.key for draft in deal(known).safety]
    assert sorted(band) == sorted(fact.key for fact in known.facts if fact.kind == "safety")


@checked
@given(dossiers())
def test_severe_facts_stand_before_others(known: Dossier) -> None:
    gravity = {fact.key: safety.GRAVITY[fact.severity] for fact in known.facts if fact.kind == "safety"}
    order = [gravity[draft.key] for draft in deal(known).safety]
    assert order == sorted(order)


@checked
@given(dossiers())
def test_a_safety_fact_only_observed_or_not_fresh_is_asked(known: Dossier) -> None:
    doubtful = {fact.key for fact in known.facts if fact.kind == "safety" and fact.fresh.label == "ask"}
    assert all(draft.ask for draft in deal(known).safety if draft.key in doubtful)


@checked
@given(dossiers())
def test_at_most_three_cues_and_one_question_in_the_order_of_the_lanes(known: Dossier) -> None:
    ranked = deal(known).ranked
    lanes = [LANES.index(draft.lane) for draft in ranked.shown]
    assert len(lanes) <= 3
    assert lanes == sorted(lanes)
    assert lanes.count(LANES.index("verify")) <= 1


@checked
@given(dossiers())
def test_folding_loses_and_doubles_nothing(known: Dossier) -> None:
    hand = deal(known)
    told = names((*hand.ranked.shown, *hand.ranked.folded))
    assert len(told) == len(set(told))
    assert all(known.moment.stage in draft.stages for draft in hand.ranked.shown + hand.ranked.folded)
    if hand.ranked.folded and len(hand.ranked.shown) < 3:
        left = [draft for draft in hand.ranked.folded if draft.lane == "owed" and not draft.fold]
        assert not left


@checked
@given(dossiers(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(known: Dossier, random: Random) -> None:
    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        shuffled = list(rows)
        random.shuffle(shuffled)
        return tuple(shuffled)

    other = replace(
        known,
        facts=mixed(known.facts),
        guards=mixed(known.guards),
        cases=mixed(known.cases),
        todos=mixed(known.todos),
        bookings=mixed(known.bookings),
    )
    assert card_of(deal(known), known, 1).as_json() == card_of(deal(other), other, 1).as_json()


@checked
@given(dossiers())
def test_every_avoid_is_on_the_card_whatever_was_learnt(known: Dossier) -> None:
    avoids = {fact.key for fact in known.facts if fact.kind == "avoid"}
    assert avoids <= {draft.key for draft in all_of(deal(known)) if draft.lane == "must"}


@checked
@given(dossiers())
def test_what_was_answered_moves_no_cue_across_lanes_and_hides_nothing_owed(known: Dossier) -> None:
    fresh, learnt = deal(replace(known, shown={})), deal(known)
    assert names(fresh.safety) == names(learnt.safety)
    assert sorted(names(all_of(fresh))) == sorted(names(all_of(learnt)))
    owed = [draft for draft in fresh.ranked.shown if draft.lane == "owed"]
    assert [draft for draft in learnt.ranked.shown if draft.lane == "owed"] == owed
    folded_avoids = [d for d in learnt.ranked.folded if is_protected(d) and not d.fold and d.kind == "avoid"]
    if folded_avoids:
        assert len(learnt.ranked.shown) == 3


@checked
@given(dossiers())
def test_no_follow_up_that_touches_a_safety_fact_or_an_avoid_is_a_cue(known: Dossier) -> None:
    shown = {draft.key for draft in all_of(deal(known))}
    guards = [fact for fact in known.guards if fact.kind in {"safety", "avoid"}]
    for todo in known.todos:
        if first_touched(guards, todo.text, todo.category):
            assert todo.key not in shown


@checked
@given(dossiers())
def test_what_the_viewer_may_not_read_is_in_no_word_of_the_card(known: Dossier) -> None:
    told = str(card_of(deal(known), known, 1))
    assert "Hushhush" not in told
    assert "preference:99" not in told


@checked
@given(dossiers())
def test_who_is_not_here_is_not_named(known: Dossier) -> None:
    """Names of earlier companions are in no text of ours; what came from their visit is left out."""
    here = known.company
    if known.moment.channel != "in_person" or here is None:
        return
    keys = {draft.key for draft in all_of(deal(known))}
    hidden = [
        fact for fact in known.facts if fact.companions and {n.lower() for n in fact.companions} != here
    ]
    assert not keys & {fact.key for fact in hidden if fact.kind in {"like", "dislike", "topic", "style"}}


@checked
@given(dossiers())
def test_a_question_is_not_also_an_assertion(known: Dossier) -> None:
    hand = deal(known)
    asked = {draft.key for draft in all_of(hand) if draft.lane == "verify"}
    told = {draft.key for draft in must.cues(known) if draft.kind != "avoid"}
    assert not asked & told


@checked
@given(dossiers())
def test_every_cue_says_why_unless_it_speaks_for_itself(known: Dossier) -> None:
    card = card_of(deal(known), known, 1)
    assert all(cue.text.strip() and cue.why.strip() for cue in card.everything())
