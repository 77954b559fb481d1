"""Ask what somebody wants to do with a child, and do it or say why not."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.cases.actions import perform_act
from amparo.cases.queries import case_for
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.forms import WhenForm
from amparo.desk.protection.gravity import by_gravity
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest


@login_required
def acts(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """List every act of the Guide: what is possible now, and what is not."""
    file = case_for(request.actor, case_id, purpose="casework")
    actions = by_gravity(the_guide().vocabulary.actions)
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "free": [action for action in actions if action not in file.evaluation.blocked],
        "blocked": [action for action in actions if action in file.evaluation.blocked],
    }
    return render(request, "protection/acts.html", context)


@login_required
def act(request: DeskRequest, case_id: UUID, action: str) -> HttpResponse:
    """Ask once, then do it; where the Guide forbids it, the refusal page says what is missing."""
    if action not in the_guide().vocabulary.actions:
        raise Http404
    file = case_for(request.actor, case_id, purpose="casework")
    form = WhenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        perform_act(
            case_id=case_id, action=action, by=request.actor, at=said["when"], entry_id=said["form_id"]
        )
        messages.success(request, _("Done and written down: %(act)s") % {"act": guide_text("action", action)})
        return redirect("desk:case", case_id)
    context = {
        "file": file,
        "action": action,
        "blocked": action in file.evaluation.blocked,
        "form": form,
        "name": short_name_of(file.identity),
    }
    return render(request, "protection/act.html", context)
