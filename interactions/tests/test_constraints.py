"""What the database refuses even when the forms are passed by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from customers.models import Customer
from customers.tests.factories import CustomerFactory, ImportantDateFactory
from interactions.models import (
    Briefing,
    CalendarFeed,
    Complaint,
    ContactRules,
    Digest,
    Escalation,
    HandoverNote,
    ItemPair,
    ItemStat,
    MessageTemplate,
    OutToday,
    PlaybookDeed,
    Webhook,
)
from interactions.tests.factories import (
    ComplaintFactory,
    CueAnswerFactory,
    CustomerMessageFactory,
    DeliveryFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
    InteractionItemFactory,
    LoanFactory,
    PlaybookFactory,
    SurveyFactory,
    VisitFactory,
)
from staff.models import Shift
from staff.tests.factories import StaffFactory

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
BEFORE = AT - timedelta(seconds=1)
Write = Callable[[Customer], Any]


def row(factory: Any, **fields: Any) -> Write:
    """Write a row of the customer with these columns."""
    return lambda dana: factory.create(customer=dana, **fields)


def follow_up(**fields: Any) -> Write:
    """Write a follow-up with these columns."""
    return row(FollowUpFactory, **fields)


def complaint(**fields: Any) -> Write:
    """Write a complaint with these columns."""
    return row(ComplaintFactory, **{"opened_at": AT, **fields})


def delivery(**fields: Any) -> Write:
    """Write a delivery with these columns."""
    return lambda _dana: DeliveryFactory.create(**fields)


def item(**fields: Any) -> Write:
    """Write an item with these columns."""
    return lambda dana: InteractionItemFactory.create(interaction__customer=dana, **fields)


def twice(write: Write) -> Write:
    """Write the same two times."""
    return lambda dana: (write(dana), write(dana))


def told_twice(dana: Customer) -> None:
    """Tell one person of one occurrence twice on one channel."""
    first = DeliveryFactory.create(follow_up__customer=dana)
    DeliveryFactory.create(follow_up=first.follow_up, occurrence=first.occurrence, recipient=first.recipient)


def named_alike(_dana: Customer) -> None:
    """Give two deliveries one name."""
    DeliveryFactory.create(message_id="<one@regulars.test>")
    DeliveryFactory.create(message_id="<one@regulars.test>")


def followed_twice(dana: Customer) -> None:
    """Have two follow-ups follow one."""
    first = FollowUpFactory.create(customer=dana)
    FollowUpFactory.create(customer=dana, follows=first)
    FollowUpFactory.create(customer=dana, follows=first)


def shown_twice(dana: Customer) -> None:
    """Show one cue twice to one person on one day."""
    first = CueAnswerFactory.create(customer=dana)
    CueAnswerFactory.create(customer=dana, by=first.by, business_day=first.business_day)


def step_of_nothing(dana: Customer) -> None:
    """Take a complaint to a state that there is not."""
    ComplaintFactory.create(customer=dana).steps.create(state="forgotten")


def step(**fields: Any) -> Write:
    """Write a step of a complaint with these columns."""
    filled = {"state": "heard", **fields}
    return lambda dana: ComplaintFactory.create(customer=dana).steps.create(**filled)


def escalation(made: Complaint, **fields: Any) -> Escalation:
    """Write that the managers were told of a complaint, with these columns."""
    filled = {"reason": "unowned", "clock_from": AT, "at": AT, **fields}
    return Escalation.objects.create(complaint=made, **filled)


def row_of_complaint(make: Callable[..., Any], **fields: Any) -> Write:
    """Write a row about a complaint with these columns."""
    return lambda dana: make(ComplaintFactory.create(customer=dana), **fields)


def twice_of_one(make: Callable[..., Any]) -> Write:
    """Write the same two times about one complaint."""
    return row_of_complaint(lambda made: (make(made), make(made)))


def briefing(**fields: Any) -> Write:
    """Write that a shift of one name was briefed, with these columns."""

    def write(dana: Customer) -> Briefing:
        hours = {"starts": "07:00", "ends": "15:00", "weekdays": [0]}
        shift, _is_new = Shift.objects.get_or_create(venue=dana.home_venue, name="Early", defaults=hours)
        filled = {"day": AT.date(), "made_at": AT, "ends_at": AT + timedelta(hours=8), **fields}
        return Briefing.objects.create(shift=shift, **filled)

    return write


def letter(**fields: Any) -> Write:
    """Write that a briefing goes to somebody, with these columns."""
    filled = {"next_attempt_at": AT, "message_id": "<briefing@regulars.test>", **fields}
    return lambda dana: briefing()(dana).letters.create(recipient=StaffFactory.create(), **filled)


def letter_twice(dana: Customer) -> None:
    """Send one briefing twice to one person."""
    first = letter()(dana)
    first.briefing.letters.create(recipient=first.recipient, next_attempt_at=AT, message_id="<again@x>")


def note(**fields: Any) -> Write:
    """Leave a note for the next shift, with these columns; a factory makes whoever is asked for."""

    def write(dana: Customer) -> HandoverNote:
        made = {key: value.create() if value is StaffFactory else value for key, value in fields.items()}
        filled = {"text": "The till sticks", "written_by": StaffFactory.create(), "written_at": AT, **made}
        return HandoverNote.objects.create(venue=dana.home_venue, **filled)

    return write


def signed_by_its_writer(dana: Customer) -> None:
    """Have whoever wrote a note sign for it."""
    written = note()(dana)
    HandoverNote.objects.update(signed_by=written.written_by, signed_at=AT)


def feed(**fields: Any) -> Write:
    """Give somebody a calendar feed, with these columns."""
    return lambda _dana: CalendarFeed.objects.create(staff=StaffFactory.create(), made_at=AT, **fields)


def webhook(**fields: Any) -> Write:
    """Give a venue a webhook, with these columns."""
    filled = {"url": "https://sms.example/in", "secret": "whsec_c2VjcmV0", "made_at": AT, **fields}
    return lambda dana: Webhook.objects.create(venue=dana.home_venue, made_by=StaffFactory.create(), **filled)


def playbook(**fields: Any) -> Write:
    """Write a playbook of the customer's venue, with these columns."""
    return lambda dana: PlaybookFactory.create(venue=dana.home_venue, **fields)


def owned_by_both(dana: Customer) -> None:
    """Have a playbook owe to a person and to a role."""
    PlaybookFactory.create(venue=dana.home_venue, owner=StaffFactory.create())


def deed(**fields: Any) -> Write:
    """Write what a playbook did about the customer, with these columns."""

    def write(dana: Customer) -> PlaybookDeed:
        filled = {"occasion": "first", "came_at": AT, "outcome": "made", **fields}
        return PlaybookDeed.objects.create(playbook=PlaybookFactory.create(), customer=dana, **filled)

    return write


def held_and_owed(dana: Customer) -> None:
    """Hold what a playbook would make, and make it."""
    deed(outcome="cap", follow_up=FollowUpFactory.create(customer=dana))(dana)


def done_twice(dana: Customer) -> None:
    """Let one playbook see to one occasion twice."""
    first = deed()(dana)
    PlaybookDeed.objects.create(
        playbook=first.playbook, customer=dana, occasion=first.occasion, came_at=AT, outcome="cap"
    )


def rules(**fields: Any) -> Write:
    """Write how the customer's venue approaches its customers, with these columns."""
    return lambda dana: ContactRules.objects.create(venue=dana.home_venue, **fields)


def asking_on_no_scale(dana: Customer) -> None:
    """Have a venue ask its customers on a scale that there is not."""
    rules(asks="own", asks_since=AT, asks_for=StaffFactory.create())(dana)


def template(**fields: Any) -> Write:
    """Write a wording of the customer's venue, with these columns."""
    words = {"subject_en": "Hello", "body_en": "Hello.", "subject_zh": "您好", "body_zh": "您好。"}
    filled = {"slug": "hello", "name": "Hello", **words, **fields}
    return lambda dana: MessageTemplate.objects.create(venue=dana.home_venue, **filled)


def both(first: Write, second: Write) -> Write:
    """Write the one and the other."""
    return lambda dana: (first(dana), second(dana))


def digest(**fields: Any) -> Write:
    """Gather a shift's e-mails, with these columns."""
    return lambda dana: Digest.objects.create(
        recipient=StaffFactory.create(), venue=dana.home_venue, shift_starts_at=AT, **fields
    )


def digest_twice(dana: Customer) -> None:
    """Gather one person's e-mails of one shift twice."""
    first = digest()(dana)
    Digest.objects.create(recipient=first.recipient, venue=first.venue, shift_starts_at=AT)


def out_today(**fields: Any) -> Write:
    """Write that the customer's venue is out of something, with these columns."""
    filled = {"item": "Oat milk", "key": "oat milk", "business_day": AT.date(), "said_at": AT, **fields}
    return lambda dana: OutToday.objects.create(venue=dana.home_venue, **filled)


def survey(**fields: Any) -> Write:
    """Ask the customer how it was, with these columns."""
    return row(SurveyFactory, **{"asked_at": AT, **fields})


def message(**fields: Any) -> Write:
    """Write to the customer, with these columns."""
    return row(CustomerMessageFactory, **fields)


def two_feeds(_dana: Customer) -> None:
    """Give one person two addresses at a time."""
    person = StaffFactory.create()
    person.calendar_feeds.create(token_hash="a", made_at=AT)
    person.calendar_feeds.create(token_hash="b", made_at=AT)


def stat(**fields: Any) -> Write:
    """Write how often an item was had, with these columns."""
    return lambda dana: ItemStat.objects.create(venue=dana.home_venue, **{"item": "tea", **fields})


def pair(**fields: Any) -> Write:
    """Write what goes with an item, with these columns."""
    filled = {"usual": "tea", "item": "scone", "people": 3, "share": 0.5, **fields}
    return lambda dana: ItemPair.objects.create(venue=dana.home_venue, **filled)


def complaint_of_state(state: str, **fields: Any) -> Write:
    """Write a complaint that has come this far, with these columns."""
    return complaint(state=state, promised="A call", **fields)


REFUSED: list[tuple[str, str, Write]] = [
    ("a promise of nothing", "follow_up_text_given", follow_up(text="")),
    ("a follow-up of no kind", "follow_up_kind_known", follow_up(kind="whim")),
    ("half done", "follow_up_state_known", follow_up(state="half", ended_at=AT)),
    ("neither a time nor a trigger", "follow_up_has_a_time_or_trigger", follow_up(due_at=None)),
    ("a trigger there is not", "follow_up_trigger_known", follow_up(trigger="full_moon")),
    ("the nth visit without n", "follow_up_trigger_numbered", follow_up(trigger="nth_visit")),
    (
        "not seen for no days",
        "follow_up_trigger_numbered",
        follow_up(trigger="absent_days", trigger_number=0),
    ),
    (
        "dispatched while nothing is due",
        "follow_up_dispatched_when_due",
        follow_up(due_at=None, trigger="next_visit", next_dispatch_at=AT),
    ),
    (
        "so many days before a date, not saying how many",
        "follow_up_trigger_numbered",
        lambda dana: follow_up(
            trigger="before_date", important_date=ImportantDateFactory.create(customer=dana)
        )(dana),
    ),
    (
        "in touch before a date",
        "follow_up_cadence_is_of_contacts_alone",
        follow_up(trigger="next_visit", counts_from_contact=True, recurrence="FREQ=WEEKLY"),
    ),
    ("two promises of one form", "follow_up_form_sent_once", twice(follow_up(token="1:a"))),
    ("before no date", "follow_up_date_named", follow_up(trigger="before_date", trigger_number=3)),
    ("in touch never", "follow_up_cadence_repeats", follow_up(counts_from_contact=True)),
    ("for a role there is not", "follow_up_role_known", follow_up(role="butler")),
    ("done at no time", "follow_up_ended_is_dated", follow_up(state="done")),
    ("open but ended", "follow_up_ended_is_dated", follow_up(ended_at=AT)),
    (
        "called off without a reason",
        "follow_up_cancelled_says_why",
        follow_up(state="cancelled", ended_at=AT),
    ),
    ("followed twice", "follows", followed_twice),
    ("told twice", "delivery_once", told_twice),
    ("two of one name", "delivery_named_once", named_alike),
    ("half sent", "delivery_state_known", delivery(state="half")),
    ("by pigeon", "delivery_channel_known", delivery(channel="pigeon")),
    ("sent at no time", "delivery_sent_is_dated", delivery(state="sent")),
    ("given up without a reason", "delivery_dead_says_why", delivery(state="dead")),
    ("a complaint about nothing", "complaint_about_given", complaint(about="")),
    ("forgotten", "complaint_state_known", complaint(state="forgotten")),
    ("about the weather", "complaint_category_known", complaint(category="weather")),
    ("awful", "complaint_severity_known", complaint(severity="awful")),
    ("a promise without words", "complaint_promise_is_worded", complaint(state="promised")),
    ("put right at no time", "complaint_resolved_is_dated", complaint_of_state("resolved")),
    (
        "put right before heard",
        "complaint_resolved_is_dated",
        complaint_of_state("resolved", resolved_at=BEFORE),
    ),
    ("checked at no time", "complaint_checked_is_dated", complaint_of_state("checked", resolved_at=AT)),
    ("costing less than nothing", "complaint_cost_not_negative", complaint(cost=-1)),
    ("a step to nowhere", "complaint_step_state_known", step_of_nothing),
    ("a step of no kind", "complaint_step_kind_known", step(kind="forgotten")),
    ("taken back by nobody", "complaint_step_undone_by_somebody", step(undone_at=AT)),
    ("for the moon's sake", "complaint_cause_known", complaint(cause="the moon")),
    ("opened again before it was", "complaint_reopened_after_opened", complaint(reopened_at=BEFORE)),
    ("the managers told twice", "escalation_once", twice_of_one(escalation)),
    ("told for boredom", "escalation_reason_known", row_of_complaint(escalation, reason="boredom")),
    ("told too early", "escalation_after_its_clock", row_of_complaint(escalation, at=BEFORE)),
    ("briefed twice", "briefing_once", twice(briefing())),
    ("briefed when it was over", "briefing_before_the_end", briefing(ends_at=BEFORE)),
    ("the briefing sent twice", "briefing_letter_once", letter_twice),
    ("a briefing half sent", "briefing_letter_state_known", letter(state="half")),
    ("a briefing sent at no time", "briefing_letter_sent_is_dated", letter(state="sent")),
    ("a briefing given up without a reason", "briefing_letter_dead_says_why", letter(state="dead")),
    ("a briefing let go without one", "briefing_letter_dead_says_why", letter(state="dismissed")),
    ("handing over nothing", "handover_text_given", note(text="")),
    ("signed at no time", "handover_signed_by_somebody", note(signed_by=StaffFactory)),
    ("signed for by its writer", "handover_signed_by_another", signed_by_its_writer),
    (
        "taken back once signed",
        "handover_signed_stays",
        note(signed_by=StaffFactory, signed_at=AT, withdrawn_at=AT),
    ),
    ("posted to nowhere", "webhook_address_given", webhook(url="ftp://sms.example")),
    ("signed with nothing", "webhook_secret_given", webhook(secret="")),
    ("an old secret for ever", "webhook_old_secret_ends", webhook(old_secret="whsec_b2xk")),
    ("two feeds at a time", "calendar_feed_one_a_person", two_feeds),
    ("a feed taken back too early", "calendar_feed_revoked_after_made", feed(revoked_at=BEFORE)),
    ("shown twice", "cue_shown_once_a_day_and_person", shown_twice),
    ("in a seventh lane", "cue_lane_known", row(CueAnswerFactory, lane="fast")),
    ("answered with a shrug", "cue_answer_known", row(CueAnswerFactory, answer="shrug", answered_at=AT)),
    ("answered at no time", "cue_answer_known", row(CueAnswerFactory, answer="used")),
    ("six of five", "feedback_score_on_scale", row(FeedbackFactory, score=6)),
    ("minus one of ten", "feedback_score_on_scale", row(FeedbackFactory, scale="nps", score=-1)),
    ("on a scale of its own", "feedback_score_on_scale", row(FeedbackFactory, scale="own", score=3)),
    ("answered with words at no time", "feedback_answer_is_dated", row(FeedbackFactory, answer="Sorry")),
    ("lending nothing", "loan_named", row(LoanFactory, what="")),
    (
        "back before lent",
        "loan_returned_after_lent",
        row(LoanFactory, lent_at=AT, returned_at=BEFORE),
    ),
    (
        "imported twice",
        "interaction_imported_once",
        twice(row(InteractionFactory, source="till", external_id="7")),
    ),
    ("a contact of no kind", "interaction_kind_known", row(InteractionFactory, kind="dance")),
    ("a contact by pigeon", "interaction_channel_known", row(InteractionFactory, channel="pigeon")),
    ("it went purple", "interaction_outcome_known", row(InteractionFactory, outcome="purple")),
    ("whispered", "interaction_discretion_known", row(InteractionFactory, discretion="whisper")),
    ("from nowhere", "interaction_external_has_source", row(InteractionFactory, source="", external_id="7")),
    ("an item of no name", "item_named", item(name="")),
    ("none of it", "item_quantity_positive", item(quantity=0)),
    ("a price below nothing", "item_price_not_negative", item(price=-1)),
    ("half arrived", "visit_state_known", row(VisitFactory, state="half")),
    ("expected at no time", "visit_expected_is_timed", row(VisitFactory, expected_at=None)),
    ("arrived at no time", "visit_arrived_is_timed", row(VisitFactory, state="arrived")),
    ("expected and arrived", "visit_arrived_is_timed", row(VisitFactory, arrived_at=AT)),
    ("left at no time", "visit_left_is_timed", row(VisitFactory, state="left", arrived_at=AT)),
    (
        "left before arriving",
        "visit_left_is_timed",
        row(VisitFactory, state="left", arrived_at=AT, left_at=BEFORE),
    ),
    ("a party of nobody", "visit_party_positive", row(VisitFactory, party_size=0)),
    ("one item counted twice", "item_stat_once", twice(stat())),
    ("one pair counted twice", "item_pair_once", twice(pair())),
    ("more than everybody", "item_pair_share", pair(share=1.5)),
    ("a playbook of no name", "playbook_named", playbook(name="")),
    (
        "two playbooks of one name",
        "playbook_name_once_a_venue",
        both(playbook(name="Thanks"), playbook(name="THANKS")),
    ),
    ("on a whim", "playbook_occasion_known", playbook(occasion="whim")),
    ("reached by pigeon", "playbook_way_known", playbook(way="dove")),
    ("owed by the cat", "playbook_role_known", playbook(role="cat")),
    (
        "owed by somebody and by a role",
        "playbook_owner_or_role",
        owned_by_both,
    ),
    ("a playbook of two things", "playbook_does_one_thing", playbook(template="hello")),
    ("a playbook of nothing", "playbook_does_one_thing", playbook(text="")),
    ("around no date", "playbook_date_named", playbook(occasion="date")),
    ("after having nothing", "playbook_words_given", playbook(occasion="had")),
    ("away for no days", "playbook_absence_takes_days", playbook(occasion="away")),
    ("eleven years away", "playbook_days_in_reach", playbook(days=4000)),
    ("switched on by nobody", "playbook_switched_by_somebody", playbook(switched_on_at=AT)),
    ("one occasion seen to twice", "playbook_deed_once", done_twice),
    ("on no occasion", "playbook_deed_occasion_given", deed(occasion="")),
    ("with an outcome of its own", "playbook_deed_outcome_known", deed(outcome="so so")),
    ("held and made", "playbook_deed_made_or_held", held_and_owed),
    ("at most none a week", "contact_rules_allow_some", rules(weekly_cap=0)),
    ("within no hours", "contact_rules_have_hours", rules(hours_from="09:00", hours_until="09:00")),
    ("asked on a scale of its own", "contact_rules_scale_known", asking_on_no_scale),
    ("asking since nobody knows when", "contact_rules_ask_since", rules(asks="csat")),
    ("asking a week late", "contact_rules_ask_soon", rules(asks_after_hours=168)),
    ("one wording twice", "message_template_once_a_venue", both(template(), template(name="Other"))),
    ("a text message in one language", "message_template_short_in_both", template(short_en="Thank you")),
    (
        "written to customers by telephone",
        "playbook_writes_by_a_written_way",
        playbook(template="thanks", text="", role="", way="phone"),
    ),
    ("two wordings of one name", "message_template_name_once", both(template(), template(slug="other"))),
    ("a wording without words", "message_template_has_words", template(body_zh="")),
    ("written to twice", "customer_message_once", twice(message(occurrence="visit:1"))),
    ("writing nothing", "customer_message_says_something", message(body="")),
    ("signed by nobody", "customer_message_is_signed", message(signature="")),
    ("written to by fax", "customer_message_channel_known", message(channel="fax")),
    ("written for fun", "customer_message_purpose_known", message(purpose="fun")),
    ("half written", "customer_message_state_known", message(state="half")),
    ("written at no time", "customer_message_sent_is_dated", message(state="sent")),
    ("given up on without a reason", "customer_message_dead_says_why", message(state="dead")),
    ("let go without a reason", "customer_message_dead_says_why", message(state="dismissed")),
    (
        "asked again too soon",
        "survey_leaves_them_in_peace",
        both(survey(), survey(asked_at=AT + timedelta(days=89))),
    ),
    ("asked for no time", "survey_in_order", survey(expires_at=BEFORE)),
    ("asked out of six", "survey_scale_known", survey(scale="own")),
    ("asked in Latin", "survey_language_known", survey(language="la")),
    ("a digest by pigeon", "digest_channel_known", digest(channel="pigeon")),
    ("two e-mails in one shift", "digest_once_a_shift", digest_twice),
    ("sent under no name", "digest_closed_has_a_name", digest(closed_at=AT)),
    ("out of nothing", "out_today_named", out_today(item="")),
    ("back before it was out", "out_today_back_after_out", out_today(back_at=BEFORE)),
    ("out of one thing twice", "out_today_once", twice(out_today())),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "write"), [pytest.param(name, write, id=state) for state, name, write in REFUSED]
)
def test_the_database_refuses(constraint: str, write: Write) -> None:
    dana = CustomerFactory.create()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write(dana)


def test_no_constraint_goes_untried() -> None:
    own = apps.get_app_config("interactions").get_models()
    named = {constraint.name for model in own for constraint in model._meta.constraints}
    assert named == {name for _state, name, _write in REFUSED} - {"follows", "message_id"}
