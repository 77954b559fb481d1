"""Ask delegates and the secretariat for their words; the rules of `monitor.rules` are said in the reader's language."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amparo.desk.guide_words import guide_text
from amparo.desk.secretariat.words import fault_words, kind_words, stance_mark
from amparo.guide import Guide
from amparo.monitor.rules import (
    LONGEST_INSTRUMENT,
    LONGEST_TEXT,
    LONGEST_TITLE,
    DayWrong,
    Kind,
    ReasonMissing,
    Stance,
    stance_faults,
)
from amparo.monitor.trying import LARGEST


class Choices(forms.RadioSelect):
    """One answer out of few, in the look of the desk."""

    group_class = "govuk-radios"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-radios__input"})


class Ticks(forms.CheckboxSelectMultiple):
    """Many boxes to tick, in a frame of their own that scrolls."""

    group_class = "govuk-checkboxes choose-many"
    item_class = "govuk-checkboxes__item"
    label_class = "govuk-label govuk-checkboxes__label"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-checkboxes__input"})


def _area(rows: int, **attrs: object) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "govuk-textarea", "rows": rows} | attrs)


class SentOnce(forms.Form):
    """Carry a hidden id that makes the same click sent twice one row."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AnswerForm(SentOnce):
    """Ask what a State says of one duty."""

    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    stance = forms.ChoiceField(
        label=_("What does your State say of this duty?"),
        widget=Choices,
        error_messages={"required": _("Choose one answer.")},
    )
    since = forms.DateField(
        label=_("Since when? (if there is a day)"),
        required=False,
        widget=forms.DateInput(
            attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}, format="%Y-%m-%d"
        ),
        error_messages={"invalid": _("Write the day as a date.")},
    )
    instrument = forms.CharField(
        label=_("National law or act (if there is one)"),
        help_text=_("Name, article and date. It is shown as stated by your State; nobody here verifies it."),
        required=False,
        max_length=LONGEST_INSTRUMENT,
        widget=_area(2),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for a reservation. Everybody can read it. Never write about a particular child."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=_area(4),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        offer(self, "stance", [(one.value, stance_mark(one).word) for one in Stance])

    def clean(self) -> dict[str, Any]:
        """Say each fault of the rules at its field."""
        said = super().clean() or {}
        faults = stance_faults(
            stance=Stance(said.get("stance") or Stance.NOT_ANSWERED),
            since=said.get("since"),
            reason=said.get("reason", ""),
            instrument=said.get("instrument", ""),
            on=timezone.localdate(),
        )
        for fault in faults:
            field = {ReasonMissing: "reason", DayWrong: "since"}.get(type(fault))
            self.add_error(field, fault_words(fault))
        return said


class ProposalForm(SentOnce):
    """Ask what somebody proposes."""

    kind = forms.ChoiceField(
        label=_("What do you propose?"), widget=Choices, error_messages={"required": _("Choose one.")}
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("One sentence that says what would change."),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"class": "govuk-input"}),
        error_messages={"required": _("Write a title.")},
    )
    text = forms.CharField(
        label=_("What should change, and why?"),
        help_text=_("Name the source of the norm if there is one. Never write about a particular child."),
        max_length=LONGEST_TEXT,
        widget=_area(8),
        error_messages={"required": _("Write what should change, and why.")},
    )
    obligations = forms.MultipleChoiceField(
        label=_("Which duties does it touch? (if any)"),
        required=False,
        widget=Ticks,
    )
    file = forms.CharField(
        label=_("File, if there is one"),
        help_text=_("The text of an overlay or of scenarios (YAML). It is checked when you send it."),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=_area(8, spellcheck="false", **{"class": "govuk-textarea file-text"}),
    )

    def __init__(self, guide: Guide, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(one.value, kind_words(one)) for one in Kind])
        offer(self, "obligations", [(key, guide_text("obligation", key)) for key in guide.obligations])


class SeenForm(forms.Form):
    """Carry the number of the last thing its reader has seen, and a reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=LONGEST_TEXT, widget=_area(4),
        help_text=_("Everybody who is signed in can read it."),
    )  # fmt: skip


class CommentForm(SentOnce):
    """Ask for a comment."""

    text = forms.CharField(
        label=_("Your comment"),
        help_text=_("Everybody who is signed in can read it. Never write about a particular child."),
        max_length=LONGEST_TEXT,
        widget=_area(4),
        error_messages={"required": _("Write your comment.")},
    )


class EditForm(CommentForm):
    """Ask for a new version of a comment."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a field the answers that are known only when the page is asked for."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a field with choices")
    field.choices = list(choices)
