"""Ask migration officers where a child is held, when she is heard, what was decided; closed words wherever possible."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amparo.base.clock import now
from amparo.custody.rules import (
    DocumentKind,
    FactKind,
    GoesTo,
    Holder,
    MayLeave,
    NewFact,
    Paper,
    PlaceKind,
    Stay,
    Why,
)
from amparo.desk.custody_words import (
    document_words,
    goes_words,
    holder_words,
    leave_words,
    place_words,
    why_words,
)

_WIDE = {"class": "govuk-input govuk-input--width-20"}


class Radios(forms.RadioSelect):
    """One answer out of few, in the look of the desk."""

    group_class = "govuk-radios"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-radios__input"})


def _choice(words: Mapping[Any, str], label: Any, *, required: bool = True) -> forms.ChoiceField:  # noqa: ANN401
    choices = [(key.value, text) for key, text in words.items()]
    return forms.ChoiceField(label=label, choices=choices, widget=Radios(), required=required)


def _moment(label: Any, *, hint: Any = "") -> forms.DateTimeField:  # noqa: ANN401
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", **_WIDE}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={
            "required": _("Write the day and the hour."),
            "invalid": _("Write the day and the hour."),
        },
    )


class AtTheGate(forms.Form):
    """What every form here carries: the reference, and an id that makes the same click sent twice one row."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reference = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind: FactKind

    def __init__(self, stays: tuple[Stay, ...], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.stays = stays
        self.ask()

    def ask(self) -> None:
        """Add the questions of one kind of form; `self.stays` are the times she was held."""
        raise NotImplementedError

    def said(self) -> NewFact:
        """Return what was written, as the rules read it; the form is valid."""
        data = self.cleaned_data
        return NewFact(
            kind=self.kind,
            at=data["at"],
            place=data.get("place", ""),
            place_kind=_as(PlaceKind, data.get("place_kind")),
            may_leave=_as(MayLeave, data.get("may_leave")),
            holder=_as(Holder, data.get("holder")),
            ends=UUID(data["ends"]) if data.get("ends") else None,
            goes_to=_as(GoesTo, data.get("goes_to")),
            paper=self._paper(),
            corrects=data.get("corrects"),
            why=_as(Why, data.get("why")),
        )

    def _paper(self) -> Paper | None:
        data = self.cleaned_data
        if not data.get("document_kind"):
            return None
        kind = DocumentKind(data["document_kind"])
        return Paper(kind, data.get("document_number", ""), data.get("document_sha256", "").lower())

    def _ask_why(self) -> None:
        """Ask why, where an earlier fact is corrected."""
        if self.data.get("corrects"):
            self.fields["corrects"] = forms.UUIDField(widget=forms.HiddenInput)
            self.fields["why"] = _choice(why_words(), _("Why do you correct it?"))


def _as(kind: Any, value: str | None) -> Any:  # noqa: ANN401 - one of the closed vocabularies
    return kind(value) if value else None


def _past(form: AtTheGate, label: Any) -> None:  # noqa: ANN401
    form.fields["at"] = _moment(label, hint=_("Day and hour; change it if it was earlier."))
    form.fields["at"].initial = lambda: timezone.localtime(now())


def _ask_paper(form: AtTheGate, *, required: bool) -> None:
    label = _("Which document is it?") if required else _("Which document says so, if any?")
    form.fields["document_kind"] = _choice(document_words(), label, required=required)
    form.fields["document_number"] = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        required=required,
        widget=forms.TextInput(attrs={**_WIDE, "autocomplete": "off"}),
    )
    form.fields["document_sha256"] = forms.RegexField(
        r"[0-9a-fA-F]{64}",
        label=_("SHA-256 of the document"),
        help_text=_("64 signs. It proves later that the document was not changed. You may leave it empty."),
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": _("A SHA-256 has 64 signs, 0 to 9 and a to f.")},
    )


def _ask_place(form: AtTheGate, label: Any, *, required: bool = True) -> None:  # noqa: ANN401
    form.fields["place"] = forms.CharField(
        label=label,
        help_text=_("The name of the place. Write nothing about the child here."),
        max_length=120,
        required=required,
        widget=forms.TextInput(attrs={"class": "govuk-input", "autocomplete": "off"}),
    )


class HeldForm(AtTheGate):
    """Ask where she is held."""

    kind = FactKind.HELD

    def ask(self) -> None:
        """Add the questions of this form."""
        _past(self, _("Since when is she or he held?"))
        _ask_place(self, _("Where is she or he held?"))
        self.fields["place_kind"] = _choice(place_words(), _("What kind of place is it?"))
        self.fields["may_leave"] = _choice(leave_words(), _("May she or he leave when she or he wants to?"))
        self.fields["holder"] = _choice(holder_words(), _("Who holds her or him?"))
        _ask_paper(self, required=False)
        self._ask_why()


class LetOutForm(AtTheGate):
    """Ask which time of being held is over, and to whom she went."""

    kind = FactKind.LET_OUT

    def ask(self) -> None:
        """Add the questions of this form."""
        ended = bool(self.data.get("corrects"))
        wanted = [one for one in self.stays if ended or one.end is None]
        self.fields["ends"] = forms.ChoiceField(
            label=_("Which time of being held is over?"),
            choices=[(str(one.held.id), _stay_words(one)) for one in wanted],
            widget=Radios(),
        )
        self.fields["goes_to"] = _choice(goes_words(), _("To whom did she or he go?"))
        _past(self, _("When was it?"))
        _ask_paper(self, required=False)
        self._ask_why()


def _stay_words(stay: Stay) -> str:
    since: datetime = timezone.localtime(stay.held.said.at)
    return f"{stay.held.said.place}, {since:%Y-%m-%d %H:%M}"


class HearingForm(AtTheGate):
    """Ask when and where she is heard."""

    kind = FactKind.HEARING

    def ask(self) -> None:
        """Add the questions of this form."""
        self.fields["at"] = _moment(_("When is the hearing?"))
        _ask_place(self, _("Where is the hearing?"), required=False)
        _ask_paper(self, required=False)
        self._ask_why()


class DecisionForm(AtTheGate):
    """Ask which decision was made."""

    kind = FactKind.DECISION

    def ask(self) -> None:
        """Add the questions of this form."""
        _ask_paper(self, required=True)
        _past(self, _("When was it decided?"))
        self._ask_why()


class VoidForm(AtTheGate):
    """Ask why a fact is taken back; it stays to be seen."""

    kind = FactKind.VOID

    def ask(self) -> None:
        """Add the questions of this form."""
        self.fields["corrects"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["why"] = _choice(why_words(), _("Why do you take it back?"))
        _past(self, _("When did you see that it was wrong?"))


class ReturnForm(AtTheGate):
    """Ask where and when she was handed to the receiving agency."""

    def ask(self) -> None:
        """Add the questions of this form."""
        _ask_place(self, _("Where was she or he handed to the receiving agency?"))
        _past(self, _("When was it?"))


FORMS: Mapping[str, type[AtTheGate]] = {
    FactKind.HELD: HeldForm,
    FactKind.LET_OUT: LetOutForm,
    FactKind.HEARING: HearingForm,
    FactKind.DECISION: DecisionForm,
    FactKind.VOID: VoidForm,
    "return": ReturnForm,
}
