"""Show supervisors the incidents of their cases, let words end a breach, and tell what a new Guide changed."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from amparo.access.rules import may
from amparo.cases.incidents import (
    SHORTEST,
    IncidentFile,
    close_incident,
    incident_for,
    incidents_of,
    version_changes,
)
from amparo.desk.context import in_language
from amparo.desk.protection.incident_words import (
    contradiction_of,
    limit_in_words,
    missing_of,
    night_call,
    parts_of_change,
    sources_of,
)
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


class OutcomeForm(forms.Form):
    """Ask a supervisor what was done about a breach."""

    outcome = forms.CharField(
        label=gettext_lazy("What was done about it?"),
        help_text=gettext_lazy("What happened to the child afterwards, who was told, what was changed."),
        min_length=SHORTEST,
        max_length=10_000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 6}),
        error_messages={
            "required": gettext_lazy("Write what was done."),
            "min_length": gettext_lazy("Write a full sentence: somebody has to understand it in a year."),
        },
    )


@login_required
def incidents(request: DeskRequest) -> HttpResponse:
    """List the children with open incidents, those who were harmed first."""
    page = incidents_of(request.actor, after=request.GET.get("after", ""))
    return render(request, "protection/incidents.html", {"page": page, "limit": limit_in_words()})


@login_required
def incident(request: DeskRequest, incident_id: UUID) -> HttpResponse:
    """Show one incident: what happened, the norm, what is missing, who can provide it, whom to call."""
    found = incident_for(request.actor, incident_id)
    ends = _may_end(request, found)
    form = OutcomeForm(request.POST or None) if ends else None
    if request.method == "POST" and form is not None and not form.is_valid():
        return _page(request, found, form)
    if request.method == "POST":
        outcome = form.cleaned_data["outcome"] if form else str(request.POST.get("outcome", ""))
        close_incident(incident_id=incident_id, outcome=outcome, by=request.actor)
        messages.success(request, _("Written down. The breach stays on record."))
        return redirect("desk:incident", incident_id)
    return _page(request, found, form)


@login_required
def guide_changes(request: DeskRequest) -> HttpResponse:
    """Tell what the present version of the Guide changed for the children of this agency."""
    found = version_changes(request.actor)
    context = {"found": found, "parts": parts_of_change(found.counts)}
    return render(request, "protection/guide_changes.html", context)


def _may_end(request: DeskRequest, found: IncidentFile) -> bool:
    """Tell whether words of this reader can end this incident."""
    leads = found.file.agency == request.actor.agency
    waits = found.line.kind == "breach" and found.line.ended_at is None
    return leads and waits and may(request.actor, "incident.close")


def _page(request: DeskRequest, found: IncidentFile, form: OutcomeForm | None) -> HttpResponse:
    line, file = found.line, found.file
    against = line.kind == "conflict" and line.name in file.evaluation.contradicted
    context = {
        "found": found,
        "line": line,
        "file": file,
        "name": short_name_of(file.identity),
        "agency_name": in_language(file.agency_name, get_language() or "es"),
        "missing": missing_of(file, line.obligation) if line.kind != "conflict" else (),
        "contradiction": contradiction_of(file, line.name) if against else None,
        "sources": sources_of(line.obligation),
        "night": night_call(),
        "limit": limit_in_words(),
        "form": form,
    }
    return render(request, "protection/incident.html", context)
