"""House: the overview, mails in files, vocabularies and the audit."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pghistory
import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from crm.models import Heartbeat
from customers import vocabulary
from customers.models import Preference
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions.tests.factories import (
    BriefingLetterFactory,
    CustomerMessageFactory,
    DeliveryFactory,
    FollowUpFactory,
    InteractionFactory,
    InteractionItemFactory,
)
from interactions.timeline import Place
from reports import changes, looking, mail_files, state, wording
from staff.models import AccessLog, Membership, Staff, Venue
from staff.tests.cast import LogIn
from staff.tests.factories import MembershipFactory, ShiftFactory
from staff.tests.queries import assert_constant, cost

MembershipOf = Callable[[Staff], Membership]
PAGES = ["/house/", "/house/vocabularies/", "/house/audit/", "/house/audit/changes/"]


@pytest.mark.parametrize("path", PAGES)
def test_managers_and_owners_see_the_house(
    as_desk: Client, as_concierge: Client, as_manager: Client, as_owner: Client, path: str
) -> None:
    answers = [client.get(path).status_code for client in (as_desk, as_concierge, as_manager, as_owner)]

    assert answers == [403, 403, 200, 200]


@pytest.mark.parametrize("path", [*PAGES, "/house/mail/x.log"])
def test_strangers_and_visitors_see_none_of_it(as_stranger: Client, anonymous: Client, path: str) -> None:
    assert as_stranger.get(path).status_code == 403
    assert anonymous.get(path)["Location"].startswith("/accounts/login/")


# The overview


def test_the_state_counts_this_venue_alone(venue: Venue, elsewhere: Venue) -> None:
    now = timezone.now()
    here = {"follow_up__customer__home_venue": venue}
    DeliveryFactory.create(**here, next_attempt_at=now - timedelta(minutes=6))
    DeliveryFactory.create(**here, next_attempt_at=now - timedelta(minutes=1))
    DeliveryFactory.create(**here, next_attempt_at=now + timedelta(minutes=1))
    DeliveryFactory.create(**here, state="sent", sent_at=now)
    DeliveryFactory.create(**here, state="dead", error="No such mailbox")
    DeliveryFactory.create(follow_up__customer__home_venue=elsewhere, state="dead", error="No")

    found = state.state_of(venue, now)

    assert (found.waiting, found.late, found.sent_today, found.given_up) == (2, 1, 1, 1)
    assert not found.is_well
    assert [each.row.error for each in state.given_up(venue)] == ["No such mailbox"]


def test_all_that_is_sent_counts(as_manager: Client, venue: Venue) -> None:
    now = timezone.now()
    late = now - timedelta(minutes=6)
    here = {"customer__home_venue": venue}
    CustomerMessageFactory.create(**here, next_attempt_at=late, send_at=late)
    CustomerMessageFactory.create(**here, state="dead", error="550 no")
    CustomerMessageFactory.create(**here, next_attempt_at=now + timedelta(hours=2), send_at=now)
    BriefingLetterFactory.create(briefing__shift__venue=venue, state="dead", error="552 full")
    BriefingLetterFactory.create(briefing__shift__venue=venue, state="sent", sent_at=now)
    FollowUpFactory.create(**here, due_at=late, next_dispatch_at=late)

    found = state.state_of(venue, now)

    assert (found.waiting, found.late, found.moved, found.given_up, found.sent_today) == (1, 2, 1, 2, 1)
    assert {each.kind for each in state.given_up(venue)} == {"message", "briefing"}
    page = as_manager.get("/house/").content.decode()
    assert "550 no" in page
    assert "552 full" in page
    assert dict(state.coming(venue, now))["the next message to a customer goes out"] > now


def test_everything_that_beat_sends_has_words() -> None:
    for name in settings.CELERY_BEAT_SCHEDULE:
        assert state._words(name) != name


def test_what_comes_next_is_told(as_manager: Client, venue: Venue, elsewhere: Venue) -> None:
    now = timezone.now()
    for place, minutes in ((venue, 9), (venue, 5), (elsewhere, 1)):
        due = now + timedelta(minutes=minutes)
        FollowUpFactory.create(customer__home_venue=place, due_at=due, next_dispatch_at=due)
    DeliveryFactory.create(
        follow_up__customer__home_venue=venue,
        next_attempt_at=now + timedelta(minutes=7),
        attempts=1,
        error="full",
    )

    found = dict(state.coming(venue, now))

    assert found["the next follow-up falls due"] == now + timedelta(minutes=5)
    assert found["the next reminder goes out"] == now + timedelta(minutes=7)
    assert now < found["the usual is counted anew"] <= now + timedelta(days=1)
    assert state.state_of(venue, now).trying == 1
    assert "the usual is counted anew" in as_manager.get("/house/").content.decode()


def test_all_is_well_only_while_beat_beats(as_manager: Client) -> None:
    assert "not been heard from" in as_manager.get("/house/").content.decode()

    for name in ("beat", "worker"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    assert "All is well" in as_manager.get("/house/").content.decode()


def test_the_overview_costs_the_same_with_many_rows(as_manager: Client, venue: Venue) -> None:
    assert_constant(
        as_manager,
        "/house/",
        lambda: DeliveryFactory.create(follow_up__customer__home_venue=venue, state="dead", error="No"),
    )


# Mails in files


KEPT: list[object] = []


@pytest.fixture
def mail_dir(tmp_path: Path, settings: object) -> Path:
    """The folder where mails are kept, empty."""
    settings.MAIL_DIR = tmp_path  # type: ignore[attr-defined]  # pytest-django's
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]  # the same
    return tmp_path


def write(
    folder: Path, *to: str, subject: str = "A call is due", words: str = "Call Dana", html: str = ""
) -> str:
    """Keep a mail as the backend does; gives the name of its file."""
    before = set(folder.glob("*"))
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    message = EmailMultiAlternatives(subject, words, "house@example.com", list(to), connection=backend)
    if html:
        message.attach_alternative(html, "text/html")
    message.send()
    # Django names the file by the second and the backend's place in memory: let no other have that place.
    KEPT.append(backend)
    (made,) = set(folder.glob("*")) - before
    return made.name


def test_mails_to_people_of_the_venue_are_listed_and_shown(
    as_manager: Client, mail_dir: Path, desk: Staff
) -> None:
    name = write(mail_dir, desk.email, subject="电话 due", words="请致电 Dana")

    assert "电话 due" in as_manager.get("/house/").content.decode()
    assert "请致电 Dana" in as_manager.get(f"/house/mail/{name}").content.decode()
    assert AccessLog.objects.get().detail == name


def test_mails_to_others_are_neither_listed_nor_shown(
    as_manager: Client, mail_dir: Path, desk: Staff, stranger: Staff
) -> None:
    theirs = write(mail_dir, stranger.email)
    both = write(mail_dir, desk.email, stranger.email)

    assert "A call is due" not in as_manager.get("/house/").content.decode()
    assert as_manager.get(f"/house/mail/{theirs}").status_code == 404
    assert as_manager.get(f"/house/mail/{both}").status_code == 404


def test_a_mail_is_shown_as_text_and_nothing_of_it_runs(
    as_manager: Client, mail_dir: Path, desk: Staff
) -> None:
    evil = "<script>alert(1)</script>"
    name = write(mail_dir, desk.email, subject=evil, words=evil, html=f"<b>unread</b>{evil}")

    for page in (as_manager.get("/house/"), as_manager.get(f"/house/mail/{name}")):
        assert evil not in page.content.decode()
        assert "unread" not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()


def test_a_link_that_sets_a_password_is_for_owners(
    as_manager: Client, as_owner: Client, mail_dir: Path, desk: Staff
) -> None:
    link = "http://localhost:8000/accounts/password/reset/key/1-abc-def/"
    name = write(mail_dir, desk.email, words=f"Choose:\n{link}\nThen sign in.")

    assert "reset/key" not in as_manager.get(f"/house/mail/{name}").content.decode()
    assert link in as_owner.get(f"/house/mail/{name}").content.decode()


@pytest.mark.parametrize(
    "name", ["..%2fsecret-key", "secret-key", ".hidden.log", "%2e%2e/x.log", "x.log%00", "a.html", "none.log"]
)
def test_no_other_file_is_shown(as_owner: Client, mail_dir: Path, owner: Staff, name: str) -> None:
    for file in ("secret-key", ".hidden.log", "a.html"):
        (mail_dir / file).write_text(f"To: {owner.email}\nSubject: secret\n\nsecret")

    assert as_owner.get(f"/house/mail/{name}").status_code == 404


def test_a_link_to_another_file_is_not_followed(as_owner: Client, mail_dir: Path, owner: Staff) -> None:
    outside = mail_dir.parent / "outside.log"
    outside.write_text(f"To: {owner.email}\nSubject: secret\n\nsecret")
    (mail_dir / "inside.log").symlink_to(outside)

    assert as_owner.get("/house/mail/inside.log").status_code == 404
    assert "inside.log" not in as_owner.get("/house/").content.decode()


def test_several_mails_in_a_file_and_rubbish(mail_dir: Path) -> None:
    (mail_dir / "two.log").write_bytes(
        b"To: a@x.example\nSubject: one\n\nfirst\n"
        + b"-" * 79
        + b"\nTo: A@x.example\nSubject: two\n\nsecond\n"
    )
    (mail_dir / "rubbish.log").write_bytes(b"\x00\xff\xfe\n\n\xff")
    (mail_dir / "charset.eml").write_bytes(
        b"To: a@x.example\nContent-Type: text/plain; charset=nonsense\n\nx"
    )
    (mail_dir / "large.log").write_bytes(b"To: a@x.example\n\n" + b"x" * 1_000_001)
    os.utime(mail_dir / "two.log", (1, 1))

    mails = mail_files.newest(mail_dir, {"a@x.example"})

    assert [mail.subject for mail in mails if mail.file == "two.log"] == ["one", "two"]
    assert [mail.words.strip() for mail in mails if mail.file == "two.log"] == ["first", "second"]
    assert not [mail for mail in mails if mail.file in {"rubbish.log", "large.log"}]
    assert mail_files.newest(mail_dir / "none", {"a@x.example"}) == []


# Vocabularies


def test_the_words_are_those_of_the_industry_in_both_languages(as_manager: Client) -> None:
    page = as_manager.get("/house/vocabularies/").content.decode()

    assert "peanut" in page
    assert "花生" in page
    assert "pillow" not in page


def test_the_kinds_are_named_in_the_persons_language(as_manager: Client, manager: Staff) -> None:
    Staff.objects.filter(pk=manager.pk).update(language="zh-hans")

    assert ("需要", 730) in as_manager.get("/house/vocabularies/").context["half_lives"]


@pytest.mark.parametrize(
    ("term", "language", "word"),
    [
        ("need", "zh-hans", "需要"),
        ("need", "en", "need"),
        ("seating", "zh-hans", "座位"),
        ("x", "zh-hans", "x"),
    ],
)
def test_a_term_in_a_language(term: str, language: str, word: str) -> None:
    assert vocabulary.label(term, language) == word


# Who looked


@pytest.fixture
def look(venue: Venue, desk: Staff) -> Callable[..., AccessLog]:
    """A function that writes a line of the access log."""

    def write_line(**fields: object) -> AccessLog:
        defaults = {"staff": desk, "venue": venue, "action": "opened", "subject": "customer"}
        return AccessLog.objects.create(**{**defaults, **fields})

    return write_line


def test_who_looked_at_whom(as_manager: Client, venue: Venue, look: Callable[..., AccessLog]) -> None:
    dana = CustomerFactory.create(home_venue=venue, full_name="Dana Whitfield")
    look(subject_id=dana.pk, address="203.0.113.9")
    look(subject_id=999_999_999)
    look(subject="report", action="exported", detail="return-rate")

    page = as_manager.get("/house/audit/").content.decode()

    assert "Dana Whitfield" in page
    assert "203.0.113.9" in page
    assert "customer number 999999999" in page
    assert "return-rate" in page


def test_what_was_looked_at_elsewhere_is_for_elsewhere(
    as_manager: Client, elsewhere: Venue, look: Callable[..., AccessLog]
) -> None:
    look(venue=elsewhere, detail="elsewhere")
    look(venue=None, detail="nowhere")

    assert not as_manager.get("/house/audit/").context["rows"]


def test_filters(
    as_manager: Client, venue: Venue, manager: Staff, desk: Staff, look: Callable[..., AccessLog]
) -> None:
    one, other = (CustomerFactory.create(home_venue=venue).pk for _ in range(2))
    look(subject_id=one)
    look(subject_id=other, staff=manager)
    look(subject_id=other, action="printed")

    def count(query: str) -> int:
        return len(as_manager.get(f"/house/audit/?{query}").context["rows"])

    assert count("") == 3
    assert count(f"staff={manager.pk}") == 1
    assert count("action=printed") == 1
    assert count(f"customer={other}") == 2
    assert count(f"customer={other}&staff={desk.pk}&action=printed") == 1
    assert count("staff=x&action=nonsense&customer=-1&after=x") == 3


def test_pages_follow_each_other_without_gap_or_double(venue: Venue, look: Callable[..., AccessLog]) -> None:
    moment = timezone.now()
    made = [look(at=moment - timedelta(seconds=n // 3), detail=str(n)).pk for n in range(120)]

    seen: list[int] = []
    after = None
    for _ in range(3):
        lines, older = looking.page_of(venue, looking.Filter(), after)
        seen += [line.entry.pk for line in lines]
        after = Place.read(older)

    assert older == ""
    assert sorted(seen) == sorted(made)
    assert seen == list(looking.log_of(venue, looking.Filter()).values_list("pk", flat=True))


def test_the_next_page_keeps_the_filter(
    as_manager: Client, desk: Staff, look: Callable[..., AccessLog]
) -> None:
    for _ in range(51):
        look()
    first = as_manager.get(f"/house/audit/?staff={desk.pk}")

    second = as_manager.get("/house/audit/" + first.context["older"])

    assert f"staff={desk.pk}" in first.context["older"]
    assert len(second.context["rows"]) == 1


def test_the_access_log_costs_the_same_with_many_lines(
    as_manager: Client, venue: Venue, look: Callable[..., AccessLog]
) -> None:
    assert_constant(
        as_manager, "/house/audit/", lambda: look(subject_id=CustomerFactory.create(home_venue=venue).pk)
    )


# What was changed


def told(reader: Membership, **asked: object) -> list[wording.Told]:
    """The newest changes at the reader's venue, in words."""
    found, _ = changes.page_of(reader.venue, **asked)  # type: ignore[arg-type]  # as each test asks
    return wording.told(found, reader)


def test_a_change_is_told_from_what_to_what(
    as_owner: Client, owner: Staff, desk: Staff, as_manager: Client
) -> None:
    as_owner.post(f"/house/staff/{desk.memberships.get().pk}/", {"role": "manager"})

    page = as_manager.get("/house/audit/changes/").content.decode()

    assert "Olu" in page
    assert "Sam" in page
    assert "<del>Front desk</del> → <ins>Manager</ins>" in page
    assert "127.0.0.1" in page


def test_each_of_two_changes_has_its_own_before_and_after(
    venue: Venue, manager: Staff, membership_of: MembershipOf
) -> None:
    for name in ("Harbour One", "Harbour Two"):
        Venue.objects.filter(pk=venue.pk).update(name=name)

    last, first = told(membership_of(manager))

    assert [(d.before, d.after) for d in first.differences] == [("Harbour Café", "Harbour One")]
    assert [(d.before, d.after) for d in last.differences] == [("Harbour One", "Harbour Two")]
    assert first.who == ""


def test_what_was_taken_away(venue: Venue, manager: Staff, membership_of: MembershipOf) -> None:
    ShiftFactory.create(venue=venue, name="Early").delete()

    (change,) = told(membership_of(manager))

    assert (change.name, change.deleted, list(change.differences)) == ("Early", True, [])


def test_that_a_secret_was_changed_but_not_what_it_is(
    as_manager: Client, manager: Staff, membership_of: MembershipOf
) -> None:
    manager.set_pin("4711")
    manager.save()

    (change,) = told(membership_of(manager))

    assert (change.name, list(change.differences)) == ("Morgan", [])
    assert "something secret" in as_manager.get("/house/audit/changes/").content.decode()


def test_values_are_told_in_words(venue: Venue, manager: Staff, membership_of: MembershipOf) -> None:
    preference = PreferenceFactory.create(customer__home_venue=venue, customer__full_name="Dana Whitfield")
    moment = timezone.now()
    Preference.objects.filter(pk=preference.pk).update(
        status="confirmed", confirmed_at=moment, confirmed_by=manager
    )

    (change,) = told(membership_of(manager))

    assert change.customer == "Dana Whitfield"
    assert {d.field: (d.before, d.after) for d in change.differences} == {
        "How we know": ("told us", "confirmed"),
        "Confirmed": ("–", date_format(moment, "SHORT_DATETIME_FORMAT")),
        "Confirmed by": ("–", "Morgan"),
    }


def test_changes_at_another_venue_are_for_there(
    venue: Venue, elsewhere: Venue, desk: Staff, manager: Staff, membership_of: MembershipOf
) -> None:
    customer = CustomerFactory.create(home_venue=venue)
    with pghistory.context(user=desk.pk, venue=elsewhere.pk):
        customer.full_name = "Elsewhere"
        customer.save()
    with pghistory.context(user=desk.pk, venue=venue.pk):
        customer.full_name = "Here"
        customer.save()

    (change,) = told(membership_of(manager))

    assert (change.who, change.differences[0].after) == ("Sam", "Here")


def test_what_only_managers_elsewhere_may_know_is_not_told(
    venue: Venue, elsewhere: Venue, as_manager: Client
) -> None:
    secret = PreferenceFactory.create(
        value="Never seat with Rowan", venue=elsewhere, discretion="managers_only", customer__home_venue=venue
    )
    Preference.objects.filter(pk=secret.pk).update(retired_at=timezone.now(), retired_why="They made up")
    was_secret = PreferenceFactory.create(
        value="Owes us money", venue=elsewhere, discretion="managers_only", customer__home_venue=venue
    )
    Preference.objects.filter(pk=was_secret.pk).update(discretion="say_aloud")

    page = as_manager.get("/house/audit/changes/").content.decode()

    for words in ("Rowan", "made up", "Owes us money"):
        assert words not in page
    assert page.count("for the managers of another venue") == 2


def test_nor_what_was_had_then(venue: Venue, elsewhere: Venue, as_manager: Client) -> None:
    interaction = InteractionFactory.create(venue=elsewhere, discretion="managers_only")
    item = InteractionItemFactory.create(interaction=interaction, name="Secret bottle")
    item.name = "Another secret bottle"
    item.save()

    page = as_manager.get("/house/audit/changes/").content.decode()

    assert "ecret bottle" not in page
    assert "for the managers of another venue" in page


def test_filters_of_changes(as_manager: Client, venue: Venue, desk: Staff, manager: Staff) -> None:
    shift = ShiftFactory.create(venue=venue)
    with pghistory.context(user=desk.pk, venue=venue.pk):
        shift.name = "Late"
        shift.save()
    with pghistory.context(user=manager.pk, venue=venue.pk):
        venue.name = "Harbour Bar"
        venue.save()

    def count(query: str) -> int:
        return len(as_manager.get(f"/house/audit/changes/?{query}").context["rows"])

    assert count("") == 2
    assert count("kind=staff.shift") == 1
    assert count(f"staff={manager.pk}") == 1
    assert count(f"staff={manager.pk}&kind=staff.shift") == 0
    assert count("kind=auth.nonsense&after=1-2") == 2


@pytest.mark.django_db
def test_pages_of_changes_follow_each_other_without_gap_or_double(venue: Venue, desk: Staff) -> None:
    shift = ShiftFactory.create(venue=venue)
    for n in range(40):
        # Of one transaction, so all of one moment: the order has to be whole all the same.
        shift.name = f"Shift {n}"
        shift.save()
        venue.name = f"Venue {n}"
        venue.save()
        desk.display_name = f"Sam {n}"
        desk.save()

    seen: list[tuple[str, int]] = []
    after = None
    for _ in range(3):
        found, older = changes.page_of(venue, after=after)
        seen += [(change.model._meta.label, change.before.pgh_id) for change in found]
        after = changes.Spot.read(older)

    assert older == ""
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("text", ["", "x", "1-2", "1-2-x", "1-2-3-4", f"{'9' * 17}-1-1", "-1-1-1", "١-1-1"])
def test_a_spot_that_is_none(text: str) -> None:
    spot = changes.Spot.read(text)

    assert spot is None or str(spot) == text


def test_the_changes_cost_the_same_with_many_rows(as_manager: Client, venue: Venue, desk: Staff) -> None:
    def change() -> None:
        preference = PreferenceFactory.create(customer__home_venue=venue)
        with pghistory.context(user=desk.pk, venue=venue.pk):
            Preference.objects.filter(pk=preference.pk).update(status="observed")

    assert_constant(as_manager, "/house/audit/changes/", change)


def test_the_tables_are_told_in_both_languages(as_manager: Client, manager: Staff) -> None:
    with translation.override("zh-hans"):
        names = [str(model._meta.verbose_name) for model in changes.event_tables()]

    assert len(names) == len(set(names))
    assert cost(as_manager, "/house/audit/changes/") < 40


def test_somebody_who_left_can_still_be_asked_about(as_manager: Client, venue: Venue, log_in: LogIn) -> None:
    gone = MembershipFactory.create(venue=venue, staff__display_name="Gone")
    Membership.objects.filter(pk=gone.pk).update(ended_at=timezone.now())

    assert "Gone" in as_manager.get("/house/audit/").content.decode()
