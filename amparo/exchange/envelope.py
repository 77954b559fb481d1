"""Make the envelope that travels between nodes, and open one that came, in a fixed order of checks.

Pure but for cryptography: no database, no clock, no network. What is wrong is told with one of twelve public
codes and nothing more. Whether an id came before is for the inbox to say; it answers `ID_REUSED`.
Design: security design 4.2. Written for other teams in docs/reference/envelope.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from amparo.base import seal
from amparo.exchange import padding, strict_json
from amparo.exchange.codes import Code, EnvelopeRefused
from amparo.exchange.line import (
    MAX_LIFE,
    MAX_MESSAGE,
    Line,
    Route,
    bound_info,
    read_line,
    read_object,
    split,
    verified,
    write_line,
)
from amparo.exchange.sending import message_refusals, surplus
from amparo.exchange.trust import PeerNotAllowed, PeerUnknown, TrustList
from amparo.exchange.trust_document import ListedAgency

MESSAGE_TYP = "amparo-msg+1"

_FIELDS = frozenset(
    (
        "to_agency",
        "from_agency",
        "id",
        "thread",
        "n",
        "type",
        "profile",
        "purpose",
        "basis",
        "view",
        "data",
        "crit",
    )
)


@dataclass(frozen=True)
class Message:
    """What one agency says to another. `more` are fields of a newer version, kept as they came."""

    from_agency: str
    to_agency: str
    type: str
    profile: str
    purpose: str
    data: Mapping[str, Any] = field(repr=False)
    basis: Mapping[str, Any] | None = field(default=None, repr=False)
    view: Mapping[str, Any] | None = field(default=None, repr=False)
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Opened:
    """An envelope that passed every check. `evidence` is the message as the sending agency signed it."""

    line: Line
    message: Message
    evidence: str = field(repr=False)


class MessageNotSendable(Exception):
    """A message breaks its profile or lacks what it must carry; `codes` are those of the refusals."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(f"This message cannot be sent: {', '.join(codes)}.")
        self.codes = tuple(codes)


def make_envelope(
    message: Message, route: Route, *, trust: TrustList, node_key: seal.KeyPair, agency_key: seal.KeyPair
) -> bytes:
    """Sign, pad, seal and sign again: the bytes that travel, the same by every road.

    Args:
        message: what is said.
        route: between which nodes, under which numbers, from when to when.
        trust: the list that gives the receiving agency's key.
        node_key: this node's signing pair.
        agency_key: the sending agency's signing pair.

    Raises:
        MessageNotSendable: outside its profile, too long, or without basis or the child's view.
        TrustListExpired, PeerUnknown, PeerNotAllowed: the recipient cannot be trusted with it now.
    """
    _require_sendable(message, route)
    _require_home(message, route, trust)
    trust.require_profile(
        message.profile, sender=message.from_agency, recipient=message.to_agency, at=route.made
    )
    signed = seal.sign(agency_key.private, _written(message, route), kid=agency_key.id, typ=MESSAGE_TYP)
    if len(signed) > MAX_MESSAGE:
        raise MessageNotSendable(["too-large"])
    key = trust.seal_key_of(message.to_agency, route.made)
    sealed = seal.seal_to(key.public, padding.pad(signed.encode()), info=bound_info(route, key.id))
    return write_line(route, to_key=key.id, sealed=sealed, trust=trust, node_key=node_key) + sealed


def open_envelope(
    envelope: bytes, *, trust: TrustList, us: str, key_for: Callable[[str], bytes | None], now: datetime
) -> Opened:
    """Check and open an envelope.

    Args:
        envelope: all bytes as they came.
        trust: the list in use.
        us: id of this node.
        key_for: gives the private half of a sealing key of one of our agencies, or None.
        now: this moment.

    Raises:
        EnvelopeRefused: with the code of the first check that failed; see `codes`.
    """
    line = read_line(envelope, trust=trust, us=us, now=now)
    private = key_for(line.to_key)
    if private is None:
        raise EnvelopeRefused(Code.WRONG_RECIPIENT)
    evidence = _opened(split(envelope)[1], private, line)
    sender, payload = _proven_message(evidence, trust, now)
    message = _message_from(payload, line)
    _require_parties(message, line, sender, trust, now)
    _require_rules(message, line, trust, now)
    return Opened(line=line, message=message, evidence=evidence)


# Making


def _require_sendable(message: Message, route: Route) -> None:
    refusals = message_refusals(
        profile=message.profile,
        kind=message.type,
        basis=message.basis,
        view=message.view,
        data=message.data,
        on=route.made.date(),
    )
    codes = [refusal.code for refusal in refusals]
    if surplus(message.type, message.data) or message.more:
        codes.append("surplus-field")
    if route.n < 1 or not route.made < route.ends <= route.made + MAX_LIFE:
        codes.append("route")
    if codes:
        raise MessageNotSendable(codes)


def _require_home(message: Message, route: Route, trust: TrustList) -> None:
    homes = (message.from_agency, route.from_node), (message.to_agency, route.to_node)
    for agency, node in homes:
        if trust.agency(agency, route.made).node != node:
            raise PeerUnknown(f"Agency {agency} does not work in node {node}.")


def _written(message: Message, route: Route) -> bytes:
    try:
        return strict_json.dump(
            {
                "to_agency": message.to_agency,
                "from_agency": message.from_agency,
                "id": route.id,
                "thread": route.thread,
                "n": route.n,
                "type": message.type,
                "profile": message.profile,
                "purpose": message.purpose,
                "basis": message.basis,
                "view": message.view,
                "data": message.data,
            }
        )
    except strict_json.JsonRefused:
        raise MessageNotSendable(["not-json"]) from None


# Reading the message


def _opened(sealed: bytes, private: bytes, line: Line) -> str:
    try:
        padded = seal.open_sealed(private, sealed, info=bound_info(line.route, line.to_key))
    except seal.SealBroken:
        raise EnvelopeRefused(Code.SEAL_BROKEN) from None
    try:
        return padding.unpad(padded).decode("ascii")
    except (padding.PaddingWrong, UnicodeDecodeError):
        raise EnvelopeRefused(Code.CONTENT_UNREADABLE) from None


def _proven_message(evidence: str, trust: TrustList, now: datetime) -> tuple[ListedAgency, bytes]:
    try:
        sender, public = trust.agency_sign_key(seal.claimed_signer(evidence, max_bytes=MAX_MESSAGE), now)
    except seal.SignatureBroken:
        raise EnvelopeRefused(Code.CONTENT_UNREADABLE) from None
    except PeerUnknown:
        raise EnvelopeRefused(Code.SENDER_UNKNOWN) from None
    return sender, verified(public, evidence, typ=MESSAGE_TYP, max_bytes=MAX_MESSAGE)


def _message_from(payload: bytes, line: Line) -> Message:
    fields = read_object(payload, _FIELDS, otherwise=Code.CONTENT_UNREADABLE)
    texts = [fields.get(name) for name in ("from_agency", "to_agency", "type", "profile", "purpose")]
    if not all(isinstance(text, str) and text for text in texts):
        raise EnvelopeRefused(Code.CONTENT_UNREADABLE)
    if not isinstance(fields.get("data"), dict) or not all(
        fields.get(name) is None or isinstance(fields[name], dict) for name in ("basis", "view")
    ):
        raise EnvelopeRefused(Code.CONTENT_UNREADABLE)
    route = line.route
    if (fields.get("id"), fields.get("thread"), fields.get("n")) != (route.id, route.thread, route.n):
        raise EnvelopeRefused(Code.SIGNATURE_WRONG)  # signed, but for another envelope
    return Message(
        from_agency=fields["from_agency"],
        to_agency=fields["to_agency"],
        type=fields["type"],
        profile=fields["profile"],
        purpose=fields["purpose"],
        data=fields["data"],
        basis=fields.get("basis"),
        view=fields.get("view"),
        more={name: value for name, value in fields.items() if name not in _FIELDS},
    )


def _require_parties(
    message: Message, line: Line, sender: ListedAgency, trust: TrustList, now: datetime
) -> None:
    if message.from_agency != sender.id or sender.node != line.route.from_node:
        raise EnvelopeRefused(Code.SIGNATURE_WRONG)
    try:
        recipient = trust.agency(message.to_agency, now)
    except PeerUnknown:
        raise EnvelopeRefused(Code.WRONG_RECIPIENT) from None
    keys = {key.id for key in recipient.seal_keys}
    if recipient.node != line.route.to_node or line.to_key not in keys:
        raise EnvelopeRefused(Code.WRONG_RECIPIENT)


def _require_rules(message: Message, line: Line, trust: TrustList, now: datetime) -> None:
    try:
        trust.require_profile(
            message.profile, sender=message.from_agency, recipient=message.to_agency, at=now
        )
    except PeerNotAllowed:
        raise EnvelopeRefused(Code.NOT_PERMITTED) from None
    refusals = message_refusals(
        profile=message.profile,
        kind=message.type,
        basis=message.basis,
        view=message.view,
        data=message.data,
        on=line.route.made.date(),
    )
    if refusals:
        raise EnvelopeRefused(Code.NOT_PERMITTED)
