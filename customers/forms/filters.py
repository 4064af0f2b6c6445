"""Narrowing the list of customers."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, CustomerQuerySet
from staff.models import Venue

PAGE_SIZE = 50
SALT = "customers.list"


class CustomerFilter(forms.Form):
    """Which customers to list: by home venue, tag, and whether they are archived."""

    venue = forms.ModelChoiceField(
        Venue.objects.all(), label=_("home venue"), required=False, empty_label=_("every venue")
    )
    tag = forms.CharField(
        label=_("tag"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    archived = forms.BooleanField(label=_("archived"), required=False)
    after = forms.CharField(required=False, widget=forms.HiddenInput)

    def applied(self, customers: CustomerQuerySet) -> CustomerQuerySet:
        """Those of the customers that fit, in the order of the list. What makes no sense narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        found = customers.archived() if chosen.get("archived") else customers.active()
        if chosen.get("venue"):
            found = found.filter(home_venue=chosen["venue"])
        if chosen.get("tag"):
            found = found.tagged(chosen["tag"].strip())
        return found.recent_first()

    def page(self, customers: CustomerQuerySet) -> tuple[list[Customer], str]:
        """One page of those that fit, and the query string of the next page, empty on the last."""
        found = self.applied(customers)
        if cursor := self._cursor():
            found = found.after(*cursor)
        rows = list(found[: PAGE_SIZE + 1])
        if len(rows) <= PAGE_SIZE:
            return rows, ""
        last = rows[PAGE_SIZE - 1]
        seen = last.last_visit_at.isoformat() if last.last_visit_at else ""
        after = signing.dumps([seen, last.pk], salt=SALT, compress=True)
        return rows[:PAGE_SIZE], f"?{urlencode({**self._kept(), 'after': after})}"

    def first_page(self) -> str:
        """The query string of the first page, where this is a later one."""
        return f"?{urlencode(self._kept())}" if self._cursor() else ""

    def narrows(self) -> bool:
        """Whether anything is left out by choice."""
        return bool(self._kept())

    def _kept(self) -> dict[str, str]:
        return {name: self.data[name] for name in ("venue", "tag", "archived") if self.data.get(name)}

    def _cursor(self) -> tuple[datetime | None, int] | None:
        """The last row of the page before, or None on the first page and for a cursor that is not ours."""
        try:
            seen, pk = signing.loads(self.data.get("after", ""), salt=SALT)
        except signing.BadSignature:
            return None
        return (datetime.fromisoformat(seen) if seen else None), int(pk)
