"""Show an officer her key for what is sealed: set its passphrase, unlock and lock, let colleagues in or out.

Decision: 0022. How to: sealed-things.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amparo.access import audit
from amparo.access.sealed_grants import GrantRefused, ask_grant, end_grants, give_grant, stand_of
from amparo.access.sealed_session import PassphraseWeak, SealedLocked, offer, set_passphrase, unlock
from amparo.cases.resealing import left_to_seal_anew, seal_agency_anew
from amparo.desk.protection import sealed_cookie
from amparo.desk.protection.sealed_forms import (
    TROUBLES,
    PassphraseForm,
    UnlockForm,
    refusal_in_words,
    trouble_in_words,
    weakness_in_words,
)
from amparo.desk.reader import DeskRequest


@login_required
def sealed_key(request: DeskRequest) -> HttpResponse:
    """Show how her key and the agency's stand, and unlock."""
    audit.require(request.actor, "sealed.key")
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            session = sealed_cookie.session_of(request)
            cookie = unlock(by=request.actor, session=session, passphrase=form.cleaned_data["passphrase"])
            return sealed_cookie.give(redirect("desk:sealed-key"), cookie)
        except TROUBLES as trouble:
            form.add_error("passphrase", trouble_in_words(trouble))
    return render(request, "protection/sealed_key.html", _context(request) | {"form": form})


@login_required
def sealed_passphrase(request: DeskRequest) -> HttpResponse:
    """Offer a passphrase and take it, or one of her own."""
    audit.require(request.actor, "sealed.key")
    form = PassphraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, form)
        except PassphraseWeak as weak:
            form.add_error("own", weakness_in_words(weak.because))
        else:
            messages.success(request, _("Your passphrase is set. Keep it where nobody else finds it."))
            return sealed_cookie.take(redirect("desk:sealed-key"))
    if not form.is_bound:
        text, proof = offer()
        form = PassphraseForm(initial={"offered": text, "proof": proof, "which": "offered"})
    context = _context(request) | {"form": form, "offered": form["offered"].value()}
    return render(request, "protection/sealed_passphrase.html", context)


@login_required
@require_POST
def sealed_officer(request: DeskRequest, officer: UUID, act: str) -> HttpResponse:
    """Ask that a colleague be let in, let her in as the second person, or end it."""
    try:
        _do(request, officer, act)
    except GrantRefused as refused:
        request.refusal = refused
        context = _context(request) | {
            "form": UnlockForm(),
            "refused": refusal_in_words(refused.reason_codes),
        }
        return render(request, "protection/sealed_key.html", context, status=403)
    except SealedLocked:
        messages.warning(request, _("Unlock with your passphrase first."))
    return sealed_cookie.renew(request, redirect("desk:sealed-key"))


@login_required
@require_POST
def sealed_anew(request: DeskRequest) -> HttpResponse:
    """Seal some more of what is sealed to a former key to the one in use."""
    try:
        left = seal_agency_anew(by=request.actor, opened=sealed_cookie.held(request))
        messages.success(request, _("Done for now. Left to do: %(n)s") % {"n": left})
    except SealedLocked:
        messages.warning(request, _("Unlock with your passphrase first."))
    return sealed_cookie.renew(request, redirect("desk:sealed-key"))


def _do(request: DeskRequest, officer: UUID, act: str) -> None:
    if act == "ask":
        ask_grant(officer=officer, by=request.actor)
        messages.success(request, _("Asked. Another person who can open what is sealed lets her in."))
    elif act == "end":
        end_grants(officer=officer, by=request.actor)
        messages.warning(
            request, _("She opens nothing any more. A new key has to be made: tell who runs the node.")
        )
    else:
        asked = next((one.asked for one in stand_of(request.actor).officers if one.person == officer), None)
        give_grant(grant_id=asked or officer, by=request.actor, opened=sealed_cookie.held(request))
        messages.success(request, _("She can open what is sealed now."))


def _set(request: DeskRequest, form: PassphraseForm) -> None:
    try:
        opened = sealed_cookie.held(request)
    except SealedLocked:
        opened = None
    proof = form.cleaned_data["proof"] if form.cleaned_data["which"] == "offered" else ""
    set_passphrase(by=request.actor, passphrase=form.chosen(), proof=proof, opened=opened)


def _context(request: DeskRequest) -> dict[str, Any]:
    stand = stand_of(request.actor)
    mine = next((one for one in stand.officers if one.person == request.actor.id), None)
    return {
        "stand": stand, "mine": mine, "is_open": sealed_cookie.is_held(request), "me": request.actor.id,
        "left": left_to_seal_anew(by=request.actor) if stand.key_id else 0,
    }  # fmt: skip
