"""What is written to customers: from one customer's page, and the House page of texts and rules."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm import toasts
from crm.pages import render_page
from customers.models import ContactPoint, Customer
from interactions import messages, texting
from interactions.forms.message import ContactRulesForm, MessageTemplateForm, TextForm, WriteForm
from interactions.models import ContactRules, CustomerMessage, MessageTemplate
from interactions.views import opening
from staff.access import needs
from staff.middleware import StaffRequest
from staff.models import Language

SHOWN: Final = 50
By = CustomerMessage.Channel


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def of_customer(request: StaffRequest, pk: int) -> HttpResponse:
    """What this venue wrote a customer; write them something, word for word as it is sent."""
    person = opening.find_active(request, pk) if request.method == "POST" else opening.find(request, pk)
    by = _channel(request, person)
    kind = TextForm if by == By.SMS else WriteForm
    if request.method != "POST":
        return _customer_page(request, person, kind(initial=_begun(request, person, by)), by)
    form = kind(request.POST)
    if not form.is_valid() or "send" not in request.POST:
        return _customer_page(request, person, form, by)
    where = reverse("customer_messages", args=[person.pk])
    try:
        message = _write(request, person, form.cleaned_data, by)
    except messages.CannotWriteError:
        return toasts.go_on(request, where, _("They do not allow that, so nothing is sent."), heed=True)
    text = _("It goes out in a minute, or when their hours begin.")
    return toasts.go_on(request, where, text, undo=reverse("message_call_back", args=[message.pk]))


@require_POST
@needs("work")
def call_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Not to be sent after all."""
    try:
        message = messages.call_back(pk, request.membership)
    except CustomerMessage.DoesNotExist as error:
        raise Http404 from error
    except messages.GoneError:
        found = CustomerMessage.objects.get(pk=pk)
        where = reverse("customer_messages", args=[found.customer_id])
        return toasts.undone(request, where, _("It has gone out already."), heed=True)
    where = reverse("customer_messages", args=[message.customer_id])
    return toasts.undone(request, where, _("Called back: it is not sent."))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("see_house")
@never_cache
def house(request: StaffRequest) -> HttpResponse:
    """How the venue writes to its customers, its texts, and what could not be sent."""
    rules = messages.rules_of(request.venue)
    form = ContactRulesForm(request.POST if request.method == "POST" else None, instance=rules)
    if request.method == "POST" and form.is_valid():
        return _rules_kept(request, form)
    here = CustomerMessage.objects.visible_to(request.membership).select_related("customer")
    context = {
        "form": form,
        "texts": messages.wordings(request.venue).values(),
        "given_up": here.dead().count(),
        "waiting": here.waiting().order_by("next_attempt_at", "pk")[:SHOWN],
        "signer": messages.may_sign(request.venue, rules.asks_for),
    }
    return render_page(
        request, "interactions/house_messages.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("see_house")
@never_cache
def text(request: StaffRequest, slug: str) -> HttpResponse:
    """One text in both languages: the venue's own from now on."""
    known = messages.wordings(request.venue).get(slug)
    own = MessageTemplate.objects.filter(venue=request.venue, slug=slug).first()
    if known is None and slug != "new":
        raise Http404
    row = own or MessageTemplate(slug=slug if known else f"own-{uuid.uuid4().hex[:12]}")
    initial = {name: str(getattr(known, name)) for name in MessageTemplateForm.Meta.fields} if known else {}
    said = request.POST if request.method == "POST" else None
    form = MessageTemplateForm(said, instance=row, initial=initial, venue=request.venue)
    if said is not None and form.is_valid():
        form.save()
        return toasts.go_on(request, reverse("house_messages"), _("Saved."))
    context = {"form": form, "known": known}
    return render_page(
        request, "interactions/house_message.html", context, status=422 if form.errors else 200
    )


def _rules_kept(request: StaffRequest, form: ContactRulesForm) -> HttpResponse:
    """Save the rules; who first has customers asked answers for the question, and it is asked from now on."""
    rules: ContactRules = form.save(commit=False)
    if rules.asks and not messages.may_sign(request.venue, request.staff):
        form.add_error("asks", _("Every message names a staff number. Give yourself one first."))
        return render_page(request, "interactions/house_messages.html", {"form": form}, status=422)
    if not rules.asks:
        rules.asks_since = rules.asks_for = None
    elif rules.asks_since is None:
        rules.asks_since, rules.asks_for = timezone.now(), request.staff
    rules.save()
    return toasts.go_on(request, reverse("house_messages"), _("Saved."))


def _channel(request: StaffRequest, person: Customer) -> str:
    """By which channel it was asked to write; else the first that they allow."""
    asked = (request.POST if request.method == "POST" else request.GET).get("by", "")
    ways = [by for by, _contact in _ways(request, person)]
    # What was written as a text message is refused rather than sent by e-mail.
    is_meant = asked in By.values if request.method == "POST" else asked in ways
    return asked if is_meant else next(iter(ways), By.EMAIL)


def _ways(request: StaffRequest, person: Customer) -> list[tuple[str, ContactPoint]]:
    """The channels by which this person may be written to from here, each with the address it goes to."""
    open_here = [By.EMAIL, By.SMS] if texting.gateway_of(request.venue) else [By.EMAIL]
    found = [(by, messages.address_of(person, by)) for by in open_here]
    return [(by, contact) for by, contact in found if contact]


def _write(request: StaffRequest, person: Customer, said: dict[str, str], by: str) -> CustomerMessage:
    """What this person approved, word for word. Raises messages.CannotWriteError."""
    if by not in dict(_ways(request, person)):
        raise messages.CannotWriteError
    return messages.write(
        person,
        request.venue,
        now=timezone.now(),
        occurrence=f"written:{said['token']}",
        purpose=CustomerMessage.Purpose.WRITTEN,
        signer=request.staff,
        subject=said.get("subject", ""),
        body=said["body"],
        language=_language(said["language"]),
        channel=by,
    )


def _begun(request: StaffRequest, person: Customer, by: str) -> dict[str, str]:
    """What the form begins with: a text of the venue, filled in, in the customer's language."""
    language = messages.language_for(person, request.venue)
    begun = {"language": language, "token": uuid.uuid4().hex, "subject": "", "body": ""}
    known = messages.wordings(request.venue).get(request.GET.get("text", ""))
    if known:
        subject, body = known.said_by(by, language)
        begun["subject"] = messages.filled(subject, person, request.venue)
        begun["body"] = messages.filled(body, person, request.venue)
    return begun


def _language(name: str) -> str:
    return name if name in Language.values else Language.ENGLISH


def _customer_page(request: StaffRequest, person: Customer, form: WriteForm, by: str) -> HttpResponse:
    language = _language(str(form["language"].value() or ""))
    ways = _ways(request, person)
    texts = messages.wordings(request.venue).values()
    context = {
        "customer": person,
        "form": form,
        "by": by,
        "ways": [(each, By(each).label) for each, _contact in ways],
        "address": dict(ways).get(by),
        "texts_gateway": texting.gateway_of(request.venue) is not None,
        "texts": [each for each in texts if by != By.SMS or each.short_en],
        "chosen": request.GET.get("text", ""),
        "written": messages.of_customer(person, request.membership, SHOWN),
        "closing": messages.closing_line(request.staff, request.venue, language),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "interactions/customer_messages.html", context, status=status)
