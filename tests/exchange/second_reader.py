"""Open an envelope a second time, from the specification alone: no code of `amparo`, no HPKE library.

It shows that docs/reference/envelope.md is enough to build another implementation. It checks signatures and
opens; it does not repeat the rules. Norms: RFC 9180 sections 4 and 5, X-Wing, RFC 7515, RFC 8032, Padmé.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEM = b"\x64\x7a"
X_WING_LABEL = bytes.fromhex("5c2e2f2f5e5c")
SUITE = b"HPKE" + KEM + b"\x00\x01" + b"\x00\x02"


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public_of(sign_seed: str) -> Ed25519PublicKey:
    return Ed25519PrivateKey.from_private_bytes(unb64(sign_seed)).public_key()


def read_signed(token: str, public: Ed25519PublicKey, typ: str) -> dict[str, Any]:
    """Check a compact JWS; raises `InvalidSignature`."""
    header, payload, signature = token.split(".")
    public.verify(unb64(signature), f"{header}.{payload}".encode())
    said = json.loads(unb64(header))
    assert (said["alg"], said["typ"]) == ("Ed25519", typ)
    fields: dict[str, Any] = json.loads(unb64(payload))
    return fields


def open_message(sealed: bytes, seed: bytes, line: dict[str, Any]) -> str:
    """Return the signed message inside sealed bytes."""
    assert sealed[:1] == b"\x01"
    secret = _x_wing(seed, sealed[1:1121])
    names = ("from", "to", "to_key", "id", "thread", "n")
    info = "|".join(["amparo/1", *(str(line[name]) for name in names)]).encode()
    key, nonce = _schedule(secret, info)
    padded = AESGCM(key).decrypt(nonce, sealed[1121:], b"")
    return padded.rstrip(b"\x00").removesuffix(b"\x80").decode()


def _x_wing(seed: bytes, capsule: bytes) -> bytes:
    expanded = hashlib.shake_256(seed).digest(96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(capsule[:1088])
    curve = X25519PrivateKey.from_private_bytes(expanded[64:])
    shared = curve.exchange(X25519PublicKey.from_public_bytes(capsule[1088:]))
    own = curve.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha3_256(lattice + shared + capsule[1088:] + own + X_WING_LABEL).digest()


def _schedule(secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    context = b"\x00" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    master = _extract(secret, b"secret", b"")
    return _expand(master, b"key", context, 32), _expand(master, b"base_nonce", context, 12)


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE + label + material, "sha256")


def _expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    # One block of HKDF is enough: neither the key nor the nonce is longer than a SHA-256.
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]
