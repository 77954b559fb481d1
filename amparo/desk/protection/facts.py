"""Write down what is now known of a fact; the former answer stays in the story."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.base.clock import moment_text
from amparo.cases.actions import record_fact
from amparo.cases.queries import CaseFile, case_for
from amparo.desk.fact_words import answers_in_words
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.forms import fact_form
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest
from amparo.guide import FactKind

# Kept by the software itself, not answered by people.
KEPT = ("on", "country", "evidence", "events")


def recordable() -> dict[str, FactKind]:
    """Return the facts that people may answer."""
    return {name: kind for name, kind in the_guide().facts.items() if name not in KEPT}


@login_required
def facts(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List what is known and what is not; the unknown that the Guide asks for comes first."""
    audit.require(request.actor, "case.record")
    file = case_for(request.actor, case_id, purpose="casework", act="case.record")
    asked = {name for status in file.evaluation.obligations if status.is_open for name in status.ask}
    rows = [_row(file, name) for name in recordable()]
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "asked": [row for row in rows if row["name"] in asked],
        "others": [row for row in rows if row["name"] not in asked],
    }
    return render(request, "protection/facts.html", context)


def _row(file: CaseFile, name: str) -> dict[str, Any]:
    value = file.facts.get(name)
    unknown = value in (None, "unknown", -1, "ZZ")
    return {"name": name, "unknown": unknown, "answers": answers_in_words(name, value)}


@login_required
def fact(request: DeskRequest, case_id: UUID, name: str) -> HttpResponse:
    """Ask for one fact and write it down."""
    kind = recordable().get(name)
    if kind is None:
        raise Http404
    audit.require(request.actor, "case.record")
    file = case_for(request.actor, case_id, purpose="casework", act="case.record")
    form = fact_form(kind, request.POST or None)
    form.fields["value"].initial = file.facts.get(name)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        value = moment_text(said["value"]) if isinstance(said["value"], datetime) else said["value"]
        record_fact(
            case_id=case_id,
            name=name,
            value=value,
            by=request.actor,
            at=said["when"],
            entry_id=said["form_id"],
        )
        messages.success(request, _("Written down: %(fact)s") % {"fact": guide_text("fact", name)})
        return redirect("desk:case", case_id)
    context = {"file": file, "fact": name, "form": form, "name": short_name_of(file.identity)}
    return render(request, "protection/fact.html", context)
