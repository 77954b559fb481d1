"""Let people write on a duty and mend their own comment; let the secretariat hide one, with a reason all can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amparo.access import audit
from amparo.access.queries import agency_names
from amparo.access.rules import NotAllowed, may
from amparo.base.clock import now
from amparo.desk.reader import DeskRequest
from amparo.desk.secretariat.forms import CommentForm, EditForm, SeenForm
from amparo.desk.secretariat.words import fault_words, told_in
from amparo.monitor import actions, queries
from amparo.monitor.queries import CommentNotFound, CommentView
from amparo.monitor.rules import Comment, MonitorRefused


@dataclass(frozen=True)
class CommentLine:
    """One comment as it stands on a page; `mine` and `hides` say what its reader may do with it."""

    comment: Comment
    agency: str
    mine: bool
    hides: bool


def comment_lines(request: DeskRequest, comments: Iterable[Comment]) -> list[CommentLine]:
    """Name who wrote each comment: the agency and the role, not the person."""
    names, hides = agency_names(), may(request.actor, "comment.hide")
    return [
        CommentLine(
            one,
            told_in(names.get(one.agency, {})),
            one.author == request.actor.id and not one.hidden and may(request.actor, "comment.write"),
            hides,
        )
        for one in comments
    ]


@login_required
@require_POST
def on_duty(request: DeskRequest, obligation_id: str) -> HttpResponse:
    """Write a comment on a duty."""
    if obligation_id not in queries.regional_guide().obligations:
        raise Http404
    audit.require(request.actor, "comment.write")
    form = CommentForm(request.POST)
    if form.is_valid():
        _said(request, form, obligation_id)
        return redirect("desk:adoption-duty", obligation_id)
    context = {"form": form, "title": _("Comment"), "button": _("Send the comment")}
    return render(request, "secretariat/comment.html", context)


def _said(request: DeskRequest, form: CommentForm, obligation_id: str) -> None:
    text, comment_id = form.cleaned_data["text"], form.cleaned_data["form_id"]
    try:
        actions.comment(
            text=text, comment_id=comment_id, by=request.actor, at=now(), obligation=obligation_id
        )
        messages.success(request, _("Your comment is written down."))
    except MonitorRefused as refused:
        messages.error(request, fault_words(refused))


@login_required
def edit(request: DeskRequest, comment_id: UUID) -> HttpResponse:
    """Write a new version of one's own comment; the old one stays in its history."""
    found = _comment(request, comment_id)
    audit.require(request.actor, "comment.write")
    if found.comment.author != request.actor.id:
        raise NotAllowed("comment.write")
    form = EditForm(request.POST or None, initial={"text": found.comment.text, "seen": found.comment.number})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.edit_comment(
                comment_id=comment_id, text=said["text"], seen=said["seen"], by=request.actor, at=now()
            )
            return _back(request, found, _("Your comment is changed; the former text stays in its history."))
        except MonitorRefused as refused:
            form.add_error(None, fault_words(refused))
    return _page(request, found, form, _("Change your comment"), _("Save the comment"))


@login_required
def hide(request: DeskRequest, comment_id: UUID) -> HttpResponse:
    """Ask for the reason, and hide a comment."""
    audit.require(request.actor, "comment.hide")
    found = _comment(request, comment_id)
    form = SeenForm(request.POST or None, initial={"seen": found.comment.number})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.hide_comment(
                comment_id=comment_id, reason=said["reason"], seen=said["seen"], by=request.actor, at=now()
            )
            return _back(request, found, _("The comment is hidden; the reason can be read."))
        except MonitorRefused as refused:
            form.add_error(None, fault_words(refused))
    return _page(request, found, form, _("Hide this comment"), _("Hide the comment"))


@login_required
def show(request: DeskRequest, comment_id: UUID) -> HttpResponse:
    """Ask once more, and show a hidden comment again."""
    audit.require(request.actor, "comment.hide")
    found = _comment(request, comment_id)
    form = SeenForm(request.POST or None, initial={"seen": found.comment.number})
    del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            actions.show_comment(comment_id=comment_id, seen=seen, by=request.actor, at=now())
            return _back(request, found, _("The comment can be read again."))
        except MonitorRefused as refused:
            form.add_error(None, fault_words(refused))
    return _page(request, found, form, _("Show this comment again"), _("Show the comment"))


def _comment(request: DeskRequest, comment_id: UUID) -> CommentView:
    try:
        return queries.comment_for(request.actor, comment_id)
    except CommentNotFound as missing:
        raise Http404 from missing


def _back(request: DeskRequest, found: CommentView, said: str) -> HttpResponse:
    messages.success(request, said)
    if found.proposal is not None:
        return redirect("desk:proposal", found.proposal)
    return redirect("desk:adoption-duty", found.obligation)


def _page(
    request: DeskRequest, found: CommentView, form: EditForm | SeenForm, title: str, button: str
) -> HttpResponse:
    quoted = found.comment if isinstance(form, SeenForm) else None
    context = {"found": found, "form": form, "title": title, "button": button, "quoted": quoted}
    return render(request, "secretariat/comment.html", context)
