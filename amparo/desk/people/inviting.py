"""Invite somebody, make the link that lets her in, and let her in."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from amparo.access import audit, people
from amparo.access import colleagues as queries
from amparo.access.rules import Role
from amparo.desk.context import in_language, own_door, role_in_words
from amparo.desk.people.forms import InviteForm, WayInForm
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
            people.propose_invitation(
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
            people.withdraw_invitation(invitation=invitation_id, by=request.actor)
            messages.success(request, _("The invitation is withdrawn."))
            return redirect("desk:people")
        secret = people.make_link(invitation=invitation_id, by=request.actor)
    except people.InvitationShut as shut:
        return _shut(request, shut, 409)
    link = own_door() + reverse("desk:invitation", args=[secret])
    return render(request, "people/link.html", {"link": link})


def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Let an invited person choose a password; she sets up her second step when she first signs in."""
    form = WayInForm(request.POST or None)
    try:
        entry = people.invitation_of(secret)
        if request.method == "POST" and form.is_valid() and _let_in(secret, form):
            messages.success(request, _("Your password is set. Sign in now."))
            return redirect("account_login")
    except people.InvitationShut as shut:
        return _shut(request, shut, 410)
    except TROUBLES as wrong:
        form.add_error(None, trouble(wrong))
    context = {
        "form": form,
        "entry": entry,
        "role": role_in_words(entry.role),
        "agency": in_language(entry.agency, get_language() or settings.LANGUAGE_CODE),
    }
    return _private(render(request, "people/way_in.html", context))


def _let_in(secret: str, form: WayInForm) -> bool:
    """Let her in; False with words on the form when the code is wrong."""
    said = form.cleaned_data
    try:
        people.accept_invitation(secret=secret, code=said["code"], password=said["password"])
    except people.CodeWrong as wrong:
        words = ngettext(
            "This is not the code. %(left)d more try.",
            "This is not the code. %(left)d more tries.",
            wrong.left,
        )
        form.add_error("code", words % {"left": wrong.left})
        return False
    return True


def _shut(request: HttpRequest, shut: people.InvitationShut, status: int) -> HttpResponse:
    heading, what_to_do = shut_words(shut)
    context = {"heading": heading, "what_to_do": what_to_do}
    return _private(render(request, "desk/error.html", context, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep an address that lets somebody in out of caches."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
