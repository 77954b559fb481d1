"""List the teams of an agency; make, rename and close them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import colleagues as queries
from amparo.access import teams as actions
from amparo.access.people_changes import NameMissing
from amparo.access.rules import may
from amparo.desk.people.forms import TeamNameForm
from amparo.desk.people.words import TROUBLES, trouble
from amparo.desk.reader import DeskRequest


@login_required
def listed(request: DeskRequest) -> HttpResponse:
    """List the teams; a new one is made here."""
    form = TeamNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_team(name=form.cleaned_data["name"], by=request.actor)
        except TROUBLES as wrong:
            form.add_error("name", trouble(wrong))
        else:
            messages.success(request, _("The team is made."))
            return redirect("desk:teams")
    manages = may(request.actor, "person.manage")
    return render(
        request,
        "people/teams.html",
        {"teams": queries.teams(request.actor), "form": form, "manages": manages},
    )


@login_required
def change(request: DeskRequest, team_id: UUID, what: str) -> HttpResponse:
    """Rename or close one team."""
    if what not in ("rename", "close"):
        raise Http404
    if request.method != "POST":
        return redirect("desk:teams")
    try:
        _change(request, team_id, what)
        messages.success(request, _("The team is changed."))
    except TROUBLES as wrong:
        messages.error(request, trouble(wrong))
    return redirect("desk:teams")


def _change(request: DeskRequest, team: UUID, what: str) -> None:
    if what == "close":
        actions.close_team(team=team, by=request.actor)
        return
    form = TeamNameForm(request.POST)
    if not form.is_valid():
        raise NameMissing
    actions.rename_team(team=team, name=form.cleaned_data["name"], by=request.actor)
