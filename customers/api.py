"""What other programs may ask about customers: who is calling."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from ninja import Schema
from pydantic import Field

from customers.calling import Caller, who_calls
from customers.models import Customer
from staff.access import note_access
from staff.api import addresses, api, asked_by
from staff.models import AccessLog

# The addresses are whole once this module is loaded: the list of them all takes them from here.
__all__ = ["addresses"]


class Person(Schema):
    """Somebody whose number it is or may be, as the list of the desk shows them."""

    customer_id: int
    name: str
    greeting_name: str = Field(description="What to call them to their face.")
    phone_ending: str
    fit: str = Field(description="exact: it is their number; otherwise how near it comes.")
    why: str
    safety: list[str] = Field(description="What must not go wrong.")
    last_seen: datetime | None
    expected: bool
    link: str = Field(description="Opens them on the desk with the card for the phone.")


class Answer(Schema):
    """One person, a choice of those who share the number, or unknown with those whose number comes near."""

    answer: Literal["one", "choice", "unknown"]
    number: str
    known: list[Person]
    guesses: list[Person]


@api.get("/lookup", response=Answer, url_name="api_lookup", summary="Who calls from this number")
def lookup(request: HttpRequest, number: Annotated[str, Field(max_length=200)]) -> dict[str, Any]:
    """Takes a phone number in any formatting, with or without the country's code.

    It is asked on behalf of the key's person: they are named in the log of who looked at whom, and what
    they may not see is neither matched nor shown.
    """
    asked = asked_by(request, "work")
    caller = who_calls(number, asked.membership, now=timezone.now())
    if len(caller.known) == 1:
        customer = Customer.objects.get(pk=caller.known[0].customer_id)
        note_access(asked, AccessLog.Action.FOUND, customer, detail=caller.number)
    return _answer(asked, caller)


def _answer(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    """The answer with a link for each person in it."""
    found = caller.as_json()
    for person in (*found["known"], *found["guesses"]):
        opened = {"q": caller.number, "customer": str(person["customer_id"]), "via": "phone"}
        person["link"] = request.build_absolute_uri(f"{reverse('desk')}?{urlencode(opened)}")
    kinds = {0: "unknown", 1: "one"}
    return {"answer": kinds.get(len(caller.known), "choice"), **found}
