"""The form of a playbook: when, for whom, what, by whom and by when."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import ImportantDate
from interactions import messages, playbooks, texting
from interactions.forms.follow_up import WhoField
from interactions.models import Playbook
from staff.models import Membership

Occasion = Playbook.Occasion
# What stands before the name of a text that goes out as a text message.
BY_TEXT = "sms:"
# Which occasions make nothing of the fields that belong to others.
OWN_FIELD = {"date_kind": Occasion.DATE, "words": Occasion.HAD}


class PlaybookForm(forms.ModelForm[Playbook]):
    """A playbook, new or as it stands. `seen` is the version that the person read."""

    who = WhoField(label=gettext_lazy("Who sees to it"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    # Not optional where they belong, and shown nowhere else: see `clean`.
    asked_for = ("template", "text", "date_kind", "words")

    class Meta:
        model = Playbook
        fields: ClassVar = [
            "name", "occasion", "days", "date_kind", "words", "min_visits", "tag", "template", "text",
            "category", "way", "due_days", "due_time", "urgent",
        ]  # fmt: skip
        widgets: ClassVar = {"due_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts: ClassVar = {
            "days": gettext_lazy("After what happened; before a date or the day of the first visit."),
            "date_kind": gettext_lazy("Only for a date of theirs."),
            "words": gettext_lazy("Only for something had or done: a word of the item, such as patch test."),
            "min_visits": gettext_lazy("0 is for everybody."),
            "text": gettext_lazy("What staff are to do."),
            "category": gettext_lazy("A word such as wine; what they avoid or what is unsafe holds it back."),
            "way": gettext_lazy("Where it means calling or writing. Who refused that is left alone."),
            "due_days": gettext_lazy("0 is the same day, or the next when that time is over."),
        }

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        instance: Playbook | None = kwargs.get("instance")
        kwargs["initial"] = _who_of(instance) | (kwargs.get("initial") or {})
        kwargs["initial"]["seen"] = playbooks.version_of(instance) if instance else 0
        if instance and instance.template:
            by = BY_TEXT if instance.way == Playbook.Way.SMS else ""
            kwargs["initial"]["template"] = f"{by}{instance.template}"
        super().__init__(*args, **kwargs)
        self.fields["occasion"].label = _("When")
        self.instance.venue = self.venue = membership.venue
        cast("WhoField", self.fields["who"]).bind_to(membership)
        self.fields["template"] = forms.ChoiceField(
            label=_("What it does"), required=False, choices=self._deeds()
        )
        way = cast("forms.ChoiceField", self.fields["way"])
        way.choices = [("", _("in the house, when they come")), *Playbook.Way.choices]
        kinds = cast("forms.ChoiceField", self.fields["date_kind"])
        kinds.choices = [("", _("choose")), *ImportantDate.Kind.choices]

    def _deeds(self) -> list[Any]:
        """What it may do; text messages only where they go out, or where it sends one already."""
        texts = messages.wordings(self.venue)
        emails = [(slug, each.name) for slug, each in texts.items()]
        found: list[Any] = [("", _("staff do something")), (_("the customer is sent an e-mail"), emails)]
        if texting.gateway_of(self.venue) or str(self.initial.get("template") or "").startswith(BY_TEXT):
            short = [(f"{BY_TEXT}{slug}", each.name) for slug, each in texts.items() if each.short_en]
            found.append((_("the customer is sent a text message"), short))
        return found

    def clean_name(self) -> str:
        """A name that no other playbook of the venue has."""
        name = str(self.cleaned_data["name"]).strip()
        others = Playbook.objects.filter(venue=self.venue).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is a playbook of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """What the occasion needs is there, and it does one thing: staff do something, or a text is sent."""
        said = super().clean() or self.cleaned_data
        for name, occasion in OWN_FIELD.items():
            if said.get("occasion") != occasion:
                said[name] = ""
            elif not said.get(name) and name not in self.errors:
                self.add_error(name, _("Say which."))
        if said.get("occasion") == Occasion.AWAY and not said.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say after how many days."))
        for name, most in (("days", 3650), ("due_days", 365)):
            if (said.get(name) or 0) > most:
                self.add_error(name, _("At most %(most)s.") % {"most": most})
        if said.get("template"):
            nobody = {"owner": None, "role": ""}
            way = Playbook.Way.SMS if said["template"].startswith(BY_TEXT) else ""
            said |= {"text": "", "category": "", "way": way, "urgent": False, "who": nobody}
            said["template"] = said["template"].removeprefix(BY_TEXT)
        elif not said.get("text") and "text" not in self.errors:
            self.add_error("text", _("Say what is to be done."))
        return said

    def _post_clean(self) -> None:
        """Who sees to it is one choice on the page, and two columns of the table."""
        who = self.cleaned_data.get("who") or {"owner": None, "role": ""}
        self.instance.owner, self.instance.role = who["owner"], who["role"]
        super()._post_clean()  # type: ignore[misc]  # the hook that Django gives for this


def _who_of(playbook: Playbook | None) -> dict[str, Any]:
    """What the choice of who sees to it says of a playbook as it stands."""
    if playbook is None:
        return {"who": "nobody"}
    if playbook.owner_id:
        return {"who": f"staff:{playbook.owner_id}"}
    return {"who": f"role:{playbook.role}" if playbook.role else "nobody"}
