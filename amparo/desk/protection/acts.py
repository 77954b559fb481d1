"""Ask what somebody wants to do with a child, and do it or say why not."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.cases.actions import perform_act, require_free
from amparo.cases.queries import CaseFile, case_for
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.forms import WhenForm
from amparo.desk.protection.gravity import by_gravity, is_never
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest
from amparo.desk.ways import way_open_to, way_words, why_no_way
from amparo.guide import refusals

# An act that parts her from people she has not got is folded away: a free harm must not look like an offer.
_WITHOUT_SENSE = {
    "separate-siblings": ("siblings_present", "none"),
    "separate-from-family": ("adult_with_child", "none"),
}


@login_required
def acts(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List every act of the Guide: what nothing bars now, and what is barred."""
    audit.require(request.actor, "case.act")
    file = case_for(request.actor, case_id, purpose="casework", act="case.act")
    actions = by_gravity(the_guide().vocabulary.actions)
    free = [action for action in actions if action not in file.evaluation.blocked]
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "free": [action for action in free if _concerns(action, file.facts)],
        "others": [action for action in free if not _concerns(action, file.facts)],
        "blocked": [
            (action, is_never(file.evaluation, action), _way(request, file, action))
            for action in actions
            if action in file.evaluation.blocked
        ],
    }
    return render(request, "protection/acts.html", context)


@login_required
def act(request: DeskRequest, case_id: UUID, action: str) -> HttpResponse:
    """Ask once, then do it; where the Guide forbids it, the refusal page says what is missing."""
    if action not in the_guide().vocabulary.actions:
        raise Http404
    audit.require(request.actor, "case.act")
    file = case_for(request.actor, case_id, purpose="casework", act="case.act")
    form = WhenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "barred" in request.POST:
            return _ask_only(request, case_id, action)
        said = form.cleaned_data
        perform_act(
            case_id=case_id, action=action, by=request.actor, at=said["when"], entry_id=said["form_id"]
        )
        messages.success(request, _("Done and written down: %(act)s") % {"act": guide_text("action", action)})
        return redirect("desk:case", case_id)
    reasons = refusals(the_guide(), file.evaluation, action)
    context = {
        "file": file,
        "action": action,
        "way": _way(request, file, action),
        "no_way": why_no_way(request.actor, action, reasons),
        "blocked": action in file.evaluation.blocked,
        "never": is_never(file.evaluation, action),
        "form": form,
        "name": short_name_of(file.identity),
    }
    return render(request, "protection/act.html", context)


def _ask_only(request: DeskRequest, case_id: UUID, action: str) -> HttpResponse:
    """Ask what the Guide says of an act that was barred when the page was shown: pressing there never does it."""
    require_free(case_id=case_id, action=action, by=request.actor)
    messages.info(
        request,
        _("Nothing bars this any more. Nothing was done: look again, and do it if it is good for the child."),
    )
    return redirect("desk:act", case_id, action)


def _way(request: DeskRequest, file: CaseFile, action: str) -> str:
    """Return what the link to an override says, where this reader may begin one; else nothing."""
    if not _concerns(action, file.facts):
        return ""
    return way_words(way_open_to(request.actor, action, refusals(the_guide(), file.evaluation, action)))


def _concerns(action: str, facts: Mapping[str, Any]) -> bool:
    """Test whether an act has a meaning for this child."""
    fact, answer = _WITHOUT_SENSE.get(action, ("", ""))
    return not fact or facts.get(fact) != answer
