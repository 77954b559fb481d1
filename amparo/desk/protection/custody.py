"""Show where migration authorities hold or held a child, what they decided, and who cleared a return."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from amparo.access import audit
from amparo.access.deciding import may_as
from amparo.access.queries import agency_names
from amparo.access.roles import Relation
from amparo.access.rules import Actor
from amparo.cases.queries import case_for
from amparo.custody.clearance_rules import OVER, RETURN, State, Step
from amparo.custody.queries import ClearanceTold, clearances_of, custody_of
from amparo.desk.context import in_language
from amparo.desk.custody_words import late_words, lines_of, state_words, step_words
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@login_required
def custody(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show everything that was told, the last first; what was corrected, or told late, is marked."""
    audit.require(request.actor, "case.read")
    file = case_for(request.actor, case_id)
    told = custody_of(request.actor, case_id)
    clearances = clearances_of(request.actor, case_id)
    language, names = get_language() or "es", agency_names()
    open_one = any(one.state not in OVER for one in clearances)
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "told": told,
        "lines": lines_of(told.facts),
        "returns": [(one, late_words(one.late)) for one in told.returns],
        "clearances": [
            (one, state_words()[one.state], steps_open(request.actor, one, file.relation))
            for one in clearances
        ],
        "agencies": {code: in_language(name, language) for code, name in names.items()},
        "barred": RETURN in file.evaluation.blocked,
        "return_act": RETURN,
        "may_propose": may_as(request.actor.role, "clearance.propose", file.relation)
        and file.agency == request.actor.agency
        and not open_one,
    }
    return render(request, "protection/custody.html", context)


def steps_open(actor: Actor, one: ClearanceTold, relation: Relation) -> list[tuple[Step, str]]:
    """Return what this reader can do with a clearance now."""
    steps = []
    if (
        one.state is State.PROPOSED
        and may_as(actor.role, "clearance.confirm", relation)
        and actor.id != one.actor
    ):
        steps += [Step.CONFIRMED, Step.DECLINED]
    if one.state not in OVER and may_as(actor.role, "clearance.withdraw", relation):
        steps.append(Step.WITHDRAWN)
    return [(step, step_words()[step]) for step in steps]
