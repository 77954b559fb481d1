"""Sign the head of an audit trail, cosign another node's, and check such texts; nothing of a child is in them.

Pure but for signatures: no clock, no database, no network. A head says: at this moment this node's trail had so many
rows, and this is the hash over all of them. Design: security design 5 (audit). Decision: 0024.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amparo.base import seal
from amparo.base.clock import MomentWrong, moment_text, read_moment
from amparo.exchange import strict_json
from amparo.exchange.trust import PeerUnknown, TrustList, TrustListExpired

HEAD_TYP, COSIGN_TYP = "amparo-head+1", "amparo-cosign+1"
MAX_BYTES = 2 * 1024
_HEAD = frozenset({"node", "number", "hash", "root", "at", "former"})
_COSIGN = frozenset({"witness", "node", "number", "hash", "root", "at"})


class HeadWrong(Exception):
    """A head or cosignature is not signed by whom it should be, or cannot be read."""


@dataclass(frozen=True)
class SignedHead:
    """How many rows a node's trail had at a moment; `hash` of its last link and `root` over all, in hexadecimal.

    `former` is the SHA-256 of the signed head before, or empty for the first.
    """

    node: str
    number: int
    hash: str
    root: str
    at: datetime
    former: str = ""


@dataclass(frozen=True)
class Cosignature:
    """What a witness saw of a node's trail, and when; each head it cosigns continues the one before."""

    witness: str
    node: str
    number: int
    hash: str
    root: str
    at: datetime


def make_head(head: SignedHead, key: seal.KeyPair) -> str:
    """Sign a head with the node's key."""
    return seal.sign(key.private, _claims(head), kid=key.id, typ=HEAD_TYP)


def make_cosignature(cosignature: Cosignature, key: seal.KeyPair) -> str:
    """Sign what this node, as a witness, has seen of another's trail."""
    return seal.sign(key.private, _claims(cosignature), kid=key.id, typ=COSIGN_TYP)


def read_head(text: str, *, trust: TrustList, now: datetime) -> SignedHead:
    """Check a head that came from another node; raises HeadWrong."""
    fields, signer = _read(text, HEAD_TYP, _HEAD, trust, now)
    head = _head_from(fields)
    if head.node != signer:
        raise HeadWrong("The head is signed by another node than the one it speaks of.")
    return head


def read_own_head(text: str, publics: Mapping[str, bytes]) -> SignedHead:
    """Check a head that this node signed, now or earlier; `publics` are its keys by id. Raises HeadWrong."""
    try:
        public = publics[seal.claimed_signer(text, max_bytes=MAX_BYTES)]
        signed = seal.verify(public, text, typ=HEAD_TYP, max_bytes=MAX_BYTES)
        return _head_from(strict_json.load_object(signed.payload, known=_HEAD))
    except (KeyError, seal.SignatureBroken, strict_json.JsonRefused, strict_json.UnknownCritical):
        raise HeadWrong("A checkpoint of this node is not signed with its key.") from None


def read_cosignature(text: str, *, node: str, witness: str, trust: TrustList, now: datetime) -> Cosignature:
    """Check what a witness said of a node.

    Args:
        text: the signed words.
        node: whose trail it must be about.
        witness: who must have signed it.
        trust: the list in use, which gives the witness's key.
        now: this moment; the key must be good now, so a stolen old key proves nothing any more.

    Raises:
        HeadWrong: of another witness, about another node, unsigned or not readable.
    """
    fields, signer = _read(text, COSIGN_TYP, _COSIGN, trust, now)
    found = _cosignature_from(fields)
    if found.node != node or not found.witness == signer == witness:
        raise HeadWrong("The cosignature is not what this witness says of this node.")
    return found


def _read(
    text: str, typ: str, known: frozenset[str], trust: TrustList, now: datetime
) -> tuple[dict[str, Any], str]:
    try:
        node, public = trust.node_sign_key(seal.claimed_signer(text, max_bytes=MAX_BYTES), now)
        signed = seal.verify(public, text, typ=typ, max_bytes=MAX_BYTES)
        return strict_json.load_object(signed.payload, known=known), node.id
    except (seal.SignatureBroken, PeerUnknown, TrustListExpired):
        raise HeadWrong("It is not signed by a node that we know now.") from None
    except (strict_json.JsonRefused, strict_json.UnknownCritical):
        raise HeadWrong("It cannot be read.") from None


def _claims(said: SignedHead | Cosignature) -> dict[str, Any]:
    return {**vars(said), "at": moment_text(said.at)}


def _head_from(fields: Mapping[str, Any]) -> SignedHead:
    known = _common(fields)
    former = fields.get("former")
    if former != "" and not is_hash(former):
        raise HeadWrong("It does not say which head came before.")
    return SignedHead(**known, former=str(former))


def _cosignature_from(fields: Mapping[str, Any]) -> Cosignature:
    if not isinstance(fields.get("witness"), str):
        raise HeadWrong("It does not say who signed it.")
    known = _common(fields)
    return Cosignature(**known, witness=fields["witness"])


def _common(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the five fields that both texts have; raises HeadWrong."""
    number = fields.get("number")
    try:
        at = read_moment(fields.get("at"))
    except MomentWrong:
        raise HeadWrong("It has no moment.") from None
    sound = type(number) is int and number >= 0 and isinstance(fields.get("node"), str)
    if not sound or not is_hash(fields.get("hash")) or not is_hash(fields.get("root")):
        raise HeadWrong("It has no number, or no hashes.")
    return {name: fields[name] for name in ("node", "number", "hash", "root")} | {"at": at}


def is_hash(text: object) -> bool:
    """Test for 64 small hexadecimal signs."""
    return isinstance(text, str) and len(text) == 64 and not set(text) - set("0123456789abcdef")
