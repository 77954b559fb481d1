"""Let one person propose to erase a record and another erase it, and let both hold it; each looks at it twice.

Nothing brings an erased record back, so what goes and what stays stands before every signature. No page opens a child's
file. Design: security design 3. Decision: 0021.
"""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.access.rules import Role, may
from amparo.access.two_persons import ChangeUnknown, confirm_change
from amparo.cases import erasure_queries as queries
from amparo.cases.erasing import end_hold, hold_case, propose_erasure
from amparo.cases.erasing_rules import GROUNDS, HOLDS
from amparo.cases.erasure_queries import Erasure
from amparo.desk.erasure_words import against_words, basis_words, because_words, hold_words
from amparo.desk.people.words import state_words
from amparo.desk.protection.forms import Choices
from amparo.desk.reader import DeskRequest


class EraseForm(forms.Form):
    """Ask why, and on which ground in law: pairs that fit, out of a closed list."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why is it erased, and on which ground in law?"),
        widget=Choices,
        error_messages={
            "required": gettext_lazy("Choose one."),
            "invalid_choice": gettext_lazy("Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        because, basis = because_words(), basis_words()
        self.pairs = {
            f"{why}|{ground}": f"{because[why]}: {basis[ground]}"
            for why, grounds in GROUNDS.items()
            for ground in grounds
        }
        field = self.fields["ground"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(self.pairs.items())


class HoldForm(forms.Form):
    """Ask why the record has to be kept."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why must it be kept?"),
        widget=Choices,
        error_messages={
            "required": gettext_lazy("Choose one."),
            "invalid_choice": gettext_lazy("Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field, words = self.fields["because"], hold_words()
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, words[code]) for code in HOLDS]


class SureForm(forms.Form):
    """Ask for the tick of whoever erases for good."""

    understood = forms.BooleanField(
        label=gettext_lazy(
            "I know this child's case, I have looked at the ground, and nothing brings it back."
        ),
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"}),
        error_messages={"required": gettext_lazy("Tick this if you want to erase it for good.")},
    )


@login_required
def listed(request: DeskRequest) -> HttpResponse:
    """List the erasures that wait, and below them what was decided."""
    lines = [_told(one) for one in queries.erasures(request.actor)]
    context = {
        "waiting": [line for line in lines if line["erasure"].line.state == "waiting"],
        "settled": [line for line in lines if line["erasure"].line.state != "waiting"],
    }
    return render(request, "protection/erasures.html", context)


@login_required
def erase(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Say what goes and what stays, ask for reason and ground, show both once more, and propose it."""
    case = queries.case_to_erase(request.actor, case_id)
    form = EraseForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid() and "again" not in request.POST
    if valid and "sure" in request.POST:
        because, _sep, basis = form.cleaned_data["ground"].partition("|")
        propose_erasure(case_id=case_id, because=because, basis=basis, by=request.actor)
        messages.warning(request, _("Proposed. Nothing is erased before another person confirms it."))
        return redirect("desk:erasures")
    context = {
        "case": case,
        "against": against_words("proposed-already" if case.waiting else case.against),
        "form": form,
        "sure": valid,
        "chosen": form.pairs.get(form.cleaned_data["ground"], "") if valid else "",
        "reads": may(request.actor, "case.read"),
    }
    return render(request, "protection/erase.html", context)


@login_required
def one(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Show one erasure: before it is settled what it takes, afterwards what happened."""
    return _page(request, _found(request, change_id), SureForm())


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def settle(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Erase for good: the second person has shown once more that it is she, and ticks that she knows."""
    found = _found(request, change_id)
    if request.method != "POST":
        return redirect("desk:erasure", change_id)
    form = SureForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    confirm_change(change=change_id, by=request.actor)
    messages.success(request, _("Erased. Its keys are destroyed, and no backup opens it again."))
    return redirect("desk:erasure", change_id)


@login_required
def hold(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show what holds a case, and hold it."""
    case = queries.case_to_erase(request.actor, case_id, act="case.hold")
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hold_case(case_id=case_id, because=form.cleaned_data["because"], by=request.actor)
        messages.success(request, _("Held. Nobody can erase it until this hold is ended."))
        return redirect("desk:hold", case_id)
    words = hold_words()
    holds = [(one, words.get(one.because, one.because)) for one in case.holds]
    return render(request, "protection/hold.html", {"case": case, "holds": holds, "form": form})


@login_required
def hold_end(request: DeskRequest, case_id: UUID, hold_id: UUID) -> HttpResponse:
    """End one hold."""
    queries.held_case(request.actor, case_id, hold_id)
    if request.method == "POST":
        end_hold(hold=hold_id, by=request.actor)
        messages.success(request, _("The hold is ended. That it was, and by whom, stays on the record."))
    return redirect("desk:hold", case_id)


def _page(request: DeskRequest, found: Erasure, form: forms.Form) -> HttpResponse:
    mine = found.line.mine
    second = request.actor.role in (Role.SUPERVISOR, Role.OVERSIGHT) and not mine
    context = _told(found) | {"form": form, "mine": mine, "second": second}
    return render(request, "protection/erasure.html", context)


def _told(found: Erasure) -> dict[str, Any]:
    what = found.what
    return {
        "erasure": found,
        "because": because_words().get(what.get("because", ""), ""),
        "basis": basis_words().get(what.get("basis", ""), ""),
        "state": _("erased") if found.line.state == "confirmed" else state_words(found.line.state),
        "against": against_words(found.against),
    }


def _found(request: DeskRequest, change_id: UUID) -> Erasure:
    try:
        return queries.erasure(request.actor, change_id)
    except ChangeUnknown as unknown:
        raise Http404 from unknown
