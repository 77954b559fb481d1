"""Let a migration officer write down where a child is held, when she is heard, what was decided, and her return.

The child is named by the reference on her paper, sent in the body and never in an address. What can harm her is looked
at twice. Knows neither the case nor the protection desk. SECURITY-DESIGN section 5.
"""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.base.ids import ReferenceWrong
from amparo.custody.queries import CustodyFile, custody_at_the_gate
from amparo.custody.recording import record_custody_fact, record_return, require_clearance
from amparo.custody.rules import FactKind
from amparo.desk.migration.forms import FORMS, AtTheGate
from amparo.desk.migration.gate import gate_page
from amparo.desk.reader import DeskRequest

RETURN = "return"
# With these a child can be harmed, or a trace is taken back: they are looked at twice.
_LOOKED_AT_TWICE = (RETURN, FactKind.VOID)


@login_required
def custody(request: DeskRequest, kind: str) -> HttpResponse:
    """Ask for one fact, show it once more where it can harm, and write it down; the answer is the gate again."""
    if kind not in FORMS:
        raise Http404
    audit.require(request.actor, "return.record" if kind == RETURN else "custody.record")
    try:
        file = custody_at_the_gate(request.actor, request.POST.get("reference", "")[:40])
    except ReferenceWrong:
        return redirect("desk:gate")
    if kind == RETURN and "form_id" not in request.POST:
        # Whoever asks for what is not cleared reads at once why not, before writing anything.
        require_clearance(file.reference)
    form = _form(request, kind, file)
    if not form.is_bound or "again" in request.POST or not form.is_valid():
        return _ask(request, kind, form, "custody")
    if kind in _LOOKED_AT_TWICE and "sure" not in request.POST:
        return _ask(request, kind, form, "custody_sure")
    _write(request, kind, form)
    messages.success(request, _("Written down. It cannot be changed; it can be corrected by a new entry."))
    return gate_page(request, file.reference)


def _form(request: DeskRequest, kind: str, file: CustodyFile) -> AtTheGate:
    """Return the form as it was sent, or a fresh one where the officer comes from the gate."""
    if "form_id" in request.POST:
        return FORMS[kind](file.stays, request.POST)
    fresh = FORMS[kind](file.stays, initial={"reference": file.reference})
    corrects = request.POST.get("corrects", "")
    if corrects:
        fresh = FORMS[kind](file.stays, _empty(file.reference, corrects))
        fresh.initial, fresh.is_bound = {"reference": file.reference, "corrects": corrects}, False
    return fresh


def _empty(reference: str, corrects: str) -> Mapping[str, str]:
    return {"reference": reference, "corrects": corrects}


def _ask(request: DeskRequest, kind: str, form: AtTheGate, page: str) -> HttpResponse:
    titles = {
        FactKind.HELD: _("Write down where the child is held"),
        FactKind.LET_OUT: _("Write down that the child is held no longer"),
        FactKind.HEARING: _("Write down a hearing"),
        FactKind.DECISION: _("Write down a decision"),
        FactKind.VOID: _("Take an entry back"),
        RETURN: _("Write down that the child was returned"),
    }
    context = {"form": form, "kind": kind, "title": titles[kind], "is_return": kind == RETURN}
    return render(request, f"migration/{page}.html", context)


def _write(request: DeskRequest, kind: str, form: AtTheGate) -> None:
    """Make the one call of this form."""
    data = form.cleaned_data
    if kind == RETURN:
        record_return(
            reference=data["reference"],
            place=data["place"],
            at=data["at"],
            by=request.actor,
            return_id=data["form_id"],
        )
        return
    record_custody_fact(
        reference=data["reference"], said=form.said(), by=request.actor, fact_id=data["form_id"]
    )
