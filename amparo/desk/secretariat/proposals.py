"""List proposals, show one with what people say of it, take new ones, and let them be decided in two steps."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.access.rules import NotAllowed, may
from amparo.base.clock import now
from amparo.desk.reader import DeskRequest
from amparo.desk.secretariat.comments import comment_lines
from amparo.desk.secretariat.forms import CommentForm, ProposalForm, SeenForm
from amparo.desk.secretariat.verdict import verdict_lines
from amparo.desk.secretariat.words import fault_words, kind_words, move_words, status_mark, told_in
from amparo.monitor import actions, queries
from amparo.monitor.queries import PAGE, ProposalLine, ProposalNotFound, ProposalView
from amparo.monitor.rules import Kind, MonitorRefused, Status
from amparo.monitor.trying import TooSoon


@login_required
def listed(request: DeskRequest) -> HttpResponse:
    """List proposals, newest first, all or those that stand at one place."""
    status = _status(request.GET.get("status", ""))
    found = queries.proposals(request.actor, status=status, before=_moment(request.GET.get("before", "")))
    context = {
        "lines": [
            (line, status_mark(line.status), kind_words(line.kind), told_in(line.agency)) for line in found
        ],
        "filters": [(one, status_mark(one).word) for one in Status],
        "status": status,
        "older": found[-1].at.isoformat() if len(found) == PAGE else "",
        "may_propose": may(request.actor, "proposal.make"),
    }
    return render(request, "secretariat/proposals.html", context)


@login_required
def one(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Show one proposal; a comment is written here."""
    found = _proposal(request, proposal_id)
    form = CommentForm(request.POST or None) if may(request.actor, "comment.write") else None
    if request.method == "POST":
        audit.require(request.actor, "comment.write")
        if form is not None and form.is_valid() and _commented(request, form, proposal_id):
            return redirect("desk:proposal", proposal_id)
    return _page(request, found, form)


def _commented(request: DeskRequest, form: CommentForm, proposal_id: UUID) -> bool:
    said = form.cleaned_data
    try:
        actions.comment(
            text=said["text"], comment_id=said["form_id"], by=request.actor, at=now(), proposal_id=proposal_id
        )
    except MonitorRefused as refused:
        form.add_error(None, fault_words(refused))
        return False
    messages.success(request, _("Your comment is written down."))
    return True


def _page(request: DeskRequest, found: ProposalView, form: CommentForm | None) -> HttpResponse:
    context = {
        "found": found,
        "line": found.line,
        "mark": status_mark(found.line.status),
        "kind": kind_words(found.line.kind),
        "agency": told_in(found.line.agency),
        "verdict": verdict_lines(found.verdict, found.file) if found.verdict else None,
        "steps": [(step, status_mark(step.status), told_in(step.agency)) for step in reversed(found.steps)],
        "moves": [(to, move_words(to)) for to in Status if to in found.moves],
        "comments": comment_lines(request, found.comments),
        "comment_form": form,
    }
    return render(request, "secretariat/proposal.html", context)


@login_required
def new(request: DeskRequest) -> HttpResponse:
    """Take a new proposal; a file that was tried before comes along."""
    audit.require(request.actor, "proposal.make")
    guide = queries.regional_guide()
    if request.method == "POST" and "tried" not in request.POST:
        form = ProposalForm(guide, request.POST)
        if form.is_valid() and (made := _proposed(request, form)):
            return redirect("desk:proposal", made)
    else:
        form = ProposalForm(guide, initial=_begun(request))
    return render(request, "secretariat/proposal_new.html", {"form": form})


def _begun(request: DeskRequest) -> dict[str, object]:
    """Return what the page already knows: the duty it was opened from, or the file that was tried."""
    kind = request.POST.get("kind", "")
    return {
        "obligations": [request.GET.get("duty", "")],
        "kind": kind if kind in set(Kind) else "",
        "file": request.POST.get("file", ""),
    }


def _proposed(request: DeskRequest, form: ProposalForm) -> UUID | None:
    said = form.cleaned_data
    proposal = actions.NewProposal(
        Kind(said["kind"]), said["title"], said["text"], tuple(said["obligations"]), said["file"]
    )
    try:
        actions.propose(proposal=proposal, proposal_id=said["form_id"], by=request.actor, at=now())
    except MonitorRefused as refused:
        form.add_error(None, fault_words(refused))
        return None
    except TooSoon:
        form.add_error(
            "file", _("Other files are being checked just now. Wait some seconds and send it again.")
        )
        return None
    messages.success(request, _("Your proposal is handed in."))
    made: UUID = said["form_id"]
    return made


@login_required
def move(request: DeskRequest, proposal_id: UUID, to: str) -> HttpResponse:
    """Ask once more, with the reason, and then move a proposal."""
    found, after = _proposal(request, proposal_id), _status(to)
    if after is None:
        raise Http404
    if after not in found.moves:
        raise NotAllowed("proposal.decide")
    form = SeenForm(request.POST or None, initial={"seen": found.number})
    if request.method == "POST" and form.is_valid() and _moved(request, form, found.line, after):
        return redirect("desk:proposal", proposal_id)
    context = {
        "line": found.line,
        "form": form,
        "to": after,
        "words": move_words(after),
        "after": status_mark(after),
    }
    return render(request, "secretariat/proposal_move.html", context)


def _moved(request: DeskRequest, form: SeenForm, line: ProposalLine, after: Status) -> bool:
    said = form.cleaned_data
    try:
        actions.move_proposal(
            proposal_id=line.id,
            to=after,
            reason=said["reason"],
            seen=said["seen"],
            by=request.actor,
            at=now(),
        )
    except MonitorRefused as refused:
        form.add_error(None, fault_words(refused))
        return False
    messages.success(request, _("It stands now: %(status)s") % {"status": status_mark(after).word})
    return True


def _proposal(request: DeskRequest, proposal_id: UUID) -> ProposalView:
    try:
        return queries.proposal_for(request.actor, proposal_id)
    except ProposalNotFound as missing:
        raise Http404 from missing


def _status(text: str) -> Status | None:
    return Status(text) if text in set(Status) else None


def _moment(text: str) -> datetime | None:
    """Read the key of a page; a mistyped one leads to the newest."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
