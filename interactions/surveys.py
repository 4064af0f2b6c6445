"""One question after a visit: whom to ask, and what happens with the answer.

Nobody is asked twice within 90 days (the database refuses it), nor while a complaint of theirs is open, nor
where they do not allow e-mails. A low score is owed an answer, with a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from customers.models import Allowed, ContactPoint, Customer, Preference
from interactions import capture, messages, opinions
from interactions.models import (
    Channel,
    Complaint,
    ContactRules,
    CustomerMessage,
    Feedback,
    FollowUp,
    Interaction,
    Survey,
)
from staff.models import Role, Staff

PEACE: Final = timedelta(days=90)
EXPIRES_AFTER: Final = timedelta(days=30)
MAY_CHANGE_FOR: Final = timedelta(hours=24)
# Who came longer ago than this has better things to think of.
ASKED_WITHIN: Final = timedelta(days=5)
BATCH: Final = 500
# How long the house has to answer: the lowest scores sooner.
ANSWER_WITHIN: Final = timedelta(hours=24)
ANSWER_WORST_WITHIN: Final = timedelta(hours=4)
WORST: Final = {Feedback.Scale.CSAT: 1, Feedback.Scale.NPS: 3}
SOURCE: Final = "survey"


class ClosedError(Exception):
    """It was answered, and longer ago than an answer may be changed."""


def answer_within(scale: str, score: int) -> timedelta:
    """The clock of a low score."""
    return ANSWER_WORST_WITHIN if score <= WORST[Feedback.Scale(scale)] else ANSWER_WITHIN


def ask_all(now: datetime) -> int:
    """Ask at every venue that wants to, for visits that are long enough ago; give how many were asked."""
    asking = ContactRules.objects.exclude(asks="").filter(venue__closed_at=None)
    return sum(_ask_at(rules, now) for rules in asking.select_related("venue", "asks_for"))


def _ask_at(rules: ContactRules, now: datetime) -> int:
    return sum(_ask(visit, rules, now) for visit in _to_ask(rules, now)[:BATCH])


def _to_ask(rules: ContactRules, now: datetime) -> QuerySet[Interaction]:
    """Visits to ask about, the latest of each customer."""
    assert rules.asks_since is not None  # noqa: S101 - the database refuses to ask without it
    until = now - timedelta(hours=rules.asks_after_hours)
    mine = {"customer": OuterRef("customer")}
    reached = ContactPoint.objects.filter(**mine, kind=ContactPoint.Kind.EMAIL, email=Allowed.YES)
    asked = Survey.objects.filter(**mine, quiet_until__gt=now)
    return (
        Interaction.objects.at(rules.venue)
        .filter(
            Exists(reached),
            ~Exists(asked),
            ~Exists(Complaint.objects.open().order_by().filter(**mine)),
            kind=Interaction.Kind.VISIT,
            customer__status=Customer.Status.ACTIVE,
            occurred_at__gt=max(rules.asks_since, now - ASKED_WITHIN),
            occurred_at__lte=until,
        )
        .exclude(discretion=Preference.Discretion.MANAGERS_ONLY)
        .select_related("customer", "venue")
        .order_by("customer", "-occurred_at", "-pk")
        .distinct("customer")
    )


def _ask(visit: Interaction, rules: ContactRules, now: datetime) -> int:
    """Ask about one visit; 0 when somebody was quicker, or nobody is there to sign."""
    signer = messages.may_sign(rules.venue, rules.asks_for)
    if signer is None:
        return 0
    try:
        with transaction.atomic():
            survey = _write(visit, rules, now)
            survey.message = _invite(survey, signer, now)
            survey.save(update_fields=["message"])
    except (IntegrityError, messages.CannotWriteError):
        return 0
    return 1


def _write(visit: Interaction, rules: ContactRules, now: datetime) -> Survey:
    return Survey.objects.create(
        customer=visit.customer,
        venue=rules.venue,
        interaction=visit,
        scale=rules.asks,
        language=messages.language_for(visit.customer, rules.venue),
        asked_at=now,
        quiet_until=now + PEACE,
        expires_at=now + EXPIRES_AFTER,
    )


def _invite(survey: Survey, signer: Staff, now: datetime) -> CustomerMessage:
    with translation.override(survey.language):
        subject = _("How was it at %(venue)s?") % {"venue": survey.venue.name}
        body = _("Dear %(name)s,\n\none question about your visit. It takes a moment.")
    return messages.write(
        survey.customer,
        survey.venue,
        now=now,
        occurrence=f"survey:{survey.pk}",
        purpose=CustomerMessage.Purpose.SURVEY,
        signer=signer,
        subject=subject,
        body=body % {"name": survey.customer.greeting_name},
        language=survey.language,
    )


def is_closed(survey: Survey, now: datetime) -> bool:
    """Whether it was answered, and the answer can no longer be changed."""
    return survey.answered_at is not None and now >= survey.answered_at + MAY_CHANGE_FOR


@transaction.atomic
def answer(survey_id: int, *, now: datetime, score: int, words: str) -> Survey:
    """Keep what they answered, or their other answer while it may be changed. Raises ClosedError after."""
    known = Survey.objects.select_related("customer", "venue", "feedback")
    survey = known.select_for_update(of=("self",)).get(pk=survey_id)
    if is_closed(survey, now):
        raise ClosedError
    interaction = capture.note(
        survey.customer,
        survey.venue,
        now=now,
        source=SOURCE,
        token=str(survey.pk),
        kind=Interaction.Kind.FEEDBACK,
        channel=Channel.WEB,
        words=words,
        outcome=opinions.outcome_of(survey.scale, score),
    )
    said = {"scale": survey.scale, "score": score, "words": words.strip()}
    if survey.feedback_id is None:
        survey.feedback = Feedback.objects.create(
            customer=survey.customer, venue=survey.venue, interaction=interaction, at=now, **said
        )
        survey.answered_at = now
    else:
        Feedback.objects.filter(pk=survey.feedback_id).update(**said)
        outcome = opinions.outcome_of(survey.scale, score)
        Interaction.objects.filter(pk=interaction.pk).update(words=words.strip(), outcome=outcome)
    _owe_an_answer(survey, score, words, now)
    survey.save(update_fields=["feedback", "answered_at", "follow_up"])
    return survey


def _owe_an_answer(survey: Survey, score: int, words: str, now: datetime) -> None:
    """A low score is somebody's to answer; what they changed it to is said where it is owed already."""
    is_low = Feedback(scale=survey.scale, score=score).is_low
    with translation.override(survey.venue.language):
        text = _said(survey.scale, score, words)
    if survey.follow_up_id:
        FollowUp.objects.open().filter(pk=survey.follow_up_id).update(text=text)
    elif is_low:
        assert survey.feedback is not None  # noqa: S101 - it was written just before
        due = now + answer_within(survey.scale, score)
        survey.follow_up = FollowUp.objects.create(
            customer=survey.customer,
            venue=survey.venue,
            kind=FollowUp.Kind.RECOVERY,
            text=text,
            due_at=due,
            next_dispatch_at=due,
            role=Role.MANAGER,
            urgent=True,
            interaction_id=survey.feedback.interaction_id,
            created_at=now,
        )


def _said(scale: str, score: int, words: str) -> str:
    most = 5 if scale == Feedback.Scale.CSAT else 10
    text = _("Answer their score: %(score)s of %(most)s") % {"score": score, "most": most}
    said = " ".join(words.split())
    return f"{text} “{said}”"[:300] if said else text
