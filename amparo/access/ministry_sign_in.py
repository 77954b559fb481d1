"""Sign somebody in, or bind her identity, with what a ministry's provider says: leave for it, and come back from it.

The attempt waits in the session and is used once. The answer is read by `ministry_rules`, the provider is asked by
`ministry_client`, and what it says is never shown. Each refusal has a code for the trail; what the page says tells
nothing about who has an account. Decision: 0029.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.stages import AuthenticateStage
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from amparo.access import audit
from amparo.access.actor import NOBODY
from amparo.access.events import Event
from amparo.access.ministry_client import claims_for, endpoints_at
from amparo.access.ministry_links import bind_identity, holder_of
from amparo.access.ministry_rules import (
    OLDEST,
    Attempt,
    Ministry,
    ProviderWrong,
    answer_refusal,
    claims_refusal,
    vouches_for_second_step,
)
from amparo.access.rules import Actor
from amparo.access.shared_limits import first_of
from amparo.base.clock import now

_KEPT, _METHOD = "ministry_attempt", "ministry"


class SignInRefused(Exception):
    """A sign-in with a ministry lets nobody in; `code` is for the trail and chooses the words of the page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def leave_for(ministry: Ministry, session: SessionBase, *, back: str, person: str = "") -> str:
    """Return the address at the provider where the browser goes now; the attempt is kept in its session.

    Args:
        ministry: the provider.
        session: of this browser; an older attempt in it is forgotten.
        back: the address of this node where the provider sends the browser afterwards.
        person: whose account is bound; empty when signing in.

    Raises:
        MinistryAway, ProviderWrong: the provider cannot be used now.
    """
    endpoints = endpoints_at(ministry)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    attempt = Attempt(ministry.id, state, nonce, verifier, began=_seconds(), person=person)
    session[_KEPT] = asdict(attempt)
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": ministry.client_id,
        "redirect_uri": back,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": _challenge(attempt.verifier),
        "code_challenge_method": "S256",
        # A computer is shared: whoever is still signed in at the ministry is asked again who she is.
        "prompt": "login",
        "max_age": str(OLDEST),
    }
    if ministry.acr:
        asked["acr_values"] = " ".join(ministry.acr)
    return f"{endpoints.authorize}{'&' if '?' in endpoints.authorize else '?'}{urlencode(asked)}"


def come_back(request: HttpRequest, ministry: Ministry, *, back: str, by: Actor) -> HttpResponse | None:
    """Read what the browser brought back; return where a sign-in goes on, None when an identity was bound.

    Raises:
        SignInRefused: the answer, the token or the identity lets nobody in.
        MinistryAway: the provider does not answer.
        IdentityTaken, NotAllowed: as `bind_identity`.
    """
    attempt = _taken(request.session)
    if attempt is None:
        raise SignInRefused("other-attempt")
    claims = _believed(request.GET.dict(), attempt, ministry, back=back)
    if attempt.person:
        _bind(attempt, claims, ministry, by)
        return None
    return _signed_in(request, claims, ministry)


def _believed(
    said: Mapping[str, str], attempt: Attempt, ministry: Ministry, *, back: str
) -> Mapping[str, object]:
    """Return what the provider says, once everything about it holds."""
    try:
        endpoints = endpoints_at(ministry)
        names_itself, at = endpoints.names_itself, _seconds()
        if because := answer_refusal(said, attempt, ministry, names_itself=names_itself, at=at):
            raise SignInRefused(because)
        claims = claims_for(said["code"], ministry, endpoints, verifier=attempt.verifier, back=back)
    except ProviderWrong as wrong:
        raise SignInRefused(wrong.code) from wrong
    if because := claims_refusal(claims, ministry, nonce=attempt.nonce, at=_seconds()):
        raise SignInRefused(because)
    return claims


def _bind(attempt: Attempt, claims: Mapping[str, object], ministry: Ministry, by: Actor) -> None:
    """Bind the identity to whoever began; nobody else who sits at this browser now."""
    if attempt.person != str(by.id):
        raise SignInRefused("other-person")
    bind_identity(ministry=ministry, subject=str(claims["sub"]), by=by)


def _signed_in(request: HttpRequest, claims: Mapping[str, object], ministry: Ministry) -> HttpResponse:
    person = holder_of(ministry, str(claims["sub"]))
    if person is None:
        raise SignInRefused("not-bound")
    vouched = vouches_for_second_step(claims, ministry, at=_seconds())
    record_authentication(request, person, method=_METHOD, second_step=vouched)
    reasons = (ministry.id, "second-step") if vouched else (ministry.id,)
    subject = audit.subject_of("person", person.pk)
    audit.record(Event.MINISTRY_VOUCHED, by=person.as_actor(), subject=subject, reasons=reasons)
    answer: HttpResponse = perform_login(request, person)
    return answer


def note_refused(code: str, ministry: Ministry, *, address: str) -> None:
    """Write a refused sign-in down once per reason, address and minute; what a stranger sent is never kept."""
    if first_of("ministry", f"{address} {ministry.id} {code}"):
        audit.record(
            Event.SIGN_IN_FAILED,
            by=NOBODY,
            subject="person:unknown",
            allowed=False,
            reasons=(ministry.id, code),
        )


class OwnSecondStep(AuthenticateStage):  # type: ignore[misc]
    """Ask for the node's own second step, but when a ministry has just vouched for one of its own."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        last = records[-1] if records else {}
        if last.get("method") == _METHOD and last.get("second_step") is True:
            return False
        return bool(super()._should_handle(request))


def _taken(session: SessionBase) -> Attempt | None:
    """Take the attempt out of the session: whatever comes of it, it is not used twice."""
    kept = session.pop(_KEPT, None)
    try:
        return Attempt(**kept) if isinstance(kept, dict) else None
    except TypeError:
        return None


def _challenge(verifier: str) -> str:
    """Return the hash of the verifier that goes out (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _seconds() -> int:
    return int(now().timestamp())
