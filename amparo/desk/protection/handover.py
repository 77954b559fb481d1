"""Hand a case over: what leaves, what stays and why, who receives; then where it stands, in a plain sentence."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access import audit
from amparo.cases.queries import case_for
from amparo.desk.fact_words import answers_in_words
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.protection.handover_forms import FORMS, HandOverForm, agency_and_country
from amparo.desk.protection.handover_words import (
    last_note,
    part_in_words,
    refusals_in_words,
    stands,
    why_in_words,
)
from amparo.desk.protection.offered import identity_titles, offered_in_words
from amparo.desk.protection.property_words import short_name_of
from amparo.desk.reader import DeskRequest
from amparo.exchange import actions
from amparo.exchange.proposing import Preview, preview_transfer
from amparo.exchange.queries import (
    incoming_transfers,
    possible_recipients,
    transfer_for,
    transfers_of,
    undelivered,
)
from amparo.exchange.refused import TransferRefused
from amparo.exchange.rules import Move, Side

_ACTS: dict[Move, Callable[..., Any]] = {
    Move.ACCEPT: actions.accept_transfer,
    Move.TAKE_OVER: actions.take_over,
    Move.ASK: actions.ask,
    Move.DECLINE: actions.decline_transfer,
    Move.CANCEL: actions.cancel,
    Move.RELEASE: actions.release_transfer,
}


@login_required
def hand_over(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Show what would leave and what stays, ask for basis and view, and send once."""
    audit.require(request.actor, "transfer.send")
    file = case_for(request.actor, case_id, purpose="transfer", act="transfer.send")
    agencies = list(possible_recipients(request.actor))
    form = HandOverForm(agencies, get_language() or "es", request.POST or None)
    context = {
        "file": file,
        "name": short_name_of(file.identity),
        "form": form,
        "agencies": agencies,
        "recipients": [agency_and_country(one, get_language() or "es") for one in agencies],
        "leaving": _leaving(request, case_id, agencies[0].id) if agencies else None,
        "transfers": [(line, stands(line)) for line in transfers_of(request.actor, case_id)],
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "protection/handover.html", context)
    try:
        transfer_id = _propose(request, case_id, form)
    except TransferRefused as refused:
        return _refused(request, refused, "protection/handover.html", context)
    messages.success(request, _("Sent. You are still responsible until they take the child over."))
    return redirect("desk:transfer", transfer_id)


@login_required
def transfers(request: DeskRequest) -> HttpResponse:
    """List what other agencies propose to ours, and what of ours does not arrive at them."""
    lines = [
        (line, stands(line), line.peer.name_in(get_language() or "es"))
        for line in incoming_transfers(request.actor)
    ]
    stuck = [(one, one.peer.name_in(get_language() or "es")) for one in undelivered(request.actor)]
    return render(request, "protection/transfers.html", {"lines": lines, "stuck": stuck})


@login_required
def transfer(request: DeskRequest, transfer_id: UUID) -> HttpResponse:
    """Show one transfer, what was proposed, and what can be done now."""
    view = transfer_for(request.actor, transfer_id)
    context = {
        "view": view,
        "stands": stands(view.line),
        "peer": view.line.peer.name_in(get_language() or "es"),
        "parts": offered_in_words(view.parts),
        "note": last_note(view),
        "heard_on": _day(view.view.get("heard_on")),
        "heard_in": ", ".join(answers_in_words("language", view.view.get("language"))),
        "moves": [move for move in FORMS if move in _offered(view.line.side, view.moves)],
        "receives": view.line.side is Side.RECEIVER,
    }
    return render(request, "protection/transfer.html", context)


@login_required
def move_transfer(request: DeskRequest, transfer_id: UUID, move: str) -> HttpResponse:
    """Ask what one move needs, then make it."""
    view = transfer_for(request.actor, transfer_id)
    chosen = next((one for one in FORMS if one == move), None)
    if chosen is None:
        raise Http404
    form: forms.Form = FORMS[chosen](request.POST or None)
    context = {
        "view": view,
        "form": form,
        "move": chosen.value,
        "peer": view.line.peer.name_in(get_language() or "es"),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "protection/transfer_move.html", context)
    try:
        made = _ACTS[chosen](transfer_id=transfer_id, by=request.actor, **form.cleaned_data)
    except TransferRefused as refused:
        return _refused(request, refused, "protection/transfer_move.html", context)
    messages.success(request, _("Done and sent to the other agency."))
    return redirect("desk:case", made) if chosen is Move.TAKE_OVER else redirect("desk:transfer", transfer_id)


def _propose(request: DeskRequest, case_id: UUID, form: HandOverForm) -> UUID:
    said = form.cleaned_data
    return actions.propose_transfer(
        case_id=case_id,
        to_agency=said["to_agency"],
        basis=form.basis(),
        view=form.view(),
        by=request.actor,
        urgent=said["urgent"] == "yes",
        why=said["why"],
    )


def _leaving(request: DeskRequest, case_id: UUID, to_agency: str) -> dict[str, Any] | None:
    try:
        seen: Preview = preview_transfer(
            case_id=case_id, to_agency=to_agency, basis={}, view={}, by=request.actor
        )
    except TransferRefused:
        return None
    return {
        "leaves": [part_in_words(part) for part in seen.leaves.leaves],
        "stays": [(_place(stay.place), why_in_words(stay.why)) for stay in seen.leaves.stays],
    }


def _place(place: str) -> str:
    """Say a place of the case file: the part, and the field where only that stays."""
    part, _dot, field = place.partition(".")
    return f"{part_in_words(part)}: {_field(field)}" if field else part_in_words(part)


def _field(field: str) -> str:
    """Say a field of a part; never its raw name."""
    if field in the_guide().facts:
        return guide_text("fact", field)
    places = {"care_place": _("where the child stays"), "said": _("what the child said")}
    return places.get(field) or identity_titles().get(field) or _("one answer")


def _refused(
    request: DeskRequest, refused: TransferRefused, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Say why on the same page, so that nothing typed is lost; the middleware undoes and writes down."""
    request.refusal = refused
    context["refusals"] = refusals_in_words(refused.refusals)
    return render(request, template, context, status=403)


def _offered(side: Side, moves: frozenset[Move]) -> frozenset[Move]:
    """A proposal that was not opened yet is opened by the first answer to it."""
    return moves | {Move.ACCEPT, Move.ASK} if side is Side.RECEIVER and Move.OPENED in moves else moves


def _day(text: Any) -> date | None:  # noqa: ANN401 - what a peer wrote
    """Read a day as a peer wrote it; None where it is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
