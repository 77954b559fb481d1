"""Write and read the two signed texts of a return: who receives her accepts, who protects her clears.

Both are compact JWS of an agency, checked against the trust list. Pure but for signatures: no clock, no file, no
database. They name a child by the reference of her case and hold nothing else of her.
Design: security design 5. Format: docs/reference/return-texts.md. Decision: 0018.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from amparo.base import seal
from amparo.base.clock import MomentWrong, moment_text, read_moment
from amparo.base.ids import ReferenceWrong, read_case_reference
from amparo.custody.clearance_rules import Accepted, Terms
from amparo.exchange import strict_json
from amparo.exchange.profiles import Sector
from amparo.exchange.trust import PeerUnknown, TrustList, TrustListExpired
from amparo.exchange.trust_document import ListedAgency

ACCEPTANCE_TYP = "amparo-return-acceptance+1"
CLEARANCE_TYP = "amparo-return-clearance+1"
MAX_BYTES = 8 * 1024
_ACCEPTANCE = frozenset({"reference", "agency", "node", "to_agency", "made", "ends"})
_CLEARANCE = frozenset(
    {
        "id", "reference", "agency", "node", "best_interests", "determined_on", "appeal_over_on", "accepted_by",
        "acceptance_sha256", "made", "valid_until", "proposed_by", "confirmed_by",
    }
)  # fmt: skip


class SignedTextWrong(Exception):
    """An acceptance or clearance is not signed by an agency that may sign it, or not written as it must be."""


@dataclass(frozen=True)
class Cleared:
    """What a clearance says, its signature checked."""

    id: UUID
    reference: str
    agency: str
    valid_until: datetime


def make_acceptance(
    *,
    reference: str,
    agency: str,
    node: str,
    to_agency: str,
    made: datetime,
    ends: datetime,
    key: seal.KeyPair,
) -> str:
    """Sign, as the receiving agency, that a child is taken back into care; `reference` is that of the other node.

    Raises:
        SignedTextWrong: it would be over before it began, or the reference is none.
    """
    if ends <= made:
        raise SignedTextWrong("The acceptance would be over before it began.")
    claims = {
        "reference": _reference(reference),
        "agency": agency,
        "node": node,
        "to_agency": to_agency,
        "made": moment_text(made),
        "ends": moment_text(ends),
    }
    return seal.sign(key.private, strict_json.dump(claims), kid=key.id, typ=ACCEPTANCE_TYP)


def read_acceptance(text: str, *, trust: TrustList, to_agency: str, at: datetime) -> Accepted:
    """Check and read what a receiving agency signed.

    Args:
        text: the signed text.
        trust: the trust list of this node.
        to_agency: the agency of ours that it has to be addressed to.
        at: this moment.

    Raises:
        SignedTextWrong: another signer, sector, addressee or form.
    """
    signer, claims = _checked(text, ACCEPTANCE_TYP, _ACCEPTANCE, trust, at)
    if signer.sector is not Sector.PROTECTION:
        raise SignedTextWrong("Only an agency of child protection can accept a child.")
    if claims["to_agency"] != to_agency:
        raise SignedTextWrong("This acceptance was given to another agency.")
    return Accepted(
        agency=signer.id,
        node=signer.node,
        reference=_reference(claims["reference"]),
        made=_moment(claims["made"]),
        ends=_moment(claims["ends"]),
        sha256=seal.file_digest(text.encode()),
    )


def make_clearance(
    *,
    clearance_id: UUID,
    reference: str,
    agency: str,
    node: str,
    terms: Terms,
    accepted_by: str,
    acceptance_sha256: str,
    proposed_by: UUID,
    confirmed_by: UUID,
    made: datetime,
    key: seal.KeyPair,
) -> str:
    """Sign, as the agency that leads the case, that a return is in the child's best interests and may happen once."""
    claims = {
        "id": str(clearance_id),
        "reference": reference,
        "agency": agency,
        "node": node,
        "best_interests": "return",
        "determined_on": terms.determined_on.isoformat(),
        "appeal_over_on": terms.appeal_over_on.isoformat(),
        "accepted_by": accepted_by,
        "acceptance_sha256": acceptance_sha256,
        "made": moment_text(made),
        "valid_until": moment_text(terms.valid_until),
        "proposed_by": str(proposed_by),
        "confirmed_by": str(confirmed_by),
    }
    return seal.sign(key.private, strict_json.dump(claims), kid=key.id, typ=CLEARANCE_TYP)


def read_clearance(text: str, *, trust: TrustList, at: datetime) -> Cleared:
    """Check and read a clearance, as anybody can who holds the trust list; raises SignedTextWrong.

    Whether it was withdrawn or spent since, only the node that gave it can say.
    """
    signer, claims = _checked(text, CLEARANCE_TYP, _CLEARANCE, trust, at)
    if signer.sector is not Sector.PROTECTION or claims["best_interests"] != "return":
        raise SignedTextWrong("Only an agency of child protection clears a return.")
    if claims["proposed_by"] == claims["confirmed_by"]:
        raise SignedTextWrong("One person alone signed this clearance.")
    until = _moment(claims["valid_until"])
    if not _moment(claims["made"]) <= at < until:
        raise SignedTextWrong("This clearance is not of this time.")
    _day(claims["determined_on"]), _day(claims["appeal_over_on"])
    return Cleared(_uuid(claims["id"]), _reference(claims["reference"]), signer.id, until)


def _checked(
    text: str, typ: str, fields: frozenset[str], trust: TrustList, at: datetime
) -> tuple[ListedAgency, Mapping[str, Any]]:
    """Check signature, signer and form; the signer must be the agency and node that the text names."""
    try:
        signer, public = trust.agency_sign_key(seal.claimed_signer(text, max_bytes=MAX_BYTES), at)
        signed = seal.verify(public, text, typ=typ, max_bytes=MAX_BYTES)
        claims = strict_json.load_object(signed.payload, known=fields)
    except (seal.SignatureBroken, strict_json.JsonRefused, strict_json.UnknownCritical) as wrong:
        raise SignedTextWrong("This text is not signed as it must be.") from wrong
    except (PeerUnknown, TrustListExpired) as wrong:
        raise SignedTextWrong("Nobody whom the trust list names signed this text.") from wrong
    if claims.keys() != fields or not all(isinstance(one, str) for one in claims.values()):
        raise SignedTextWrong("This text does not say all that it must.")
    if (claims["agency"], claims["node"]) != (signer.id, signer.node):
        raise SignedTextWrong("This text is signed by another agency than it names.")
    return signer, claims


def _reference(text: str) -> str:
    try:
        return read_case_reference(text)
    except ReferenceWrong as wrong:
        raise SignedTextWrong("The case reference in this text is none.") from wrong


def _moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except MomentWrong as wrong:
        raise SignedTextWrong("A moment in this text is none.") from wrong


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise SignedTextWrong("A day in this text is none.") from wrong


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise SignedTextWrong("The id in this text is none.") from wrong
