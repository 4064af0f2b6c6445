"""What customers said when asked how it was, and what was answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from customers.models import Customer
from interactions import capture, promises
from interactions.models import Channel, Feedback, FollowUp, Interaction, Outcome
from staff.models import Membership

# From here on a score is praise; below `LOWEST_FINE` somebody ought to answer.
GOOD = {Feedback.Scale.CSAT: 4, Feedback.Scale.NPS: 9}


class AnsweredError(Exception):
    """Somebody else answered it first."""

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(f"feedback {feedback.pk} is answered")
        self.feedback = feedback


@transaction.atomic
def record(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    score: int,
    scale: str = Feedback.Scale.CSAT,
    words: str = "",
    channel: str = Channel.IN_PERSON,
    token: str = "",
) -> Feedback:
    """Write down what a customer answered, on the timeline too. The same token again gives the same one."""
    interaction = capture.log(
        customer,
        membership,
        now=now,
        kind=Interaction.Kind.FEEDBACK,
        channel=channel,
        words=words,
        outcome=outcome_of(scale, score),
        token=token,
    )
    feedback, _is_new = Feedback.objects.get_or_create(
        interaction=interaction,
        defaults={
            "customer": customer,
            "venue": membership.venue,
            "scale": scale,
            "score": score,
            "words": words.strip(),
            "at": now,
            "recorded_by": membership.staff,
        },
    )
    return feedback


@transaction.atomic
def answer(feedback_id: int, membership: Membership, *, now: datetime, words: str) -> Feedback:
    """Note what was answered to a low score. Raises AnsweredError for a second person."""
    mine = Feedback.objects.visible_to(membership).filter(venue=membership.venue_id)
    feedback = (
        mine.select_for_update(of=("self",)).select_related("answered_by", "customer").get(pk=feedback_id)
    )
    if feedback.answered_at and feedback.answered_by_id != membership.staff_id:
        raise AnsweredError(feedback)
    if not feedback.answered_at:
        feedback.answer, feedback.answered_at, feedback.answered_by = words.strip(), now, membership.staff
        feedback.save(update_fields=["answer", "answered_at", "answered_by"])
        _nothing_owed(feedback, membership, now)
    return feedback


def _nothing_owed(feedback: Feedback, membership: Membership, now: datetime) -> None:
    """Nobody is reminded any more of a score that is answered."""
    owed = FollowUp.objects.open().visible_to(membership).filter(survey__feedback=feedback)
    for pk in owed.order_by("pk").values_list("pk", flat=True):
        promises.done(pk, membership, now=now, outcome=feedback.answer)


def outcome_of(scale: str, score: int) -> str:
    """What a score says of how it went."""
    if Feedback(scale=scale, score=score).is_low:
        return Outcome.BAD
    return Outcome.GOOD if score >= GOOD[Feedback.Scale(scale)] else Outcome.NEUTRAL
