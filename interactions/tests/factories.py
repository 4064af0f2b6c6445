"""What happened with customers, made for tests.

Rows are written as they are: counters on the customer do not move. A test that needs them right
logs through `interactions.capture` instead.
"""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions.models import (
    Channel,
    Complaint,
    CueAnswer,
    Delivery,
    Feedback,
    FollowUp,
    Interaction,
    InteractionItem,
    Loan,
    PreferenceSource,
    Visit,
)
from staff.tests.factories import StaffFactory


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
