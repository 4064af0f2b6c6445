"""What is owed before a date that matters: when it is due, and what becomes of it when the date goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from customers import occasions
from customers.belongings import Belonging
from customers.models import Customer, ImportantDate
from interactions import scheduling
from interactions.models import FollowUp, FollowUpEvent
from staff.models import Venue

Trigger = FollowUp.Trigger


def due_before(important: ImportantDate, days: int, after: datetime, zone: ZoneInfo) -> datetime:
    """Nine in the morning so many days before the date comes round next, on or after a moment's day."""
    day = occasions.next_day(
        important.month, important.day, important.calendar, after.astimezone(zone).date()
    )
    return scheduling.at_time(day - timedelta(days=days), scheduling.MORNING, zone)


def owed_before(date: ImportantDate, venue: Venue, text: str) -> FollowUp | None:
    """The same that is owed already before this date, or before one of the same kind and name.

    Holds the customer until the transaction ends: of two who owe the same at once, the second finds it.
    """
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=date.customer_id)
    mine = FollowUp.objects.open().filter(customer=date.customer_id, venue=venue, text__iexact=text.strip())
    alike = {"important_date__kind": date.kind, "important_date__label__iexact": date.label}
    return mine.filter(trigger=Trigger.BEFORE_DATE, **alike).order_by("pk").first()


def let_go(date: Belonging) -> None:
    """Keep what is owed before a date that is about to be removed, in the transaction that removes it.

    Known twice, the other one counts from now on. Otherwise it is due when it was, and not again.
    """
    if not isinstance(date, ImportantDate):
        return
    others = ImportantDate.objects.filter(customer=date.customer_id, kind=date.kind).exclude(pk=date.pk)
    twin = others.filter(label__iexact=date.label).order_by("pk").first()
    owed = FollowUp.objects.filter(important_date=date)
    list(owed.locked().values_list("pk"))
    if twin:
        owed.update(important_date=twin)
    else:
        due = Coalesce("due_at", Now())
        owed.update(important_date=None, trigger="", trigger_number=None, recurrence="", due_at=due)


def take_up(date: Belonging) -> None:
    """Have what was owed before a date that is back wait for it again, where nobody changed it since."""
    if not isinstance(date, ImportantDate):
        return
    for event in _let_go_of(date):
        FollowUp.objects.filter(pk=event.pgh_obj_id).update(
            important_date=date,
            trigger=event.trigger,
            trigger_number=event.trigger_number,
            recurrence=event.recurrence,
        )


def _let_go_of(date: ImportantDate) -> QuerySet[Any]:
    """The last change to each follow-up, where it is the one that took it away from this date."""
    later = FollowUpEvent.objects.filter(pgh_obj=OuterRef("pgh_obj")).order_by("-pk").values("pk")[:1]
    last: QuerySet[Any] = FollowUpEvent.objects.annotate(last=Subquery(later)).filter(pk=F("last"))
    return last.filter(important_date=date.pk, pgh_label="before_update").order_by("pgh_obj")
