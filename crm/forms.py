"""How every form is drawn: label, hint and error beside the field, and a summary above."""

from __future__ import annotations

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class Renderer(TemplatesSetting):
    """Draws forms and fields with the house's own templates."""

    form_template_name = "crm/form.html"
    field_template_name = "crm/field.html"


class SampleForm(forms.Form):
    """One field of each kind, for the page that shows the style."""

    preferred_name = forms.CharField(
        label=_("What to call them"), help_text=_("As they like to hear it at the counter.")
    )
    full_name = forms.CharField(label=_("Full name"), required=False)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("zh-hans", "简体中文")], required=False
    )
    birthday = forms.DateField(
        label=_("Birthday"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    discretion = forms.ChoiceField(
        label=_("Discretion"),
        choices=[("aloud", _("Say aloud")), ("silent", _("Act silently")), ("managers", _("Managers only"))],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    confirmed = forms.BooleanField(label=_("Confirmed with the customer today"), required=False)
