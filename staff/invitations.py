"""Telling somebody that they may work here, with a link by which they choose a password, once."""

from __future__ import annotations

import smtplib
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from staff.models import Membership, Staff


def password_link(person: Staff) -> str:
    """An address at which the person sets a password: works once, as long as a password reset does."""
    token = default_token_generator.make_token(person)
    key = {"uidb36": user_pk_to_url_str(person), "key": token}
    return urljoin(
        settings.SITE_URL + "/", reverse("account_reset_password_from_key", kwargs=key).lstrip("/")
    )


def send(membership: Membership, by: Staff) -> bool:
    """Write to the person in their language where they work now; gives whether the mail went out.

    Call it outside any transaction: a mail server may take its time. A person without a password
    gets the link to set one, everybody else only the news.
    """
    person = membership.staff
    link = "" if person.has_usable_password() else password_link(person)
    context = {"membership": membership, "by": by, "link": link, "site": settings.SITE_URL}
    with translation.override(person.language):
        subject = render_to_string("staff/mail/invitation_subject.txt", context).strip()
        words = render_to_string("staff/mail/invitation.txt", context)
    try:
        return bool(send_mail(subject, words, None, [person.email]))
    except (OSError, smtplib.SMTPException):
        return False
