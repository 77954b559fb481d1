"""Decide whether what a ministry's identity provider says lets an account in, and how its words are read.

Pure: no database, no clock, no network, no cryptography; the signature is checked before (`base/provider_keys.py`).
Norms: OpenID Connect Core 1.0, 3.1.2 and 3.1.3.7; Discovery 1.0, 3 and 4.3; RFC 9207 (issuer in the answer).
Decision: 0029.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SKEW = 60  # seconds by which two clocks may differ
OLDEST = 600  # seconds since a token was made, or since the provider last asked for the password itself
_NAME = re.compile(r"[\x21-\x7e]{1,255}")
_ADDRESS = re.compile(r"[\x21\x22\x24-\x7e]+")  # printable, without blanks and without a fragment


@dataclass(frozen=True)
class Ministry:
    """One identity provider of the node's profile, and the agencies whose people it may vouch for.

    `issuer` is its address, exactly as it calls itself; `side` is where in the node all those agencies are. `acr` and
    `amr` are what it says after a second step of its own; where it says none of them, the node asks for its own.
    """

    id: str
    name: Mapping[str, str]
    issuer: str
    client_id: str
    agencies: tuple[str, ...]
    side: str
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()


@dataclass(frozen=True)
class Endpoints:
    """Where a provider answers, as its own document says; all at the address of the issuer."""

    authorize: str
    token: str
    keys: str
    secret_in_form: bool  # else in the header
    names_itself: bool  # puts its issuer into each answer


@dataclass(frozen=True)
class Attempt:
    """One attempt to sign in or to link, kept in the session from leaving for the provider until coming back."""

    ministry: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    began: int  # seconds since 1970
    person: str = ""  # whose account is linked; empty when signing in


class ProviderWrong(Exception):
    """What a provider sent cannot be used; `code` says what is wrong with it, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def origin_of(issuer: str) -> str:
    """Return scheme, host and port of an address, up to the first slash of its path."""
    scheme, _, rest = issuer.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def endpoints_of(document: Mapping[str, object], *, issuer: str) -> Endpoints:
    """Read a provider's own description; raises ProviderWrong for another issuer or an address elsewhere.

    Every address has to be at the issuer's own host: a provider cannot send us, or our secret, anywhere else.
    """
    if document.get("issuer") != issuer:
        raise ProviderWrong("other-issuer")
    ways = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if not isinstance(ways, list) or not {"client_secret_basic", "client_secret_post"} & {*map(str, ways)}:
        raise ProviderWrong("secret-unusable")
    return Endpoints(
        authorize=_own(document, "authorization_endpoint", issuer),
        token=_own(document, "token_endpoint", issuer),
        keys=_own(document, "jwks_uri", issuer),
        secret_in_form="client_secret_basic" not in ways,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _own(document: Mapping[str, object], name: str, issuer: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        raise ProviderWrong("address-unusable")
    if not address.startswith(origin_of(issuer) + "/"):
        raise ProviderWrong("address-elsewhere")
    return address


def answer_refusal(
    said: Mapping[str, str], attempt: Attempt, ministry: Ministry, *, names_itself: bool, at: int
) -> str:
    """Say why an answer brought back by the browser is not used; empty when it is.

    `state` says it is the answer to this attempt, `iss` that it comes from the provider that was asked (no mix-up).
    """
    if said.get("state") != attempt.state or attempt.ministry != ministry.id:
        return "other-attempt"
    if not attempt.began <= at <= attempt.began + OLDEST:
        return "too-late"
    if said.get("iss", ministry.issuer) != ministry.issuer or (names_itself and "iss" not in said):
        return "other-issuer"
    if "error" in said:
        return "declined"
    return "" if _NAME.fullmatch(said.get("code", "")[:255]) else "no-code"


def claims_refusal(claims: Mapping[str, object], ministry: Ministry, *, nonce: str, at: int) -> str:
    """Say why an id token whose signature holds is not believed; empty when it is.

    Args:
        claims: what the token says.
        ministry: who must have made it, and for which client.
        nonce: the one sent with this attempt.
        at: now, in seconds since 1970.
    """
    if claims.get("iss") != ministry.issuer:
        return "other-issuer"
    if not _is_for(claims, ministry.client_id):
        return "other-audience"
    if (because := _time_refusal(claims, at)) != "":
        return because
    if claims.get("nonce") != nonce or not nonce:
        return "other-nonce"
    subject = claims.get("sub")
    return "" if isinstance(subject, str) and _NAME.fullmatch(subject) else "no-subject"


def _is_for(claims: Mapping[str, object], client: str) -> bool:
    """Test whether a token is for this client, and made for it alone or for it among others."""
    audience = claims.get("aud")
    among = audience if isinstance(audience, list) else [audience]
    if client not in among:
        return False
    return claims.get("azp", client) == client and (len(among) == 1 or "azp" in claims)


def _time_refusal(claims: Mapping[str, object], at: int) -> str:
    ends, made = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if ends is None or made is None:
        return "no-time"
    if at >= ends + SKEW:
        return "expired"
    starts = _seconds(claims.get("nbf", made))
    if made > at + SKEW or starts is None or starts > at + SKEW:
        return "not-yet"
    return "too-old" if made < at - OLDEST - SKEW else ""


def vouches_for_second_step(claims: Mapping[str, object], ministry: Ministry, *, at: int) -> bool:
    """Test whether the provider says that it has just asked for a second step of its own, in the words agreed.

    Without words agreed in the profile, or without the moment when it asked, the node asks for its own second step.
    """
    asked = _seconds(claims.get("auth_time"))
    if asked is None or not at - OLDEST - SKEW <= asked <= at + SKEW:
        return False
    ways = claims.get("amr")
    used = {one for one in ways if isinstance(one, str)} if isinstance(ways, list) else set()
    return claims.get("acr") in ministry.acr or bool(used & {*ministry.amr})


def _seconds(value: object) -> float | None:
    """Return a moment as seconds; None for what is no number, or truth told as one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 2**53 else None
