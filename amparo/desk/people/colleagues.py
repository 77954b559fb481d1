"""List the people of an agency, show one, and take what is to change about her."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.access import colleagues as queries
from amparo.access.actions import RoleUnfit
from amparo.access.letting_go import close_person, sign_out_person
from amparo.access.people_changes import TeamNotHere, propose_renewal, propose_role
from amparo.access.rules import Role, may
from amparo.access.teams import move_person
from amparo.access.two_persons import PersonNotHere
from amparo.desk.context import role_in_words
from amparo.desk.people.forms import RoleForm, TeamForm
from amparo.desk.people.words import TROUBLES, state_words, trouble
from amparo.desk.reader import DeskRequest


@login_required
def listed(request: DeskRequest) -> HttpResponse:
    """List who works here and who is invited."""
    context = {
        "people": [
            (one, role_in_words(one.role), state_words(one.state))
            for one in queries.colleagues(request.actor)
        ],
        "invited": [
            (one, role_in_words(one.role), state_words(one.state))
            for one in queries.invitations(request.actor)
        ],
        "manages": may(request.actor, "person.manage"),
    }
    return render(request, "people/list.html", context)


@login_required
def one(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show one colleague and what can be changed about her."""
    try:
        found = queries.colleague(request.actor, person_id)
    except PersonNotHere as absent:
        raise Http404 from absent
    other = [role for role in queries.roles_of(request.actor) if role != found.role]
    context = {
        "one": found,
        "role": role_in_words(found.role),
        "state": state_words(found.state),
        "role_form": RoleForm(other),
        "team_form": TeamForm(queries.teams(request.actor), initial={"team": found.team_id}),
        "manages": may(request.actor, "person.manage") and found.id != request.actor.id,
        "self": found.id == request.actor.id,
    }
    return render(request, "people/person.html", context)


@login_required
def change(request: DeskRequest, person_id: UUID, what: str) -> HttpResponse:
    """Take one change about a colleague: role and renew wait for a second person, the rest is done."""
    if what not in _DONE:
        raise Http404
    audit.require(request.actor, _NEEDS[what])
    if request.method != "POST":
        return redirect("desk:person", person_id)
    try:
        messages.success(request, _DONE[what](request, person_id))
    except TROUBLES as wrong:
        messages.error(request, trouble(wrong))
    return redirect("desk:people")


def _role(request: DeskRequest, person: UUID) -> str:
    form = RoleForm(queries.roles_of(request.actor), request.POST)
    if not form.is_valid():
        raise RoleUnfit
    propose_role(person=person, role=Role(form.cleaned_data["role"]), by=request.actor)
    return _("Proposed. Now a second person has to confirm it within 24 hours.")


def _renew(request: DeskRequest, person: UUID) -> str:
    propose_renewal(person=person, by=request.actor)
    return _("Proposed. Now a second person has to confirm it within 24 hours.")


def _team(request: DeskRequest, person: UUID) -> str:
    form = TeamForm((), request.POST)
    if not form.is_valid():
        raise TeamNotHere
    move_person(person=person, team=form.cleaned_data["team"], by=request.actor)
    return _("The team is changed.")


def _sign_out(request: DeskRequest, person: UUID) -> str:
    sign_out_person(person=person, by=request.actor)
    return _("She is signed out everywhere.")


def _close(request: DeskRequest, person: UUID) -> str:
    close_person(person=person, by=request.actor)
    return _("The account is closed and signed out everywhere.")


# Asked before the form is read: who may change nothing is told nothing of what was wrong with it.
_NEEDS = dict.fromkeys(("role", "renew"), "change.propose") | dict.fromkeys(
    ("team", "sign-out", "close"), "person.manage"
)
_DONE = {"role": _role, "renew": _renew, "team": _team, "sign-out": _sign_out, "close": _close}
