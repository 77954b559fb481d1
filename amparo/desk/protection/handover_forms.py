"""Ask what a hand-over needs: to whom, on what basis, what the child says, and later the answer."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amparo.desk.protection.forms import Choices
from amparo.desk.protection.handover_words import decline_reasons
from amparo.exchange.rules import Move
from amparo.exchange.trust_document import ListedAgency
from amparo.places.countries import country_name

_INPUT = {"class": "govuk-input"}
_DAY = {"type": "date", "class": "govuk-input govuk-input--width-10"}


def _day_field(label: Any, **more: Any) -> forms.DateField:  # noqa: ANN401 - lazy words
    return forms.DateField(label=label, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **more)


def agency_and_country(agency: ListedAgency, language: str) -> str:
    """Name an agency of another node and its country."""
    return f"{agency.name_in(language)}, {country_name(agency.country, language) or agency.country}"


class HandOverForm(forms.Form):
    """Ask everything that leaves with the case; whether it is enough is for the rules of sending."""

    to_agency = forms.ChoiceField(label=_("Who will take the child over?"), widget=Choices)
    kind = forms.ChoiceField(
        label=_("On what basis?"),
        widget=Choices,
        initial="best-interests-determination",
        choices=[
            ("best-interests-determination", _("Best interests determination")),
            ("consent", _("Consent of the guardian")),
            ("vital-interest", _("Her or his life or health is in danger")),
            ("legal-duty", _("A legal duty")),
        ],
    )
    article = forms.CharField(
        label=_("Which article? (for a legal duty)"), required=False, widget=forms.TextInput(attrs=_INPUT)
    )
    decided_by = forms.CharField(
        label=_("Who decided? Name and office"), max_length=200, widget=forms.TextInput(attrs=_INPUT)
    )
    decided_on = _day_field(_("On which day?"), initial=timezone.localdate)
    ends = _day_field(
        _("Until when may the data be used?"), initial=lambda: timezone.localdate() + timedelta(days=180)
    )
    guardian = forms.ChoiceField(
        label=_("Does the guardian agree?"),
        widget=Choices,
        choices=[("yes", _("Yes")), ("no", _("No")), ("not-appointed", _("There is no guardian yet"))],
    )
    said = forms.CharField(
        label=_("What does the child say about it? In her or his words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 4}),
    )
    heard_on = _day_field(_("When was the child heard?"), required=False)
    language = forms.CharField(
        label=_("In which language?"), required=False, max_length=20, widget=forms.TextInput(attrs=_INPUT)
    )
    not_yet = forms.CharField(
        label=_("Or why has the child not been heard yet?"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=_INPUT),
    )
    why = forms.CharField(
        label=_("What must the other agency know first?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 3}),
    )
    urgent = forms.ChoiceField(
        label=_("How soon do you need an answer?"),
        widget=Choices,
        initial="no",
        choices=[("no", _("Within 72 hours")), ("yes", _("Within 24 hours"))],
    )

    def __init__(self, agencies: list[ListedAgency], language: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        offered = [(one.id, agency_and_country(one, language)) for one in agencies]
        self.fields["to_agency"].choices = offered  # type: ignore[attr-defined]
        self.fields["to_agency"].initial = offered[0][0] if offered else ""

    def basis(self) -> dict[str, Any]:
        """Return the basis as the envelope carries it."""
        said = self.cleaned_data
        basis = {name: said[name] for name in ("kind", "article", "decided_by", "guardian") if said[name]}
        basis |= {name: said[name].isoformat() for name in ("decided_on", "ends")}
        return basis | ({"consented_by": "guardian"} if said["kind"] == "consent" else {})

    def view(self) -> dict[str, Any]:
        """Return what the child said, or why she was not heard yet."""
        said = self.cleaned_data
        if said["not_yet"] and not said["said"]:
            return {"not_yet": said["not_yet"]}
        view = {name: said[name] for name in ("said", "language") if said[name]}
        return view | ({"heard_on": said["heard_on"].isoformat()} if said["heard_on"] else {})


class PersonForm(forms.Form):
    """Ask who will answer for the child."""

    caseworker = forms.CharField(
        label=_("Who will answer for the child?"), max_length=120, widget=forms.TextInput(attrs=_INPUT)
    )
    telephone = forms.CharField(
        label=_("Telephone"), required=False, max_length=40, widget=forms.TextInput(attrs=_INPUT)
    )


class NoteForm(forms.Form):
    """Ask for words to the other agency."""

    note = forms.CharField(
        label=_("Words for the other agency"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 3}),
    )


class DeclineForm(NoteForm):
    """Ask why we decline."""

    reason = forms.ChoiceField(label=_("Why do you decline?"), widget=Choices)
    field_order = ("reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = decline_reasons()  # type: ignore[attr-defined]


class NothingForm(forms.Form):
    """Ask nothing but the click."""


FORMS: dict[Move, type[forms.Form]] = {
    Move.ACCEPT: PersonForm,
    Move.TAKE_OVER: PersonForm,
    Move.ASK: NoteForm,
    Move.DECLINE: DeclineForm,
    Move.CANCEL: NoteForm,
    Move.RELEASE: NothingForm,
}
