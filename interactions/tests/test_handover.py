"""Notes from one shift to the next, and who signed for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from interactions import handover
from interactions.models import HandoverNote
from staff.models import Membership, Staff, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
Of = Callable[[Staff], Membership]


@pytest.fixture
def note(desk: Staff, membership_of: Of) -> HandoverNote:
    """What Sam leaves."""
    return handover.leave(membership_of(desk), now=NOW, text="  The till sticks ")


def test_it_stays_until_somebody_else_signs(
    note: HandoverNote, desk: Staff, manager: Staff, concierge: Staff, membership_of: Of
) -> None:
    assert note.text == "The till sticks"
    assert handover.sign([note.pk], membership_of(desk), now=NOW + HOUR) == []
    assert list(HandoverNote.objects.unsigned()) == [note]
    assert handover.sign([note.pk], membership_of(manager), now=NOW + HOUR) == [note.pk]
    assert handover.sign([note.pk], membership_of(concierge), now=NOW + 2 * HOUR) == []
    note.refresh_from_db()
    assert (note.signed_by, note.signed_at) == (manager, NOW + HOUR)


def test_a_signature_is_taken_back_by_whoever_gave_it(
    note: HandoverNote, manager: Staff, concierge: Staff, membership_of: Of
) -> None:
    handover.sign([note.pk], membership_of(manager), now=NOW + HOUR)
    assert handover.unsign([note.pk], membership_of(concierge)) == 0
    assert handover.unsign([note.pk], membership_of(manager)) == 1
    assert list(HandoverNote.objects.unsigned()) == [note]


def test_a_note_is_taken_back_by_its_writer_while_nobody_signed(
    note: HandoverNote, desk: Staff, manager: Staff, membership_of: Of
) -> None:
    with pytest.raises(HandoverNote.DoesNotExist):
        handover.take_back(note.pk, membership_of(manager), now=NOW)
    handover.take_back(note.pk, membership_of(desk), now=NOW)
    assert not HandoverNote.objects.unsigned().exists()
    assert handover.put_back(note.pk, membership_of(desk)) == 1
    handover.sign([note.pk], membership_of(manager), now=NOW + HOUR)
    with pytest.raises(handover.SignedError):
        handover.take_back(note.pk, membership_of(desk), now=NOW)


def test_nobody_signs_at_another_venue(note: HandoverNote, elsewhere: Venue) -> None:
    lee = MembershipFactory.create(venue=elsewhere)
    assert handover.sign([note.pk], lee, now=NOW + HOUR) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_are_one_signature(
    note: HandoverNote, manager: Staff, concierge: Staff, membership_of: Of
) -> None:
    taken: list[int] = []
    start = threading.Barrier(2)

    def sign(membership: Membership) -> None:
        start.wait(10)
        try:
            taken.extend(handover.sign([note.pk], membership, now=NOW + HOUR))
        finally:
            connection.close()

    members = [membership_of(person) for person in (manager, concierge)]
    signers = [threading.Thread(target=sign, args=(member,)) for member in members]
    for each in signers:
        each.start()
    for each in signers:
        each.join(30)
    assert taken == [note.pk]


def test_by_the_buttons(as_desk: Client, as_manager: Client, venue: Venue) -> None:
    page = reverse("briefing")
    assert as_desk.post(reverse("handover_leave"), {"text": ""}).status_code == 422
    as_desk.post(reverse("handover_leave"), {"text": "The till sticks"})
    note = HandoverNote.objects.get()
    assert "somebody else signs" in as_desk.get(page).content.decode()
    assert "sign for them" in as_manager.get(page).content.decode()
    answer = as_manager.post(reverse("handover_sign"), {"note": [note.pk, "x", "9" * 30]}, follow=True)
    said = answer.content.decode()
    assert "Signed for 1 note." in said
    assert "signed by Morgan" in said
    again = as_manager.post(reverse("handover_sign"), {"note": note.pk}, follow=True)
    assert "Nothing was left to sign" in again.content.decode()
    as_manager.post(f"{reverse('handover_unsign')}?note={note.pk}")
    note.refresh_from_db()
    assert note.signed_by is None
    as_desk.post(reverse("handover_take_back", args=[note.pk]))
    assert "The till sticks" not in as_manager.get(page).content.decode()
    assert as_manager.post(reverse("handover_take_back", args=[note.pk])).status_code == 404


def test_a_note_that_was_signed_stays(as_desk: Client, note: HandoverNote, manager: Staff) -> None:
    HandoverNote.objects.update(signed_by=manager, signed_at=NOW + HOUR)
    answer = as_desk.post(reverse("handover_take_back", args=[note.pk]), follow=True)
    assert "so it stays" in answer.content.decode()


@pytest.mark.parametrize("name", ["handover_leave", "handover_sign", "handover_unsign"])
def test_a_stranger_does_nothing(name: str, as_stranger: Client, anonymous: Client) -> None:
    assert as_stranger.post(reverse(name)).status_code == 403
    assert anonymous.post(reverse(name)).status_code == 302
