"""Write down what others are found to have done to a child; it is never refused and never hidden."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.cases.actions import report_found
from amparo.cases.queries import case_for
from amparo.desk.guide_words import guide_text
from amparo.desk.protection.forms import FoundForm
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@login_required
def found(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Ask what was done, by whom and when, and write it down."""
    audit.require(request.actor, "case.report-found")
    file = case_for(request.actor, case_id, purpose="casework", act="case.report-found")
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        report_found(
            case_id=case_id,
            action=said["action"],
            by=request.actor,
            at=said["when"],
            found_by_role=said["by_role"],
            entry_id=said["form_id"],
        )
        messages.warning(request, _("Written down: %(act)s") % {"act": guide_text("action", said["action"])})
        return redirect("desk:case", case_id)
    return render(
        request, "protection/found.html", {"file": file, "form": form, "name": short_name_of(file.identity)}
    )
