"""Show one case on one page, read from top to bottom."""

from dataclasses import replace
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from amparo.access.deciding import may_as
from amparo.access.queries import agency_names
from amparo.access.roles import Relation
from amparo.access.rules import Actor, may
from amparo.cases.override_queries import overrides_of_case
from amparo.cases.queries import CaseFile, case_for
from amparo.custody.queries import file_of
from amparo.desk.context import in_language
from amparo.desk.guide_words import the_guide
from amparo.desk.protection.attached import attached_told
from amparo.desk.protection.incident_words import troubles_of
from amparo.desk.protection.telling import case_told
from amparo.desk.reader import DeskRequest


@login_required
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Open the case for what this reader is here for; the read is on the audit trail."""
    file = _with_agencies(case_for(request.actor, case_id))
    may_now = partial(_may_now, request.actor, file)
    writes = may_now("case.attest")
    signs = _signed_by(request.actor) if writes else frozenset()
    context = {
        "file": file,
        "told": case_told(file, guide_role=request.actor.guide_role if writes or file.released_at else ""),
        "agency_name": in_language(file.agency_name, get_language() or "es"),
        "writes": writes,
        "in_danger": file.relation is Relation.BREAK_GLASS,
        "records": may_now("case.record"),
        "acts": may_now("case.act"),
        "hands_over": may_now("transfer.send"),
        "assigns": _may(request.actor, file, "case.assign"),
        "erases": _may(request.actor, file, "case.erase"),
        "holds": _may(request.actor, file, "case.hold"),
        "keeps_back": _may(request.actor, file, "case.withhold"),
        "reads_readers": _may(request.actor, file, "case.who-read"),
        "reports": may_now("case.report-found"),
        "opens_sealed": _may(request.actor, file, "sealed.read") and file.agency == request.actor.agency,
        "attached": [attached_told(one) for one in file.files],
        "opens_files": _may(request.actor, file, "attachment.read"),
        "signs": signs,
        "troubles": troubles_of(request.actor, file, signs=signs),
        "overrides": overrides_of_case(request.actor, case_id),
        "custody": file_of(file.reference, linked=True),
        "just_done": request.GET.get("done", ""),
    }
    return render(request, "protection/case.html", context)


def _may(actor: Actor, file: CaseFile, act: str) -> bool:
    """Test whether this reader could do an act in this case, so related to it."""
    return may_as(actor.role, act, file.relation)


def _may_now(actor: Actor, file: CaseFile, act: str) -> bool:
    """Test the same of what is done in a case only until it is handed over."""
    return file.released_at is None and _may(actor, file, act)


def _with_agencies(file: CaseFile) -> CaseFile:
    """Put the names of agencies in place of their codes; one of another node keeps the code it came with."""
    language, names = get_language() or "es", agency_names()
    told = {code: in_language(name, language) for code, name in names.items()}
    return replace(
        file, story=tuple(replace(line, agency=told.get(line.agency, line.agency)) for line in file.story)
    )


def _signed_by(actor: Actor) -> frozenset[str]:
    """Return the evidence that this reader may sign, and so take back."""
    if not may(actor, "case.attest"):
        return frozenset()
    return frozenset(key for key, one in the_guide().evidence.items() if actor.guide_role in one.attest)
