"""Let one person propose that a return is cleared, another confirm it, and anybody who may take it back.

Each page parses, makes one call and renders. What lets a child go is looked at twice.
"""

from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.access import audit
from amparo.cases.actions import require_free
from amparo.cases.queries import case_for
from amparo.custody import clearing
from amparo.custody.clearance_rules import RETURN, Because, Step, Terms
from amparo.custody.queries import clearance_for
from amparo.desk.custody_words import because_words, step_words
from amparo.desk.protection.forms import Choices
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest

_RIGHTS = {
    Step.CONFIRMED: "clearance.confirm",
    Step.DECLINED: "clearance.confirm",
    Step.WITHDRAWN: "clearance.withdraw",
}


def _day(label: Any, hint: Any = "") -> forms.DateField:  # noqa: ANN401 - a lazy text
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input govuk-input--width-10"}),
        error_messages={
            "required": gettext_lazy("Write the day."),
            "invalid": gettext_lazy("Write the day."),
        },
    )


class ProposalForm(forms.Form):
    """Ask for the dates of a clearance and for what the receiving agency signed."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    determined_on = _day(gettext_lazy("When was the final determination made?"))
    appeal_over_on = _day(
        gettext_lazy("What was the last day to appeal?"),
        gettext_lazy("It must have passed, without an appeal open."),
    )
    valid_until = _day(
        gettext_lazy("Until which day may the child be returned?"), gettext_lazy("At most 30 days.")
    )
    acceptance = forms.CharField(
        label=gettext_lazy("What the receiving agency signed"),
        help_text=gettext_lazy(
            "Paste the signed text that the child protection agency of the other country sent you."
        ),
        max_length=8 * 1024,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 6, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Paste the signed text.")},
    )

    def terms(self) -> Terms:
        """Return the dates; the last day counts to its end, where this node is."""
        data = self.cleaned_data
        end = datetime.combine(
            data["valid_until"], time(23, 59, 59), ZoneInfo(settings.HOME.profile.timezone)
        )
        return Terms(data["determined_on"], data["appeal_over_on"], end)


class StepForm(forms.Form):
    """Ask for nothing but the signature."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class BecauseForm(StepForm):
    """Ask why a clearance is declined or withdrawn."""

    because = forms.ChoiceField(label=gettext_lazy("Why?"), widget=Choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        field = self.fields["because"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key.value, words) for key, words in because_words().items()]


@login_required
def propose(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask for dates and the acceptance, show them once more, and propose; where the Guide bars it, say why."""
    audit.require(request.actor, "clearance.propose")
    file = case_for(request.actor, case_id, purpose="casework", act="clearance.propose")
    require_free(case_id=case_id, action=RETURN, by=request.actor, act="clearance.propose")
    form = ProposalForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid() and "again" not in request.POST
    if valid and "sure" in request.POST:
        said = form.cleaned_data
        clearing.propose_clearance(
            case_id=case_id,
            terms=form.terms(),
            acceptance=said["acceptance"],
            by=request.actor,
            clearance_id=said["form_id"],
        )
        messages.warning(
            request, _("Proposed. Nobody may return the child until a supervisor has confirmed.")
        )
        return redirect("desk:custody", case_id)
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "form": form,
        "title": _("Propose that a return is cleared"),
        "sure": valid,
        "harm": _("This can harm the child. You propose it; a supervisor, another person, has to confirm."),
    }
    return render(request, "protection/clearance.html", context)


@login_required
def step(request: DeskRequest, case_id: UUID, clearance_id: UUID, kind: str) -> HttpResponse:
    """Ask for what one step needs, and sign it; a confirmation shows once more what is signed."""
    if kind not in set(Step):
        raise Http404
    taken = Step(kind)
    audit.require(request.actor, _RIGHTS[taken])
    purpose = "supervision" if taken is Step.CONFIRMED else "casework"
    file = case_for(request.actor, case_id, purpose=purpose, act=_RIGHTS[taken])
    told = clearance_for(request.actor, case_id, clearance_id)
    form = (StepForm if taken is Step.CONFIRMED else BecauseForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _take(request, case_id, clearance_id, taken, form)
        messages.success(request, _("Written down."))
        return redirect("desk:custody", case_id)
    of_a_return = _("clearance of a return")
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "form": form,
        "told": told,
        "title": f"{step_words()[taken]}: {of_a_return}",
        "harm": _(
            "This can harm the child. With your signature the migration authority may return her or him once."
        )
        if taken is Step.CONFIRMED
        else "",
    }
    return render(request, "protection/clearance_step.html", context)


def _take(request: DeskRequest, case_id: UUID, clearance_id: UUID, taken: Step, form: forms.Form) -> None:
    """Make the one call of this step."""
    said = form.cleaned_data
    common: dict[str, Any] = {
        "case_id": case_id,
        "clearance_id": clearance_id,
        "by": request.actor,
        "step_id": said["form_id"],
    }
    match taken:
        case Step.CONFIRMED:
            clearing.confirm_clearance(**common)
        case Step.DECLINED:
            clearing.decline_clearance(**common, because=Because(said["because"]))
        case Step.WITHDRAWN:
            clearing.withdraw_clearance(**common, because=Because(said["because"]))
