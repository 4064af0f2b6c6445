"""What happened with customers, made for tests.

Rows are written as they are: counters on the customer do not move. A test that needs them right
logs through `interactions.capture` instead.
"""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from customers.tests.factories import ContactPointFactory, CustomerFactory, PreferenceFactory
from interactions.models import (
    Briefing,
    BriefingLetter,
    Channel,
    Complaint,
    CueAnswer,
    CustomerMessage,
    Delivery,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    Loan,
    Playbook,
    PreferenceSource,
    Survey,
    Visit,
)
from staff.tests.factories import ShiftFactory, StaffFactory, VenueFactory


class InteractionFactory(DjangoModelFactory[Interaction]):
    """A visit in person at the customer's home venue, now; `items=["flat white"]` adds what was had."""

    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    staff = factory.SubFactory(StaffFactory)
    channel = Channel.IN_PERSON
    kind = Interaction.Kind.VISIT
    occurred_at = factory.LazyFunction(timezone.now)
    summary = factory.Sequence(lambda n: f"Sat by the window, the {n}th time")

    @factory.post_generation  # type: ignore[untyped-decorator]  # factory_boy's own
    def items(self: Interaction, create: bool, extracted: list[str] | None, **kwargs: object) -> None:
        """One item for each name given."""
        if create:
            InteractionItem.objects.bulk_create(
                InteractionItem(interaction=self, name=name) for name in extracted or []
            )


class InteractionItemFactory(DjangoModelFactory[InteractionItem]):
    """One flat white."""

    class Meta:
        model = InteractionItem

    interaction = factory.SubFactory(InteractionFactory)
    name = "Flat white"


class PreferenceSourceFactory(DjangoModelFactory[PreferenceSource]):
    """A preference noted after an interaction with the same customer."""

    class Meta:
        model = PreferenceSource

    interaction = factory.SubFactory(InteractionFactory)
    preference = factory.SubFactory(
        PreferenceFactory, customer=factory.SelfAttribute("..interaction.customer")
    )


class VisitFactory(DjangoModelFactory[Visit]):
    """Expected in an hour at the customer's home venue."""

    class Meta:
        model = Visit

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    expected_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class ComplaintFactory(DjangoModelFactory[Complaint]):
    """A serious complaint, just heard."""

    class Meta:
        model = Complaint

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    category = Complaint.Category.QUALITY
    about = "Breakfast came cold"


class FollowUpFactory(DjangoModelFactory[FollowUp]):
    """A promise due now, nobody's in particular."""

    class Meta:
        model = FollowUp

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    kind = FollowUp.Kind.PROMISE
    text = factory.Sequence(lambda n: f"Call back about the order, number {n}")
    due_at = factory.LazyFunction(timezone.now)


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """An e-mail about a follow-up, waiting to be sent to somebody."""

    class Meta:
        model = Delivery

    follow_up = factory.SubFactory(FollowUpFactory)
    occurrence = factory.SelfAttribute("follow_up.due_at")
    recipient = factory.SubFactory(StaffFactory)
    channel = Delivery.Channel.EMAIL
    message_id = factory.Sequence(lambda n: f"<delivery-{n}@regulars.test>")
    created_at = factory.LazyFunction(timezone.now)
    send_at = factory.SelfAttribute("created_at")


class BriefingFactory(DjangoModelFactory[Briefing]):
    """The early shift of today was briefed."""

    class Meta:
        model = Briefing

    shift = factory.SubFactory(ShiftFactory)
    day = factory.LazyFunction(lambda: timezone.now().date())
    made_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=8))


class BriefingLetterFactory(DjangoModelFactory[BriefingLetter]):
    """A briefing waiting to be sent to somebody."""

    class Meta:
        model = BriefingLetter

    briefing = factory.SubFactory(BriefingFactory)
    recipient = factory.SubFactory(StaffFactory)
    next_attempt_at = factory.LazyFunction(timezone.now)
    send_at = factory.SelfAttribute("next_attempt_at")
    message_id = factory.Sequence(lambda n: f"<briefing-{n}@regulars.test>")


class FeedbackFactory(DjangoModelFactory[Feedback]):
    """Five of five."""

    class Meta:
        model = Feedback

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    score = 5


class LoanFactory(DjangoModelFactory[Loan]):
    """An umbrella that has not come back."""

    class Meta:
        model = Loan

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    what = "Umbrella"


class CueAnswerFactory(DjangoModelFactory[CueAnswer]):
    """The usual, shown today and not answered."""

    class Meta:
        model = CueAnswer

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    cue_key = "usual"
    cue_kind = "usual"
    lane = "today"
    business_day = factory.LazyAttribute(lambda made: made.venue.business_day(timezone.now()))
    by = factory.SubFactory(StaffFactory)


class PlaybookFactory(DjangoModelFactory[Playbook]):
    """Thanks for a first visit, switched off; `on_since` switches it on by somebody with a badge number."""

    class Meta:
        model = Playbook

    class Params:
        on_since = None

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"Thank a first visit, {n}")
    occasion = Playbook.Occasion.FIRST_VISIT
    text = "Thank them for their first visit"
    role = "front_desk"
    switched_on_at = factory.SelfAttribute("on_since")
    switched_by = factory.Maybe(
        "on_since", factory.SubFactory(StaffFactory, badge_number=factory.Sequence(lambda n: f"9{n:03}"))
    )


class CustomerMessageFactory(DjangoModelFactory[CustomerMessage]):
    """Thanks by e-mail, waiting to be sent to an address that may be written to."""

    class Meta:
        model = CustomerMessage

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    contact = factory.SubFactory(
        ContactPointFactory,
        customer=factory.SelfAttribute("..customer"),
        kind="email",
        value=factory.Sequence(lambda n: f"guest{n}@example.com"),
        email="yes",
    )
    to = factory.SelfAttribute("contact.normalised")
    occurrence = factory.Sequence(lambda n: f"written:{n}")
    purpose = CustomerMessage.Purpose.WRITTEN
    language = "en"
    subject = "Thank you"
    body = "It was good to meet you."
    signature = "Sam, staff number 201"
    approved_by = factory.SubFactory(StaffFactory)
    approved_at = factory.LazyFunction(timezone.now)
    message_id = factory.Sequence(lambda n: f"<to-customer-{n}@regulars.test>")


class SurveyFactory(DjangoModelFactory[Survey]):
    """Asked just now, by five steps."""

    class Meta:
        model = Survey

    customer = factory.SubFactory(CustomerFactory)
    venue = factory.SelfAttribute("customer.home_venue")
    scale = "csat"
    language = "en"
    asked_at = factory.LazyFunction(timezone.now)
    quiet_until = factory.LazyAttribute(lambda made: made.asked_at + timedelta(days=90))
    expires_at = factory.LazyAttribute(lambda made: made.asked_at + timedelta(days=30))
