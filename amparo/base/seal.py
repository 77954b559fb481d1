"""Seal, open, sign and check everything that must stay secret or true.

The only file that imports a cryptography library. It invents no cipher: AES-256-GCM, HPKE and Ed25519
are used as their standards give them. It reads no clock, keeps no key and writes nothing. Each sealed
thing starts with a version byte, so that a new suite is a new number here and nothing elsewhere.
Norms: FIPS 197 with SP 800-38D, RFC 9180 with the X-Wing hybrid KEM, RFC 7515, RFC 8032, RFC 9106, RFC 9864.
"""

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

KEY_BYTES = 32
SEAL_PUBLIC_BYTES = 1216  # ML-KEM-768 encapsulation key (1184) and X25519 public key (32)
SALT_BYTES = 16
SEAL_OVERHEAD = 1137  # version byte, KEM ciphertext (1120), AEAD tag (16)
BLIND_BYTES = 4  # short on purpose: a copied index gives many candidates for each name

_AES_256_GCM = b"\x01"
_HYBRID_HPKE = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_ALGORITHM = "Ed25519"
_HEADER_FIELDS = {"alg", "kid", "typ"}
_HEADER_BYTES = 512
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


class SealBroken(Exception):
    """Sealed bytes do not open: changed, cut, of another key, of another place, or of an unknown version."""


class SignatureBroken(Exception):
    """A signed text is not what its signer signed, or is not signed in the one way we accept."""


class KeyUnusable(Exception):
    """Bytes or text that should be a key are not one of the expected kind."""


class ContextMissing(Exception):
    """Something would be sealed without saying where it belongs."""


@dataclass(frozen=True)
class KeyPair:
    """Both halves of a key, as raw bytes; the private half never shows in a printed form."""

    private: bytes
    public: bytes

    @property
    def id(self) -> str:
        """The short name of this key, see `key_id`."""
        return key_id(self.public)

    def __repr__(self) -> str:
        return f"KeyPair(id={self.id!r})"


@dataclass(frozen=True)
class Signed:
    """A text whose signature held: its header (`alg`, `kid`, `typ`) and the bytes that were signed."""

    header: Mapping[str, str]
    payload: bytes


# Secret-key sealing at rest


def new_key() -> bytes:
    """Return 256 fresh random bits: a case's data key, a node key, a key of an index."""
    return AESGCM.generate_key(bit_length=256)


def encrypt(key: bytes, clear: bytes, *, context: str) -> bytes:
    """Seal bytes under a 256-bit key, bound to the place where they belong.

    Args:
        key: 32 bytes.
        clear: what to hide; may be empty.
        context: where it lives, for instance table, column, row and version; needed to open, not secret.

    Returns:
        Version byte, 12 bytes of nonce, sealed bytes with a 16-byte tag.

    Raises:
        ContextMissing: the context is empty.
        KeyUnusable: the key is not 32 bytes.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return _AES_256_GCM + nonce + _aes(key).encrypt(nonce, clear, _bound(_AES_256_GCM, context))


def decrypt(key: bytes, sealed: bytes, *, context: str) -> bytes:
    """Open what `encrypt` sealed.

    Raises:
        SealBroken: another key, another context, another version, or changed bytes.
        ContextMissing, KeyUnusable: as `encrypt`.
    """
    bound = _bound(_AES_256_GCM, context)
    cipher = _aes(key)
    if sealed[:1] != _AES_256_GCM or len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken("These bytes were not sealed by a version this software knows.")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, body, bound)
    except InvalidTag:
        raise SealBroken("These bytes do not open with this key in this place.") from None


def wrap_key(outer: bytes, inner: bytes, *, context: str) -> bytes:
    """Seal one 32-byte key under another; the context is the id of the case it belongs to."""
    _require_key(inner)
    return encrypt(outer, inner, context=f"key:{_named(context)}")


def unwrap_key(outer: bytes, wrapped: bytes, *, context: str) -> bytes:
    """Open what `wrap_key` sealed; raises `SealBroken` for another case's key or a changed one."""
    return decrypt(outer, wrapped, context=f"key:{_named(context)}")


def stretch(passphrase: str, salt: bytes) -> bytes:
    """Return a 256-bit key from a passphrase: Argon2id, 128 MiB, 3 passes, 4 lanes, so that each guess costs.

    Raises:
        KeyUnusable: the salt is not 16 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise KeyUnusable(f"A salt of {SALT_BYTES} bytes is needed, not of {len(salt)}.")
    slow = Argon2id(salt=salt, length=KEY_BYTES, iterations=3, lanes=4, memory_cost=128 * 1024)
    return slow.derive(passphrase.encode())


def new_salt() -> bytes:
    """Return fresh random bytes for `stretch`; not secret, kept beside what it wraps."""
    return os.urandom(SALT_BYTES)


def _aes(key: bytes) -> AESGCM:
    _require_key(key)
    return AESGCM(key)


def _require_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"A key of {KEY_BYTES} bytes is needed, not of {len(key)}.")


def _named(context: str) -> str:
    if not context:
        raise ContextMissing("Say where the sealed bytes belong: the context is empty.")
    return context


def _bound(version: bytes, context: str) -> bytes:
    return version + _named(context).encode()


# Public-key sealing, to an agency


def new_seal_keys() -> KeyPair:
    """Return a fresh pair to be sealed to: private is the 32-byte X-Wing seed, public is 1216 bytes."""
    return seal_keys_from(os.urandom(KEY_BYTES))


def seal_keys_from(seed: bytes) -> KeyPair:
    """Return the pair that a 32-byte X-Wing seed stands for."""
    mlkem_key, x25519_key = _seal_private_parts(seed)
    public = mlkem_key.public_key().public_bytes_raw() + x25519_key.public_key().public_bytes_raw()
    return KeyPair(private=seed, public=public)


def seal_to(public: bytes, clear: bytes, *, info: bytes) -> bytes:
    """Seal bytes so that only the holder of the private half opens them.

    Args:
        public: 1216 bytes, as in `KeyPair.public`.
        clear: what to hide.
        info: what the bytes are for and between whom; needed again to open, not secret, not sent.

    Returns:
        Version byte, HPKE encapsulated key, sealed bytes: `SEAL_OVERHEAD` longer than `clear`.

    Raises:
        KeyUnusable: `public` is not a sealing key.
    """
    try:
        return _HYBRID_HPKE + _SUITE.encrypt(clear, _seal_public(public), info=info)
    except ValueError:  # the library's word for bytes of the right length that are no usable point or matrix
        raise KeyUnusable("These bytes are not a sealing key.") from None


def open_sealed(private: bytes, sealed: bytes, *, info: bytes) -> bytes:
    """Open what `seal_to` sealed; raises `SealBroken`, or `KeyUnusable` for a bad private half."""
    key = hpke.MLKEM768X25519PrivateKey(*_seal_private_parts(private))
    if sealed[:1] != _HYBRID_HPKE:
        raise SealBroken("These bytes were not sealed by a version this software knows.")
    try:
        return _SUITE.decrypt(sealed[1:], key, info=info)
    except InvalidTag:
        raise SealBroken("These bytes do not open with this key for this message.") from None


def _seal_private_parts(seed: bytes) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
    _require_key(seed)
    expanded = hashlib.shake_256(seed).digest(96)  # X-Wing: 64 bytes for ML-KEM, 32 for X25519
    return (
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        x25519.X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def _seal_public(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    if len(public) != SEAL_PUBLIC_BYTES:
        raise KeyUnusable(f"A sealing key has {SEAL_PUBLIC_BYTES} bytes, not {len(public)}.")
    mlkem_key = mlkem.MLKEM768PublicKey.from_public_bytes(public[:-32])
    return hpke.MLKEM768X25519PublicKey(mlkem_key, x25519.X25519PublicKey.from_public_bytes(public[-32:]))


# Signing


def new_sign_keys() -> KeyPair:
    """Return a fresh Ed25519 pair, 32 bytes each half."""
    return sign_keys_from(os.urandom(KEY_BYTES))


def sign_keys_from(seed: bytes) -> KeyPair:
    """Return the Ed25519 pair that a 32-byte seed stands for."""
    _require_key(seed)
    public = ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return KeyPair(private=seed, public=public)


def sign(private: bytes, claims: bytes | Mapping[str, object], *, kid: str, typ: str) -> str:
    """Return a compact JWS (RFC 7515) over bytes, or over a mapping written as compact JSON.

    Args:
        private: 32-byte Ed25519 seed.
        claims: what is signed; a mapping must hold only what JSON can say (no NaN).
        kid: id of the signing key.
        typ: kind of text, so that one kind can never pass for another.
    """
    header = {"alg": _ALGORITHM, "kid": kid, "typ": typ}
    payload = claims if isinstance(claims, bytes) else _json(claims)
    key = _okp(sign_keys_from(private).public, private)
    return jws.serialize_compact(header, payload, key, registry=_registry(len(payload)))


def verify(public: bytes, token: str, *, typ: str, max_bytes: int) -> Signed:
    """Check a compact JWS against one Ed25519 key and one kind.

    Args:
        public: 32 bytes.
        token: the signed text.
        typ: the only kind accepted.
        max_bytes: longest text accepted, counted before anything is decoded.

    Raises:
        SignatureBroken: too long, not compact, another algorithm, kind or header field, or a wrong signature.
        KeyUnusable: `public` is not 32 bytes.
    """
    _require_key(public)
    header = _header_of(token, max_bytes=max_bytes)
    if header["alg"] != _ALGORITHM or header["typ"] != typ:
        raise SignatureBroken("This text is signed in another way, or as another kind of text.")
    try:
        held = jws.deserialize_compact(token, _okp(public), registry=_registry(max_bytes))
    except JoseError:
        raise SignatureBroken("The signature does not hold.") from None
    return Signed(header=header, payload=held.payload)


def claimed_signer(token: str, *, max_bytes: int) -> str:
    """Return the key id that a signed text claims, to look the key up. Nothing is proven yet.

    Raises:
        SignatureBroken: too long, or not a compact JWS with exactly `alg`, `kid` and `typ`.
    """
    return _header_of(token, max_bytes=max_bytes)["kid"]


def _header_of(token: str, *, max_bytes: int) -> dict[str, str]:
    parts = _COMPACT.fullmatch(token) if len(token) <= max_bytes else None
    if parts is None or len(parts[1]) > _HEADER_BYTES:
        raise SignatureBroken("This is not a compact signed text, or it is too long.")
    try:
        pairs = json.loads(from_text(parts[1]), object_pairs_hook=list)
    except (ValueError, KeyUnusable):
        raise SignatureBroken("The header of the signed text cannot be read.") from None
    return _three_texts(pairs)


def _three_texts(pairs: object) -> dict[str, str]:
    # Read as pairs, so that a name given twice is seen: three pairs and three names means each once.
    if isinstance(pairs, list) and len(pairs) == len(_HEADER_FIELDS):
        texts = [p for p in pairs if isinstance(p, tuple) and isinstance(p[1], str)]
        if {name for name, _ in texts} == _HEADER_FIELDS:
            return dict(texts)
    raise SignatureBroken("The header of the signed text has other fields than alg, kid and typ.")


def _registry(max_bytes: int) -> jws.JWSRegistry:
    # Without the explicit list joserfc takes its recommended algorithms, and Ed25519 is not among them.
    registry = jws.JWSRegistry(algorithms=[_ALGORITHM])
    registry.max_payload_length = max_bytes
    return registry


def _okp(public: bytes, private: bytes = b"") -> OKPKey:
    half = {"d": to_text(private)} if private else {}
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": to_text(public), **half})


def _json(claims: Mapping[str, object]) -> bytes:
    return json.dumps(claims, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


# Digests, blind indexes, key names and key texts


def blind(key: bytes, text: str) -> bytes:
    """Return 32 bits of HMAC-SHA-256, to find a text by an index that does not hold it (a key per index)."""
    _require_key(key)
    return hmac.digest(key, text.encode(), "sha256")[:BLIND_BYTES]


def derived_key(key: bytes, purpose: str) -> bytes:
    """Return a key of its own for one purpose; whoever has it learns nothing of the key it comes from."""
    _require_key(key)
    return hmac.digest(key, purpose.encode(), "sha256")


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of bytes as 64 hexadecimal signs."""
    return hashlib.sha256(content).hexdigest()


def same(one: bytes, other: bytes) -> bool:
    """Compare without telling by time where two secrets differ."""
    return hmac.compare_digest(one, other)


def key_id(public: bytes) -> str:
    """Return the name of a public key: the first 128 bits of its SHA-256, as 22 base64url signs."""
    return to_text(hashlib.sha256(public).digest()[:16])


def to_text(key: bytes) -> str:
    """Write bytes of a key as base64url without padding."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Read what `to_text` wrote; raises `KeyUnusable` for any other text, even one for the same bytes."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise KeyUnusable("This text is not a key in base64url.") from None
    if to_text(raw) != text:
        raise KeyUnusable("This text is not a key in base64url.")
    return raw
