"""Sign that an envelope came, and check the receipt of one that was sent.

Pure but for signatures: no clock, no database. The inbox keeps the text and answers a repeat with it again.
Design: security design 4.3.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from amparo.base import seal
from amparo.base.clock import MomentWrong, moment_text, read_moment
from amparo.base.ids import is_random_id
from amparo.exchange import strict_json
from amparo.exchange.codes import Code
from amparo.exchange.trust import PeerUnknown, TrustList, TrustListExpired

TYP = "amparo-rcpt+1"
MAX_BYTES = 4 * 1024
_FIELDS = frozenset({"id", "sha256", "at", "status", "code"})


class Status(StrEnum):
    """What became of an envelope at the other end."""

    STORED = "stored"
    REFUSED = "refused"


class ReceiptWrong(Exception):
    """A receipt is not of the node we wrote to, or not about what we sent."""


@dataclass(frozen=True)
class Receipt:
    """What the other node signed. `id` is empty if it could read none; `code` is None if it stored."""

    id: str
    sha256: str
    at: datetime
    status: Status
    code: Code | None


def make_receipt(
    node_key: seal.KeyPair, envelope: bytes, *, envelope_id: str = "", code: Code | None = None, at: datetime
) -> str:
    """Sign what became of the bytes that came: stored, or refused with a code.

    Args:
        node_key: this node's signing pair.
        envelope: all bytes, exactly as they came.
        envelope_id: the id in its line, or empty when there was none to read.
        code: why it was refused; None when it was stored.
        at: when.
    """
    claims: dict[str, Any] = {
        "id": envelope_id,
        "sha256": seal.file_digest(envelope),
        "at": moment_text(at),
        "status": (Status.STORED if code is None else Status.REFUSED).value,
    }
    if code is not None:
        claims["code"] = code.value
    return seal.sign(node_key.private, claims, kid=node_key.id, typ=TYP)


def read_receipt(text: str, *, envelope: bytes, to_node: str, trust: TrustList, now: datetime) -> Receipt:
    """Check a receipt against what was sent and to whom.

    Args:
        text: the receipt.
        envelope: the bytes that were sent.
        to_node: the node they were sent to.
        trust: the list in use.
        now: this moment.

    Raises:
        ReceiptWrong: unsigned, of another node, of other bytes, or not readable.
    """
    try:
        node, public = trust.node_sign_key(seal.claimed_signer(text, max_bytes=MAX_BYTES), now)
        signed = seal.verify(public, text, typ=TYP, max_bytes=MAX_BYTES)
        receipt = _receipt_from(strict_json.load_object(signed.payload, known=_FIELDS))
    except (seal.SignatureBroken, PeerUnknown, TrustListExpired):
        raise ReceiptWrong("The receipt is not signed by a node that we know now.") from None
    except (strict_json.JsonRefused, strict_json.UnknownCritical, MomentWrong, ValueError, KeyError):
        raise ReceiptWrong("The receipt cannot be read.") from None
    if node.id != to_node or receipt.sha256 != seal.file_digest(envelope):
        raise ReceiptWrong("The receipt is not about what we sent to this node.")
    return receipt


def _receipt_from(fields: dict[str, Any]) -> Receipt:
    status = Status(fields["status"])
    code = Code(fields["code"]) if status is Status.REFUSED else None
    if not is_random_id(fields["id"]) and (status is Status.STORED or fields["id"] != ""):
        raise ValueError("no id")
    return Receipt(fields["id"], str(fields["sha256"]), read_moment(fields["at"]), status, code)
