"""Show the migration authority five facts about a child who is in front of it, and what it wrote itself of her.

Reads the gate and its own custody facts only; knows neither the case nor the protection desk.
SECURITY-DESIGN section 5.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.base.ids import ReferenceWrong
from amparo.cases.gate import GateNotFound, GateView, gate_for
from amparo.custody.queries import custody_at_the_gate, standing_clearance
from amparo.desk.context import in_language
from amparo.desk.custody_words import lines_of
from amparo.desk.reader import DeskRequest


@login_required
def gate(request: DeskRequest) -> HttpResponse:
    """Ask for a case reference and show its gate; the reference is sent in the body, never in the address."""
    return gate_page(request, request.POST.get("reference", "").strip()[:40])


def gate_page(request: DeskRequest, asked: str) -> HttpResponse:
    """Show the gate of a reference, and what the migration side wrote itself of this child."""
    context: dict[str, object] = {"asked": asked, "wrong": "", "found": None, "agency": ""}
    if request.method == "POST":
        context |= _found(request, asked)
    return render(request, "migration/gate.html", context)


def _found(request: DeskRequest, asked: str) -> dict[str, object]:
    """Look the reference up; a mistyped one and one that leads nowhere are told apart only by their signs."""
    try:
        found: GateView = gate_for(request.actor, asked)
    except ReferenceWrong:
        return {"wrong": _("Please read the reference again. It looks like MX-7Q2K-4F9P.")}
    except GateNotFound:
        return {"wrong": _("No case here has this reference. Call the child protection authority.")}
    custody = custody_at_the_gate(request.actor, found.reference)
    return {
        "found": found,
        "agency": in_language(found.responsible_agency, get_language() or "es"),
        "clearance": standing_clearance(found.reference),
        "custody": custody,
        "lines": lines_of(custody.facts),
    }
