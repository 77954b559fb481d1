"""Ask people for what an override needs: written reasons, signs of danger, who was told, the outcome of a review."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amparo.base.clock import now
from amparo.cases.override_rules import emergency_refusal, words_refusal
from amparo.desk.protection.forms import Choices, WhenForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_WORDS = forms.Textarea(attrs={"class": "govuk-textarea", "rows": 4})


def check_words(text: str) -> None:
    """Refuse what is no reason: blank, too short, or the same word again and again."""
    code = words_refusal(text)
    if code == "blank":
        raise ValidationError(_("Write your reasons. They are sealed; only people of this case read them."))
    if code:
        raise ValidationError(_("Write full sentences: what you saw or know, and why it cannot wait."))


def _written(label: "str | StrPromise", help_text: "str | StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=5_000,
        widget=_WORDS,
        validators=[check_words],
        error_messages={
            "required": _("Write your reasons. They are sealed; only people of this case read them.")
        },
    )


class SignatureForm(forms.Form):
    """Only a signature; the hidden id makes the same click sent twice one signature."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ReasonsForm(SignatureForm):
    """Ask for the written reasons of one signature."""

    reasons = _written(
        _("Your reasons"),
        _("Why is this better for the child than waiting? What else was tried? They are kept sealed."),
    )


class EmergencyForm(WhenForm):
    """Ask for the signs of danger, the reasons, and when it was done."""

    signs = _written(_("Signs of danger"), _("What did you see or hear that puts life or safety in danger?"))
    reasons = _written(_("Why this act"), _("Why could it not wait, and why would nothing milder do?"))
    field_order = ("signs", "reasons", "when")

    def clean_when(self) -> datetime:
        """Refuse an emergency of before yesterday: that is reported as found."""
        when = super().clean_when()
        if emergency_refusal(acted_at=when, at=now()):
            raise ValidationError(
                _("An emergency is written down within 24 hours. What happened earlier is reported as found.")
            )
        return when


class ToldForm(WhenForm):
    """Ask who was told of an override, and how."""

    told_to = forms.ChoiceField(
        label=_("Who was told?"),
        widget=Choices,
        choices=[
            ("guardian", _("The guardian")),
            ("interim-guardian", _("The interim guardian")),
            ("legal-representative", _("The legal representative")),
        ],
        error_messages={"required": _("Say who was told.")},
    )
    how = forms.ChoiceField(
        label=_("How?"),
        widget=Choices,
        choices=[
            ("in-person", _("In person")),
            ("telephone", _("By telephone")),
            ("in-writing", _("In writing")),
        ],
        error_messages={"required": _("Say how.")},
    )
    field_order = ("told_to", "how", "when")


class ReviewForm(ReasonsForm):
    """Ask a supervisor for the outcome of a review, with words."""

    outcome = forms.ChoiceField(
        label=_("Was it justified?"),
        widget=Choices,
        choices=[("justified", _("Yes")), ("not-justified", _("No; it goes to oversight"))],
        error_messages={"required": _("Say whether it was justified.")},
    )
    field_order = ("outcome", "reasons")
