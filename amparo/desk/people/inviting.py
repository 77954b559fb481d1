"""Invite somebody, and make the link that lets her in.

The secret stands behind the # of the link: browsers send that to no server, so it is in no address, log or history of
one. What she does with it: `way_in.py`.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.access import colleagues as queries
from amparo.access.invitations import InvitationShut, make_link, withdraw_invitation
from amparo.access.people_changes import propose_invitation
from amparo.access.rules import Role
from amparo.desk.context import own_door
from amparo.desk.people.forms import InviteForm
from amparo.desk.people.words import TROUBLES, shut_words, trouble
from amparo.desk.reader import DeskRequest


@login_required
def invite(request: DeskRequest) -> HttpResponse:
    """Take whom to invite; a second person confirms."""
    audit.require(request.actor, "change.propose")
    form = InviteForm(queries.roles_of(request.actor), queries.teams(request.actor), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            propose_invitation(
                email=said["email"],
                name=said["name"],
                role=Role(said["role"]),
                team=said["team"],
                by=request.actor,
            )
        except TROUBLES as wrong:
            form.add_error(None, trouble(wrong))
        else:
            messages.success(request, _("Proposed. Now a second person has to confirm it within 24 hours."))
            return redirect("desk:changes")
    return render(request, "people/invite.html", {"form": form})


@login_required
def change(request: DeskRequest, invitation_id: UUID, what: str) -> HttpResponse:
    """Make the link of an invitation, shown once, or withdraw it."""
    if what not in ("link", "withdraw"):
        raise Http404
    audit.require(request.actor, "change.propose")
    if request.method != "POST":
        return redirect("desk:people")
    try:
        if what == "withdraw":
            withdraw_invitation(invitation=invitation_id, by=request.actor)
            messages.success(request, _("The invitation is withdrawn."))
            return redirect("desk:people")
        secret = make_link(invitation=invitation_id, by=request.actor)
    except InvitationShut as shut:
        return shut_page(request, shut, 409)
    link = f"{own_door()}{reverse('desk:invitation')}#{secret}"
    return render(request, "people/link.html", {"link": link})


def shut_page(request: HttpRequest, shut: InvitationShut, status: int) -> HttpResponse:
    """Say why an invitation lets nobody in, and what to do."""
    heading, what_to_do = shut_words(shut)
    context = {"heading": heading, "what_to_do": what_to_do}
    return render(request, "desk/error.html", context, status=status)
