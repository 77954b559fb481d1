"""Let two people decide together, or one act first in danger, and see to what is owed afterwards.

Each page parses, makes one call and renders. Where harm is possible the reader sees once more what she signs.
"""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.access.queries import agency_names
from amparo.cases import overriding
from amparo.cases.override_queries import OverrideTold, open_overrides_of, override_for
from amparo.cases.override_rules import JOINT_DUTIES, Step
from amparo.cases.queries import CaseFile, case_for
from amparo.desk.context import in_language
from amparo.desk.guide_words import the_guide
from amparo.desk.protection.forms import WhenForm
from amparo.desk.protection.override_forms import (
    EmergencyForm,
    ReasonsForm,
    ReviewForm,
    SignatureForm,
    ToldForm,
)
from amparo.desk.protection.override_words import act_in_words, done_in_words, told_in_words
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest
from amparo.desk.ways import way_open_to, why_no_way
from amparo.guide import Refusal, joint_emergency_of, refusals

_FORMS: dict[Step, type[forms.Form]] = {
    Step.SECONDED: ReasonsForm,
    Step.DECLINED: ReasonsForm,
    Step.CONFIRMED: ReasonsForm,
    Step.WITHDRAWN: SignatureForm,
    Step.GUARDIAN_TOLD: ToldForm,
    Step.REVIEWED: ReviewForm,
}
# With these signatures a child can be harmed: they are looked at twice.
_LOOKED_AT_TWICE = (Step.SECONDED, Step.CONFIRMED)


@dataclass(frozen=True)
class Begun:
    """What a reader would sign: the duties that are lifted, and those that fall due at once."""

    action: str
    way: str
    joint: bool
    lifted: tuple[Refusal, ...]


@login_required
def overrides(request: DeskRequest) -> HttpResponse:
    """List what waits for a second person, what is owed, and what has to be reviewed."""
    lines = open_overrides_of(request.actor)
    return render(request, "protection/overrides.html", {"lines": lines})


@login_required
def begin(request: DeskRequest, case_id: UUID, action: str) -> HttpResponse:
    """Ask for reasons, show what is lifted and what is not, and sign after a second look."""
    if action not in the_guide().vocabulary.actions:
        raise Http404
    audit.require(request.actor, "case.act")
    file = case_for(request.actor, case_id, purpose="casework", act="case.act")
    reasons = refusals(the_guide(), file.evaluation, action)
    way = way_open_to(request.actor, action, reasons)
    if request.method == "POST":
        # The case may have changed while the page lay open: the action judges again, and says why not.
        way = "emergency" if "signs" in request.POST else "two-person"
    elif not way:
        closed = {"file": file, "action": action, "why": why_no_way(request.actor, action, reasons)}
        return render(request, "protection/override_closed.html", closed | {"free": not reasons})
    form = (EmergencyForm if way == "emergency" else ReasonsForm)(request.POST or None)
    sure = _is_sure(request, form)
    if sure:
        return _sign_first(request, case_id, action, form)
    joint = way == "emergency" and joint_emergency_of(the_guide(), action) is not None
    begun = Begun(action, way, joint, tuple(reasons))
    page = "override_sure" if sure is False else "override_begin"
    context = {
        "file": file,
        "begun": begun,
        "action": action,
        "form": form,
        "name": short_name_of(file.identity),
    }
    return render(request, f"protection/{page}.html", context)


@login_required
def override(request: DeskRequest, case_id: UUID, override_id: UUID) -> HttpResponse:
    """Show one override: reasons, signatures, what is owed, and what this reader can sign."""
    file = case_for(request.actor, case_id, purpose="casework")
    told = override_for(request.actor, case_id, override_id)
    return render(request, "protection/override.html", _context(file, told))


@login_required
def step(request: DeskRequest, case_id: UUID, override_id: UUID, kind: str) -> HttpResponse:
    """Ask for what one step needs, and sign it."""
    if kind not in set(Step):
        raise Http404
    taken = Step(kind)
    file = case_for(request.actor, case_id)
    told = override_for(request.actor, case_id, override_id)
    if request.method != "POST" and taken not in told.mine:
        return redirect("desk:override", case_id, override_id)
    form = _FORMS.get(taken, WhenForm)(request.POST or None)
    sure = _is_sure(request, form, twice=taken in _LOOKED_AT_TWICE)
    if sure:
        _follow(request, told, taken, form)
        messages.success(request, done_in_words(taken))
        return redirect("desk:override", case_id, override_id)
    page = "override_sure" if sure is False else "override_step"
    context = {"step": taken, "title": act_in_words(taken), "form": form, "action": told.action}
    return render(request, f"protection/{page}.html", _context(file, told) | context)


def _is_sure(request: DeskRequest, form: forms.Form, *, twice: bool = True) -> bool | None:
    """Tell whether to sign (True), to show once more what is signed (False), or to ask (None)."""
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        return None
    return not twice or "sure" in request.POST


def _sign_first(request: DeskRequest, case_id: UUID, action: str, form: forms.Form) -> HttpResponse:
    said = form.cleaned_data
    common = {"case_id": case_id, "action": action, "reasons": said["reasons"], "by": request.actor}
    if isinstance(form, EmergencyForm):
        overriding.act_in_emergency(
            **common, signs=said["signs"], at=said["when"], override_id=said["form_id"]
        )
        messages.warning(
            request, _("Written down. What was lifted is due now, and a supervisor will review it.")
        )
    else:
        overriding.propose_override(**common, override_id=said["form_id"])
        messages.warning(request, _("Proposed. Nothing is done until a second person has signed."))
    return redirect("desk:override", case_id, said["form_id"])


def _follow(request: DeskRequest, told: OverrideTold, taken: Step, form: forms.Form) -> None:
    """Make the one call of this step."""
    said = form.cleaned_data
    common = {
        "case_id": told.case_id,
        "override_id": told.id,
        "by": request.actor,
        "step_id": said["form_id"],
    }
    match taken:
        case Step.SECONDED:
            overriding.second_override(**common, reasons=said["reasons"])
        case Step.DECLINED:
            overriding.decline_override(**common, reasons=said["reasons"])
        case Step.WITHDRAWN:
            overriding.withdraw_override(**common)
        case Step.CONFIRMED:
            overriding.confirm_joint_emergency(**common, reasons=said["reasons"])
        case Step.REVIEWED:
            justified = said["outcome"] == "justified"
            overriding.review_override(**common, justified=justified, words=said["reasons"])
        case Step.GUARDIAN_TOLD:
            overriding.note_guardian_told(**common, told_to=said["told_to"], how=said["how"], at=said["when"])
        case _:
            overriding.note_duty_done(**common, duty=taken, at=said["when"])


def _context(file: CaseFile, told: OverrideTold) -> dict[str, object]:
    language, names = get_language() or "es", agency_names()
    agencies = {code: in_language(name, language) for code, name in names.items()}
    steps = [
        (one, done_in_words(one.kind), told_in_words(one.value), agencies.get(one.agency, one.agency))
        for one in told.steps
    ]
    return {
        "file": file,
        "told": told,
        "name": short_name_of(file.identity),
        "agency": agencies.get(told.agency, told.agency),
        "steps": steps,
        "mine": [(one, act_in_words(one)) for one in told.mine],
        "waits_for_guardian": Step.GUARDIAN_TOLD in told.owed
        and file.facts.get("guardian_state") not in ("interim", "appointed"),
        "joint_duties": JOINT_DUTIES,
    }
