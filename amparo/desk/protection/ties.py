"""Let a supervisor relate people to a child's case, a caseworker keep it back from somebody, and both be ended.

The pages know no model; reasons go sealed and never stand in an address.
"""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from amparo.access.roles import Relation
from amparo.cases import tying
from amparo.cases.refused import MarkRefused, TieRefused
from amparo.cases.tie_rules import GIVEN_BY_HAND, Because, Kind
from amparo.cases.ties import Choice, marks_of, my_cases, people_for, people_to_exclude, ties_of
from amparo.desk.context import in_language, role_in_words
from amparo.desk.protection.forms import Choices
from amparo.desk.reader import DeskRequest

_RELATIONS = {
    Relation.ASSIGNED: gettext_lazy("works with her on this case"),
    Relation.GUARDIAN: gettext_lazy("is her guardian"),
    Relation.LEGAL_REPRESENTATIVE: gettext_lazy("represents her before the law"),
    Relation.OVERSIGHT_SAMPLE: gettext_lazy("looks into how she is served"),
}
_BECAUSE = {
    Because.CHILD_WISH: gettext_lazy("She does not want it"),
    Because.DANGER: gettext_lazy("It would put her in danger"),
    Because.KNOWS_THE_FAMILY: gettext_lazy("This person knows her or her family"),
}


class WhyForm(forms.Form):
    """Ask for the reason; the hidden id makes the same click sent twice one row."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 3}),
        error_messages={
            "required": gettext_lazy("Write the reason."),
            "min_length": gettext_lazy("Write the reason in at least ten letters."),
        },
    )


class TieForm(WhyForm):
    """Ask who gets which relation."""

    whom = forms.ChoiceField(label=gettext_lazy("Who, and as what?"), widget=Choices)
    field_order = ("whom", "why")

    def __init__(self, people: list[tuple[Relation, Choice]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _offer(
            self,
            [(f"{relation}|{one.id}", f"{_person(one)}: {_RELATIONS[relation]}") for relation, one in people],
        )


class MarkForm(WhyForm):
    """Ask from whom the case is kept back, and why."""

    whom = forms.ChoiceField(label=gettext_lazy("From whom is the case kept back?"), widget=Choices)
    because = forms.ChoiceField(
        label=gettext_lazy("What for?"),
        widget=Choices,
        choices=[(code.value, words) for code, words in _BECAUSE.items()],
    )
    field_order = ("whom", "because", "why")

    def __init__(self, people: tuple[Choice, ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        agencies = {
            one.agency_id: _("Everybody of %(agency)s") % {"agency": _named(one.agency)} for one in people
        }
        _offer(
            self,
            [(f"{Kind.PERSON}|{one.id}", _person(one)) for one in people]
            + [(f"{Kind.AGENCY}|{pk}", words) for pk, words in agencies.items()],
        )


@login_required
def mine(request: DeskRequest) -> HttpResponse:
    """List the children to whom the reader is related herself: a guardian's first page."""
    return render(request, "protection/my_cases.html", {"lines": my_cases(request.actor)})


@login_required
def ties(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show who is related to a case, and relate somebody."""
    reference, standing = ties_of(request.actor, case_id)
    people = [(one, who) for one in GIVEN_BY_HAND for who in people_for(request.actor, one)]
    form = TieForm(people, request.POST or None)
    if request.method == "POST" and form.is_valid() and _given(request, case_id, form):
        messages.success(request, _("Written down. It counts at once."))
        return redirect("desk:ties", case_id)
    lines = [(one, _RELATIONS[one.relation], _named(one.agency)) for one in standing]
    context = {"case_id": case_id, "reference": reference, "lines": lines, "form": form}
    return render(request, "protection/ties.html", context)


@login_required
def end_tie(request: DeskRequest, case_id: UUID, tie_id: UUID) -> HttpResponse:
    """End a relation, with the reason."""
    reference, _standing = ties_of(request.actor, case_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tying.end_relation(case_id=case_id, tie_id=tie_id, why=form.cleaned_data["why"], by=request.actor)
        messages.success(request, _("Ended. It counts at once."))
        return redirect("desk:ties", case_id)
    return _ending(request, case_id, reference, form, back="desk:ties")


@login_required
def marks(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show from whom a case is kept back, and keep it back from somebody."""
    reference, standing = marks_of(request.actor, case_id)
    form = MarkForm(people_to_exclude(request.actor), request.POST or None)
    if request.method == "POST" and form.is_valid() and _kept_back(request, case_id, form):
        messages.success(request, _("Written down. It counts at once."))
        return redirect("desk:home")
    lines = [(one, one.name or _named(one.agency), _BECAUSE[Because(one.because)]) for one in standing]
    context = {"case_id": case_id, "reference": reference, "lines": lines, "form": form}
    return render(request, "protection/marks.html", context)


@login_required
def end_mark(request: DeskRequest, case_id: UUID, mark_id: UUID) -> HttpResponse:
    """End a mark, with the reason."""
    reference, _standing = marks_of(request.actor, case_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tying.end_mark(case_id=case_id, mark_id=mark_id, why=form.cleaned_data["why"], by=request.actor)
        messages.success(request, _("Ended. It counts at once."))
        return redirect("desk:marks", case_id)
    return _ending(request, case_id, reference, form, back="desk:marks")


def _given(request: DeskRequest, case_id: UUID, form: TieForm) -> bool:
    relation, person = form.cleaned_data["whom"].split("|")
    try:
        tying.assign(
            case_id=case_id,
            person=UUID(person),
            relation=Relation(relation),
            why=form.cleaned_data["why"],
            by=request.actor,
            tie_id=form.cleaned_data["form_id"],
        )
    except TieRefused as refused:
        return _not_given(form, refused)
    return True


def _kept_back(request: DeskRequest, case_id: UUID, form: MarkForm) -> bool:
    kind, whom = form.cleaned_data["whom"].split("|")
    try:
        tying.withhold(
            case_id=case_id,
            kind=Kind(kind),
            whom=whom,
            because=Because(form.cleaned_data["because"]),
            why=form.cleaned_data["why"],
            by=request.actor,
            mark_id=form.cleaned_data["form_id"],
        )
    except MarkRefused as refused:
        return _not_given(form, refused)
    return True


def _not_given(form: WhyForm, refused: TieRefused) -> bool:
    """Say at the field why it is not written down; never true, as nothing is."""
    said = {
        "why": _("Write the reason in at least ten letters."),
        "leads": _("The agency that leads the case cannot be left out: hand the case over instead."),
        "excluded": _("The case is kept back from this person, or her account is closed."),
        "person": _("The case is kept back from this person, or her account is closed."),
    }.get(refused.code, _("This cannot be given to this person or agency. Choose again from the list."))
    form.add_error("why" if refused.code == "why" else "whom", said)
    return False


def _ending(request: DeskRequest, case_id: UUID, reference: str, form: WhyForm, *, back: str) -> HttpResponse:
    context = {"case_id": case_id, "reference": reference, "form": form, "back": back}
    return render(request, "protection/tie_end.html", context)


def _offer(form: forms.Form, choices: list[tuple[str, str]]) -> None:
    field = form.fields["whom"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = choices


def _person(one: Choice) -> str:
    return f"{one.name}, {role_in_words(one.role)}, {_named(one.agency)}"


def _named(names: dict[str, str]) -> str:
    return in_language(names, get_language() or "es")
