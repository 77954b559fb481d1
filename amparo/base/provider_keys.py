"""Check that a text was signed by one of the keys that its maker publishes (JSON Web Key Set), and by nothing else.

For identity providers, whose keys and algorithms are not ours to choose; what nodes say to each other is Ed25519, in
`base/seal.py`. Only algorithms with a private half are accepted: never `none`, never a shared secret. The key is taken
from the published set alone; a key or an address inside the text is not looked at. Norms: RFC 7515, RFC 8725.
Decision: 0029.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from amparo.base.seal import SignatureBroken

# Each algorithm, and what a key for it has to be.
_KINDS: Mapping[str, tuple[str, str]] = {
    "RS256": ("RSA", ""),
    "PS256": ("RSA", ""),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
}
_LONGEST = 16 * 1024
_MOST_KEYS = 20
_SHORTEST_RSA = 2048  # bits


class KeyNotPublished(Exception):
    """No key of the set fits the text; the set may have changed since it was fetched."""


def signed_claims(token: str, keys: Iterable[object]) -> dict[str, object]:
    """Return what a signed text says when a published key vouches for it.

    Args:
        token: compact JWS, at most 16 KiB.
        keys: the members `keys` of the maker's set, as they were fetched; unusable ones are passed over.

    Raises:
        SignatureBroken: not a compact JWS, an algorithm that is not accepted, a signature that does not hold, or no
            object inside.
        KeyNotPublished: no key of the set is for this text.
    """
    header = _header_of(token)
    algorithm, kid = str(header.get("alg")), header.get("kid")
    if algorithm not in _KINDS:
        raise SignatureBroken("This text is signed in a way that is not accepted.")
    published = [key for key in list(keys)[:_MOST_KEYS] if isinstance(key, dict)]
    fitting = [key for key in published if _fits(key, algorithm, kid)]
    if not fitting:
        raise KeyNotPublished
    for key in fitting:
        if (payload := _payload(token, key, algorithm)) is not None:
            return _claims(payload)
    raise SignatureBroken("The signature does not hold.")


def _header_of(token: str) -> dict[str, object]:
    if len(token) > _LONGEST or token.count(".") != 2 or not token.isascii():
        raise SignatureBroken("This is not a compact signed text, or it is too long.")
    try:
        return dict(jws.extract_compact(token.encode(), registry=_registry()).headers())
    except (JoseError, ValueError, TypeError, RecursionError):
        raise SignatureBroken("The header of the signed text cannot be read.") from None


def _fits(key: Mapping[str, object], algorithm: str, kid: object) -> bool:
    """Test whether a published key is one for this algorithm and, where the text names one, the key named."""
    kind, curve = _KINDS[algorithm]
    if key.get("kty") != kind or (curve and key.get("crv") != curve):
        return False
    if key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        return False
    return kid is None or key.get("kid") == kid


def _payload(token: str, key: dict[str, Any], algorithm: str) -> bytes | None:
    """Return what was signed when this key holds; None where it does not, or is too weak or broken."""
    try:
        public = RSAKey.import_key(key) if _KINDS[algorithm][0] == "RSA" else ECKey.import_key(key)
        if isinstance(public, RSAKey) and public.public_key.key_size < _SHORTEST_RSA:
            return None
        return bytes(jws.deserialize_compact(token, public, registry=_registry(algorithm)).payload)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _registry(*algorithms: str) -> jws.JWSRegistry:
    registry = jws.JWSRegistry(algorithms=list(algorithms))
    registry.max_header_length = _LONGEST  # some providers put certificates there; they are not looked at
    return registry


def _claims(payload: bytes) -> dict[str, object]:
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise SignatureBroken("What was signed is not a list of names with values.")
    return said
