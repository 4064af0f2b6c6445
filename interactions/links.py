"""Links that are sent to customers: signed, so that nobody can make one or guess another's.

They hold a number and nothing of the customer. Whoever has a wrong one learns nothing from it.
"""

from __future__ import annotations

from typing import Final

from django.core import signing
from django.urls import reverse

from interactions.models import CustomerMessage, Survey

# Signers are made when they are used: without a SECRET_KEY there are none, and the checks say so in words.
_WAY_OUT: Final = "interactions.unsubscribe"
_SURVEY: Final = "interactions.survey"


def way_out(message: CustomerMessage) -> str:
    """The path that ends all e-mails to the address of a message; it never runs out."""
    return reverse("unsubscribe", args=[_sign(_WAY_OUT, message.pk)])


def message_of(token: str) -> CustomerMessage | None:
    """The message whose way out this is; None for anything that we did not sign, or that is gone."""
    pk = _signed(_WAY_OUT, token)
    return CustomerMessage.objects.select_related("customer", "venue").filter(pk=pk).first() if pk else None


def question(survey: Survey) -> str:
    """The path of the page that asks."""
    return reverse("survey", args=[_sign(_SURVEY, survey.pk)])


def survey_of(token: str) -> Survey | None:
    """The survey that a link opens; None for anything that we did not sign, or that is gone."""
    pk = _signed(_SURVEY, token)
    return Survey.objects.select_related("customer", "venue").filter(pk=pk).first() if pk else None


def _sign(salt: str, pk: int) -> str:
    return signing.Signer(salt=salt).sign(str(pk))


def _signed(salt: str, token: str) -> int | None:
    try:
        return int(signing.Signer(salt=salt).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
