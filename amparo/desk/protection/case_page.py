"""Show one case on one page, read from top to bottom."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from amparo.access.rules import may
from amparo.cases.queries import case_for
from amparo.desk.context import in_language
from amparo.desk.protection.telling import case_told
from amparo.desk.reader import DeskRequest


@login_required
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Open the case for casework; the read is on the audit trail."""
    file = case_for(request.actor, case_id, purpose="casework")
    context = {
        "file": file,
        "told": case_told(file, guide_role=request.actor.guide_role),
        "agency_name": in_language(file.agency_name, get_language() or "es"),
        "writes": file.released_at is None,
        "records": file.released_at is None and may(request.actor, "case.record"),
        "just_done": request.GET.get("done", ""),
    }
    return render(request, "protection/case.html", context)
