"""Sign that what the Guide asks for was done, or take back a signature given by mistake."""

from uuid import UUID, uuid5

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.cases.actions import attest_evidence
from amparo.cases.queries import case_for
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.forms import DoneForm, WhenForm
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@login_required
def attest(request: DeskRequest, case_id: UUID, obligation_id: str) -> HttpResponse:
    """Ask what was done for one obligation, and sign it once."""
    obligation = the_guide().obligations.get(obligation_id)
    if obligation is None:
        raise Http404
    audit.require(request.actor, "case.attest")
    file = case_for(request.actor, case_id, purpose="casework", act="case.attest")
    missing = file.evaluation.status(obligation_id).missing
    mine = [key for key in missing if request.actor.guide_role in the_guide().evidence[key].attest]
    asked = [*obligation.requires, *obligation.after]
    form = DoneForm(
        asked if request.POST else mine,
        request.POST or None,
        initial={"evidence": mine[:1] if len(mine) == 1 else []},
    )
    if request.method == "POST" and form.is_valid():
        return _sign(request, case_id, form)
    context = {
        "file": file,
        "obligation": obligation,
        "form": form,
        "name": short_name_of(file.identity),
        "mine": mine,
    }
    return render(request, "protection/attest.html", context)


def _sign(request: DeskRequest, case_id: UUID, form: DoneForm) -> HttpResponse:
    """Sign each thing that was ticked; the same form sent twice signs once."""
    said = form.cleaned_data
    for key in said["evidence"]:
        attest_evidence(
            case_id=case_id,
            evidence=key,
            done=True,
            by=request.actor,
            at=said["when"],
            entry_id=uuid5(said["form_id"], key),
        )
    done = "; ".join(guide_text("evidence", key) for key in said["evidence"])
    messages.success(request, _("Written down as done: %(done)s") % {"done": done})
    return redirect("desk:case", case_id)


@login_required
def withdraw(request: DeskRequest, case_id: UUID, evidence: str) -> HttpResponse:
    """Take back a signature; both stay in the story."""
    if evidence not in the_guide().evidence:
        raise Http404
    audit.require(request.actor, "case.attest")
    file = case_for(request.actor, case_id, purpose="casework", act="case.attest")
    form = WhenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attest_evidence(
            case_id=case_id,
            evidence=evidence,
            done=False,
            by=request.actor,
            at=form.cleaned_data["when"],
            entry_id=form.cleaned_data["form_id"],
        )
        messages.success(request, _("Taken back: %(done)s") % {"done": guide_text("evidence", evidence)})
        return redirect("desk:case", case_id)
    context = {"file": file, "evidence": evidence, "form": form, "name": short_name_of(file.identity)}
    return render(request, "protection/withdraw.html", context)
