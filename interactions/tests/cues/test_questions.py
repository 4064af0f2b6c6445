"""A question made once answers each asker as the query set would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.prepared import Given, GivenMany, Prepared, PreparedModels
from customers.models import Preference
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions.cues import questions
from interactions.models import FollowUp, ItemStat
from interactions.tests.factories import FollowUpFactory, InteractionFactory
from staff.models import Membership, Role, Staff, Venue

pytestmark = pytest.mark.django_db


def items(venue: int, *names: str) -> list[str]:
    asked = Prepared(
        ItemStat.objects.filter(
            venue=Given("venue", BigIntegerField()), item__in=GivenMany("items", CharField(max_length=120))
        )
        .order_by("item")
        .values_list("item", "buyers")
    )
    return [row.item for row in asked.ask(venue=venue, items=list(names))]


def test_each_asking_binds_its_own_values(venue: Venue) -> None:
    for name in ("scone", "tea", "it's 100% %s"):
        ItemStat.objects.create(venue=venue, item=name, buyers=1)
    assert items(venue.pk, "tea", "it's 100% %s", "gone") == ["it's 100% %s", "tea"]
    assert items(venue.pk) == []
    assert items(venue.pk + 1, "tea") == []


def test_a_value_that_is_missing_is_said() -> None:
    with pytest.raises(KeyError, match="until"):
        questions.bookings().ask(customer=1, since=timezone.now())


@pytest.mark.parametrize("role", Role.values)
def test_a_role_is_told_the_facts_that_its_query_set_tells(
    role: str, desk: Staff, venue: Venue, membership_of: Callable[[Staff], Membership]
) -> None:
    membership, now = membership_of(desk), timezone.now()
    membership.role = role
    customer = CustomerFactory.create(home_venue=venue)
    for discretion in Preference.Discretion.values:
        for place in (None, venue):
            PreferenceFactory.create(
                customer=customer, discretion=discretion, venue=place, recorded_at=now - timedelta(days=1)
            )
    asked = {"customer": customer.pk, "venue": venue.pk, "staff": desk.pk, "now": now, "today": now.date()}
    rows = questions.facts(role).ask(**asked)
    assert len(rows) == Preference.objects.count()
    told = {row.id for row in rows if row.is_visible}
    assert told == set(Preference.objects.visible_to(membership).values_list("pk", flat=True))


@pytest.mark.parametrize("role", Role.values)
def test_a_role_is_told_the_follow_ups_that_its_query_set_tells(
    role: str, desk: Staff, manager: Staff, venue: Venue, membership_of: Callable[[Staff], Membership]
) -> None:
    membership = membership_of(desk)
    membership.role = role
    customer = CustomerFactory.create(home_venue=venue)
    hidden = InteractionFactory.create(customer=customer, venue=venue, discretion="managers_only")
    for owner in (desk, manager):
        for noted in (None, hidden):
            FollowUpFactory.create(customer=customer, venue=venue, owner=owner, interaction=noted)
    rows = questions.todos(role).ask(customer=customer.pk, venue=venue.pk, staff=desk.pk)
    readable = FollowUp.objects.readable_by(membership)
    assert {row.id for row in rows} == set(readable.values_list("pk", flat=True))
    assert len(rows) == (4 if membership.can("see_managers_only") else 3)


def test_a_question_that_is_asked_again_is_planned_once(venue: Venue) -> None:
    ItemStat.objects.create(venue=venue, item="100% rye", buyers=1)
    asked = Prepared(
        ItemStat.objects.filter(venue=Given("venue", BigIntegerField()), item__startswith="100%")
        .annotate(what=Value("it's %s"))
        .values_list("item", "what")
    )
    for _ in range(5):
        assert asked.ask(venue=venue.pk) == [("100% rye", "it's %s")]
    assert asked.ask(venue=10_000_000_000) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%itemstat%"])
        (count,) = cursor.fetchone()
    assert count == 1


def test_whole_rows_come_with_what_they_select_related(venue: Venue, desk: Staff) -> None:
    theirs = FollowUpFactory.create(venue=venue, owner=desk)
    nobodys = FollowUpFactory.create(venue=venue, owner=None)
    rows = FollowUp.objects.filter(pk__in=GivenMany("ids", BigIntegerField())).order_by("pk")
    asked = PreparedModels(rows.select_related("customer", "owner"))
    with CaptureQueriesContext(connection) as queries:
        found = asked.ask(ids=[theirs.pk, nobodys.pk])
        assert found == [theirs, nobodys]
        assert [row.customer for row in found] == [theirs.customer, nobodys.customer]
        assert [row.owner for row in found] == [desk, None]
    assert len(queries) == 1
    for row, same in zip(found, rows.model.objects.order_by("pk"), strict=True):
        assert {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} == {
            f.attname: getattr(same, f.attname) for f in row._meta.concrete_fields
        }
    assert asked.ask(ids=[]) == []
