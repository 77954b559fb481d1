"""List what waits for a second person, and take her answer; a refusal goes on the trail like every other."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import colleagues as queries
from amparo.access.colleagues import ChangeLine
from amparo.access.invitations import InvitationShut, code_can_be_made_anew, make_code_anew
from amparo.access.two_persons import ChangeUnknown, confirm_change, decline_change, withdraw_change
from amparo.cases.erasing import ERASE
from amparo.desk.people.forms import ReasonForm
from amparo.desk.people.inviting import shut_page
from amparo.desk.people.words import TROUBLES, change_words, state_words, trouble
from amparo.desk.reader import DeskRequest


@login_required
def listed(request: DeskRequest) -> HttpResponse:
    """List what waits, and below it what was settled."""
    lines = [(one, change_words(one), state_words(one.state)) for one in queries.changes(request.actor)]
    context = {
        "waiting": [line for line in lines if line[0].state == "waiting"],
        "settled": [line for line in lines if line[0].state != "waiting"],
    }
    return render(request, "people/changes.html", context)


@login_required
def one(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Show one change with the answers that this reader can give."""
    return _page(request, _found(request, change_id), ReasonForm())


def _page(request: DeskRequest, line: ChangeLine, form: ReasonForm, code: str = "") -> HttpResponse:
    context = {
        "line": line,
        "words": change_words(line),
        "state": state_words(line.state),
        "form": form,
        "code": code,
        "erases": line.kind == ERASE,
        "anew": not code and code_can_be_made_anew(change=line.id, by=request.actor),
    }
    return render(request, "people/change.html", context)


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def settle(request: DeskRequest, change_id: UUID, answer: str) -> HttpResponse:
    """Confirm, decline or withdraw, or make a lost code anew; the person shows once more that it is she."""
    line = _found(request, change_id)
    if answer not in ("confirm", "decline", "withdraw", "code"):
        raise Http404
    if request.method != "POST":
        return redirect("desk:change", change_id)
    if answer == "confirm" and line.kind == ERASE:
        # Erasing has a page of its own, which says what is lost before anybody signs.
        return redirect("desk:erasure", line.id)
    if answer == "confirm":
        return _confirm(request, line)
    if answer == "code":
        return _code_anew(request, line)
    if answer == "withdraw":
        withdraw_change(change=line.id, by=request.actor)
        messages.success(request, _("Withdrawn. Nothing was changed."))
        return redirect("desk:changes")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, line, form)
    decline_change(change=line.id, by=request.actor, reason=form.cleaned_data["reason"])
    messages.success(request, _("Declined. Nothing was changed."))
    return redirect("desk:changes")


def _confirm(request: DeskRequest, line: ChangeLine) -> HttpResponse:
    try:
        code = confirm_change(change=line.id, by=request.actor)
    except TROUBLES as wrong:
        messages.error(request, trouble(wrong))
        return redirect("desk:change", line.id)
    messages.success(request, _("Confirmed and done."))
    if not code:
        return redirect("desk:changes")
    return _page(request, _found(request, line.id), ReasonForm(), code)


def _code_anew(request: DeskRequest, line: ChangeLine) -> HttpResponse:
    try:
        code = make_code_anew(change=line.id, by=request.actor)
    except InvitationShut as shut:
        return shut_page(request, shut, 409)
    return _page(request, line, ReasonForm(), code)


def _found(request: DeskRequest, change_id: UUID) -> ChangeLine:
    try:
        return queries.change(request.actor, change_id)
    except ChangeUnknown as unknown:
        raise Http404 from unknown
