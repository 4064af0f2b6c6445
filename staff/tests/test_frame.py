"""The frame around each page: what its navigation offers to whom, and how failures are told."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from crm.forms import SampleForm
from crm.views import csrf_failure
from staff.models import Staff
from staff.tests.cast import LogIn


def nav(client: Client) -> str:
    """The main navigation of the style page as this visitor gets it."""
    page = client.get(reverse("style_guide")).content.decode()
    return page[page.index('<nav class="nav"') : page.index("</nav>", page.index('<nav class="nav"'))]


def test_the_desk_is_offered_its_work_and_no_more(log_in: LogIn, desk: Staff) -> None:
    offered = nav(log_in(desk))
    for name in ("desk", "customers", "follow_ups"):
        assert f'href="{reverse(name)}"' in offered
    for name in ("reports", "house"):
        assert f'href="{reverse(name)}"' not in offered


def test_a_manager_is_offered_reports_and_the_house(log_in: LogIn, manager: Staff) -> None:
    offered = nav(log_in(manager))
    for name in ("desk", "reports", "house"):
        assert f'href="{reverse(name)}"' in offered


def test_the_page_one_is_on_is_marked(log_in: LogIn, manager: Staff) -> None:
    assert f'<a href="{reverse("house")}" aria-current="page">' in nav(log_in(manager))


def test_a_visitor_is_sent_to_sign_in(client: Client, db: None) -> None:
    answer = client.get(reverse("style_guide"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_says_what_to_do(client: Client, log_in: LogIn, desk: Staff) -> None:
    for visitor in (client, log_in(desk)):
        answer = visitor.get("/no-such-page/")
        assert answer.status_code == 404
        assert "There is nothing at this address" in answer.content.decode()


def test_a_page_open_too_long_says_that_nothing_was_saved(desk: Staff, log_in: LogIn) -> None:
    answer = csrf_failure(RequestFactory().post("/customers/new/"))
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


def test_a_broken_house_answers_without_asking_anything_of_itself() -> None:
    """Django draws this page with no context: no person, no venue, no request."""
    page = render_to_string("500.html")
    assert "Something broke on our side" in page
    assert 'href="/"' in page


def test_an_error_stands_beside_its_field_and_in_the_summary() -> None:
    page = SampleForm({"preferred_name": "Dana", "email": "dana@"}).render()
    assert '<a href="#id_email">E-mail</a>: Enter a valid email address.' in page
    assert 'id="id_email_error"' in page
    assert 'value="dana@"' in page
    assert 'value="Dana"' in page
    assert "id_preferred_name_error" not in page


def test_only_what_may_be_left_out_is_called_optional() -> None:
    form = SampleForm()
    assert "optional" in form["full_name"].as_field_group()
    assert "optional" not in form["preferred_name"].as_field_group()
