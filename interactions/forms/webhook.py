"""Where a venue's messages are posted to."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from interactions import posting, webhooks


class WebhookForm(forms.Form):
    """An address that may be posted to."""

    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )

    texts_customers = forms.BooleanField(
        label=_("Send text messages to customers through it"),
        required=False,
        help_text=_(
            "Messages of the type message.sms, with their number and the words: only to those who said yes "
            "to text messages, and only what a person approved or a playbook says."
        ),
    )

    def clean_url(self) -> str:
        """Refuse what is not ours to post to; a name that nobody knows yet is found out by the test."""
        url: str = self.cleaned_data["url"]
        try:
            posting.resolved(posting.checked(url, **webhooks.rules()), **webhooks.rules())
        except posting.ForbiddenError as error:
            raise ValidationError(
                _("Messages cannot be posted there: only to https addresses outside your own network.")
            ) from error
        except posting.PostError as error:
            raise ValidationError(_("There is no such host. Check the address.")) from error
        return url
