"""Ask a ministry's identity provider: its addresses, its keys, and the id token for a code. Believes nothing of it.

Redirects are not followed, answers are cut off at a size and a moment, and nothing is asked but at the issuer's own
address. What was fetched is kept for some minutes in this process. Norm: OpenID Connect Core 1.0, 3.1.3.
Decision: 0029.
"""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote

import httpx
from django.conf import settings

from amparo.access.ministry_rules import Endpoints, Ministry, ProviderWrong, endpoints_of
from amparo.base.private_file import FileMissing, FileUnsafe, read_private
from amparo.base.provider_keys import KeyNotPublished, signed_claims
from amparo.base.seal import SignatureBroken

LONGEST_ANSWER = 256 * 1024  # bytes
LONGEST_WAIT = 10.0  # seconds for one whole answer
KEPT = 600.0  # seconds
AGAIN_AFTER = 60.0  # seconds before keys are fetched once more for a key that was not there
_TIMEOUT = httpx.Timeout(5.0, connect=3.0)
_DOCUMENT = "/.well-known/openid-configuration"
_log = logging.getLogger(__name__)


class MinistryAway(Exception):
    """The provider does not answer, or not with what can be read; another way to sign in stays open."""


@dataclass(frozen=True)
class _Fetched:
    document: Mapping[str, object]
    at: float


_kept: dict[str, _Fetched] = {}
_lock = Lock()


def forget_providers() -> None:
    """Forget what was fetched, so that it is asked for again."""
    with _lock:
        _kept.clear()


def endpoints_at(ministry: Ministry) -> Endpoints:
    """Return where a provider answers; raises MinistryAway, ProviderWrong."""
    document = _fetched(ministry.issuer.rstrip("/") + _DOCUMENT, fresh_after=KEPT)
    return endpoints_of(document, issuer=ministry.issuer)


def claims_for(
    code: str, ministry: Ministry, endpoints: Endpoints, *, verifier: str, back: str
) -> dict[str, object]:
    """Return what the id token says that a provider gives for a code, once its signature holds.

    Args:
        code: what the browser brought back.
        ministry: who is asked.
        endpoints: where, as its own document says.
        verifier: the secret of PKCE (RFC 7636) whose hash went out with this attempt.
        back: the address the browser came back to.

    Raises:
        MinistryAway: no answer, or none that can be read.
        ProviderWrong: it gave no id token, or one that none of its keys vouches for.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    answer = _asked("POST", endpoints.token, **_with_secret(form, ministry, endpoints))
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderWrong("no-token")
    try:
        return _verified(token, endpoints)
    except (SignatureBroken, KeyNotPublished) as wrong:
        raise ProviderWrong("signature") from wrong


def _verified(token: str, endpoints: Endpoints) -> dict[str, object]:
    """Check a token; where no key is for it the set is fetched once more, as providers change their keys."""
    try:
        return signed_claims(token, _keys(endpoints.keys, fresh_after=KEPT))
    except KeyNotPublished:
        return signed_claims(token, _keys(endpoints.keys, fresh_after=AGAIN_AFTER))


def _keys(address: str, *, fresh_after: float) -> list[object]:
    keys = _fetched(address, fresh_after=fresh_after).get("keys")
    return keys if isinstance(keys, list) else []


def _with_secret(form: dict[str, str], ministry: Ministry, endpoints: Endpoints) -> dict[str, object]:
    """Add how this node proves at the provider that it is the client it says."""
    secret = _secret_of(ministry)
    if endpoints.secret_in_form:
        return {"data": form | {"client_id": ministry.client_id, "client_secret": secret}}
    # RFC 6749, 2.3.1: both are written as in a form before they are put together.
    pair = (quote(ministry.client_id, safe=""), quote(secret, safe=""))
    return {"data": form, "auth": pair}


def _secret_of(ministry: Ministry) -> str:
    path = settings.HOME.ministry_secret(ministry.id, settings.SECTOR)
    try:
        return read_private(path).decode("ascii").strip()
    except (FileMissing, FileUnsafe, UnicodeDecodeError) as wrong:
        _log.error("The secret for signing in with %s cannot be read: %s", ministry.id, wrong)
        raise MinistryAway from wrong


def _fetched(address: str, *, fresh_after: float) -> Mapping[str, object]:
    with _lock:
        known = _kept.get(address)
    if known is not None and time.monotonic() - known.at < fresh_after:
        return known.document
    document = _asked("GET", address)
    with _lock:
        _kept[address] = _Fetched(document, time.monotonic())
    return document


def _asked(method: str, address: str, **more: object) -> dict[str, object]:
    """Ask once and return the object in the answer; raises MinistryAway."""
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, **more) as answer,  # type: ignore[arg-type]
        ):
            body = _bounded(answer)
        said = json.loads(body) if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as wrong:
        raise MinistryAway from wrong
    if not isinstance(said, dict):
        raise MinistryAway
    return said


def _bounded(answer: httpx.Response) -> bytes:
    """Read an answer as far as it may be long and may last."""
    body, until = b"", time.monotonic() + LONGEST_WAIT
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > LONGEST_ANSWER or time.monotonic() > until:
            raise MinistryAway
    return body
