"""Ask people for what an action needs: when, what, which answer; the words come from the Guide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.base.clock import now
from amparo.cases.rules import earliest, has_come
from amparo.desk.fact_words import COUNTRY_FACTS, LANGUAGE_NAMES, country_choices
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.gravity import by_gravity
from amparo.guide import FactKind

LONG_AGO = _("This time lies too long ago. Look at the year.")


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, in the look of the desk."""

    group_class = "govuk-checkboxes"
    item_class = "govuk-checkboxes__item"
    label_class = "govuk-label govuk-checkboxes__label"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-checkboxes__input"})


class Choices(forms.RadioSelect):
    """One answer out of few, in the look of the desk."""

    group_class = "govuk-radios"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-radios__input"})


class WhenForm(forms.Form):
    """Ask when it was so; the hidden id makes the same click sent twice one entry."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    when = forms.DateTimeField(
        label=_("When was it?"),
        help_text=_("Day and hour; change it if it was earlier."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "govuk-input govuk-input--width-20"},
            format="%Y-%m-%dT%H:%M",
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        initial=lambda: timezone.localtime(now()),
        error_messages={
            "required": _("Write the day and the hour."),
            "invalid": _("Write the day and the hour."),
        },
    )

    def clean_when(self) -> datetime:
        """Refuse a moment that has not come yet, or is longer ago than anything of a case."""
        when: datetime = self.cleaned_data["when"]
        _refuse_future(when)
        if when < earliest(now()):
            raise ValidationError(LONG_AGO)
        return when


class DoneForm(WhenForm):
    """Ask which of the things that are missing have been done."""

    evidence = forms.MultipleChoiceField(
        label=_("What has been done?"),
        widget=Ticks,
        error_messages={"required": _("Tick what has been done. If nothing was, go back to the case.")},
    )
    field_order = ("evidence", "when")

    def __init__(self, keys: Iterable[str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        _offer(self, "evidence", [(key, guide_text("evidence", key)) for key in keys])


class FoundForm(WhenForm):
    """Ask what somebody is found to have done to the child, and who."""

    action = forms.ChoiceField(label=_("What was done to the child?"), widget=Choices)
    by_role = forms.ChoiceField(label=_("Who did it?"), widget=Choices)
    field_order = ("action", "by_role", "when")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        vocabulary = the_guide().vocabulary
        acts = [(action, guide_text("action", action)) for action in by_gravity(vocabulary.actions)]
        roles = [
            (role, guide_text("role", role)) for role in vocabulary.roles if role not in ("system", "child")
        ]
        _offer(self, "action", acts)
        others = [("other-authority", gettext("Another authority")), ("unknown", gettext("Not known"))]
        _offer(self, "by_role", [*roles, *others])


class WordsForm(WhenForm):
    """Ask what the child said, or what a colleague must know."""

    kind = forms.ChoiceField(
        label=_("Whose words are they?"),
        widget=Choices,
        choices=[("words", _("The child's own words")), ("note", _("A note for colleagues"))],
        initial="words",
    )
    text = forms.CharField(
        label=_("The words"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 6}),
        error_messages={"required": _("Write the words.")},
    )
    closest = forms.ChoiceField(
        label=_("How closely must it be kept?"),
        widget=Choices,
        required=False,
        initial="yes",
        choices=[
            ("yes", _("Sealed: violence, a ground for asylum, therapy, a place that must stay hidden")),
            ("no", _("Open to those who work with the child")),
        ],
    )
    field_order = ("kind", "text", "closest", "when")


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Give a field the answers that are known only when the page is asked for."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a field with choices")
    field.choices = choices


def fact_form(kind: FactKind, data: Any = None) -> WhenForm:  # noqa: ANN401
    """Return the form for one fact, with the closed answers of the Guide in words."""
    form = WhenForm(data)
    form.fields["value"] = _field_of(kind)
    form.order_fields(("value", "when"))
    return form


def _field_of(kind: FactKind) -> forms.Field:
    """Choose the field that fits the type of a fact."""
    label, choices = guide_text("fact", kind.name), _choices_of(kind)
    if kind.type == "texts":
        return forms.MultipleChoiceField(label=label, choices=choices, widget=Ticks(), required=False)
    if kind.name in COUNTRY_FACTS:
        select = forms.Select(attrs={"class": "govuk-select"})
        return forms.ChoiceField(label=label, choices=choices, widget=select)
    if choices:
        return forms.ChoiceField(label=label, choices=choices, widget=Choices())
    if kind.type == "int":
        number = forms.NumberInput(
            attrs={"class": "govuk-input govuk-input--width-5", "inputmode": "numeric"}
        )
        return forms.IntegerField(label=label, min_value=kind.minimum, max_value=kind.maximum, widget=number)
    moment = forms.DateTimeInput(
        attrs={"type": "datetime-local", "class": "govuk-input govuk-input--width-20"}
    )
    return forms.DateTimeField(
        label=label, widget=moment, input_formats=["%Y-%m-%dT%H:%M"], validators=[_refuse_unlived]
    )


def _refuse_future(moment: datetime) -> None:
    if moment > now():
        raise ValidationError(_("This time has not come yet. Write when it really was."))


def _refuse_unlived(moment: datetime) -> None:
    """Refuse the answer to a fact that has not come, or lies before any child of today was born."""
    _refuse_future(moment)
    if not has_come(moment.isoformat(), at=now()):
        raise ValidationError(LONG_AGO)


def _choices_of(kind: FactKind) -> list[tuple[str, str]]:
    """Return the answers of a fact in words; empty where it is a number or a moment."""
    if kind.name in COUNTRY_FACTS:
        return country_choices()
    if kind.name == "language":
        return list(LANGUAGE_NAMES.items())
    return [(one, guide_text("value", f"{kind.name}/{one}")) for one in kind.choices]
