"""Write and check the open line of an envelope: who sends which sealed bytes to whom, under which numbers.

Pure but for cryptography: no database, clock or network. The line says nothing about type, agency or child.
Design: security design 4.2. Written for other teams in docs/reference/envelope.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amparo.base import seal
from amparo.base.clock import MomentWrong, moment_text, read_moment
from amparo.base.ids import is_random_id
from amparo.exchange import padding, strict_json
from amparo.exchange.codes import Code, EnvelopeRefused
from amparo.exchange.trust import PeerUnknown, TrustList, TrustListExpired

LINE_TYP = "amparo-env+1"
SPEAKS = (1,)
MAX_LINE = 8 * 1024
MAX_MESSAGE = 1024 * 1024
MAX_ENVELOPE = MAX_LINE + 1 + padding.padded_size(MAX_MESSAGE) + seal.SEAL_OVERHEAD
MAX_AHEAD = timedelta(minutes=10)
MAX_LIFE = timedelta(days=14)

_FIELDS = frozenset(
    ("id", "from", "to", "to_key", "thread", "n", "made", "ends", "size", "sha256", "speaks", "list", "crit")
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Route:
    """Where an envelope goes and when. `id`, `thread`: 128 random bits; `n` counts this sender's messages."""

    id: str
    thread: str
    n: int
    from_node: str
    to_node: str
    made: datetime
    ends: datetime


@dataclass(frozen=True)
class Line:
    """The open line of an envelope, after its signature and the bytes under it were checked."""

    route: Route
    to_key: str
    speaks: tuple[int, ...]
    list_number: int
    more: Mapping[str, Any]


def write_line(
    route: Route, *, to_key: str, sealed: bytes, trust: TrustList, node_key: seal.KeyPair
) -> bytes:
    """Return the signed line and its newline, for the sealed bytes that will follow it."""
    fields = _line_fields(route, to_key, sealed, trust.number)
    return seal.sign(node_key.private, fields, kid=node_key.id, typ=LINE_TYP).encode() + b"\n"


def read_line(envelope: bytes, *, trust: TrustList, us: str, now: datetime) -> Line:
    """Check everything that can be checked without opening, in this order.

    Length, line, list, signature, hash, dates; then whether it is for us.

    Args:
        envelope: all bytes as they came.
        trust: the list in use.
        us: id of this node.
        now: this moment.

    Raises:
        EnvelopeRefused: with the code of the first check that failed.
    """
    token, sealed = split(envelope)
    fields = _proven_line(token, trust, now)
    line = _line_from(fields)
    if fields["size"] != len(sealed) or fields["sha256"] != seal.file_digest(sealed):
        raise EnvelopeRefused(Code.BYTES_CHANGED)
    if not _in_time(line.route, now):
        raise EnvelopeRefused(Code.OUTSIDE_DATES)
    if line.route.to_node != us:
        raise EnvelopeRefused(Code.WRONG_RECIPIENT)
    return line


def split(envelope: bytes) -> tuple[str, bytes]:
    """Return the signed line and the sealed bytes, checked for length only; raises `EnvelopeRefused`."""
    if len(envelope) > MAX_ENVELOPE:
        raise EnvelopeRefused(Code.TOO_LARGE)
    token, newline, _ = envelope[: MAX_LINE + 1].partition(b"\n")
    if not newline or not token.isascii():
        raise EnvelopeRefused(Code.LINE_UNREADABLE if len(token) <= MAX_LINE else Code.TOO_LARGE)
    return token.decode(), envelope[len(token) + 1 :]


def bound_info(route: Route, to_key: str) -> bytes:
    """Return the words that bind sealed bytes to their message: they open under no other."""
    parts = ("amparo/1", route.from_node, route.to_node, to_key, route.id, route.thread, str(route.n))
    return "|".join(parts).encode()


def verified(public: bytes, token: str, *, typ: str, max_bytes: int) -> bytes:
    """Return what was signed; raises `EnvelopeRefused`."""
    try:
        return seal.verify(public, token, typ=typ, max_bytes=max_bytes).payload
    except seal.SignatureBroken:
        raise EnvelopeRefused(Code.SIGNATURE_WRONG) from None


def read_object(payload: bytes, known: frozenset[str], *, otherwise: Code) -> dict[str, Any]:
    """Return a strict JSON object; raises `EnvelopeRefused`, mostly with `otherwise`."""
    try:
        return strict_json.load_object(payload, known=known)
    except strict_json.UnknownCritical:
        raise EnvelopeRefused(Code.VERSION_UNKNOWN) from None
    except strict_json.JsonRefused:
        raise EnvelopeRefused(otherwise) from None


def _line_fields(route: Route, to_key: str, sealed: bytes, list_number: int) -> dict[str, Any]:
    return {
        "id": route.id,
        "from": route.from_node,
        "to": route.to_node,
        "to_key": to_key,
        "thread": route.thread,
        "n": route.n,
        "made": moment_text(route.made),
        "ends": moment_text(route.ends),
        "size": len(sealed),
        "sha256": seal.file_digest(sealed),
        "speaks": list(SPEAKS),
        "list": list_number,
    }


def _proven_line(token: str, trust: TrustList, now: datetime) -> dict[str, Any]:
    try:
        node, public = trust.node_sign_key(seal.claimed_signer(token, max_bytes=MAX_LINE), now)
    except seal.SignatureBroken:
        raise EnvelopeRefused(Code.LINE_UNREADABLE) from None
    except (PeerUnknown, TrustListExpired):
        raise EnvelopeRefused(Code.SENDER_UNKNOWN) from None
    payload = verified(public, token, typ=LINE_TYP, max_bytes=MAX_LINE)
    fields = read_object(payload, _FIELDS, otherwise=Code.LINE_UNREADABLE)
    if fields.get("from") != node.id:
        raise EnvelopeRefused(Code.SENDER_UNKNOWN)
    return fields


def _line_from(fields: dict[str, Any]) -> Line:
    if not _has_form(fields):
        raise EnvelopeRefused(Code.LINE_UNREADABLE)
    if not set(fields["speaks"]) & set(SPEAKS):
        raise EnvelopeRefused(Code.VERSION_UNKNOWN)
    try:
        made, ends = read_moment(fields.get("made")), read_moment(fields.get("ends"))
    except MomentWrong:
        raise EnvelopeRefused(Code.LINE_UNREADABLE) from None
    route = Route(
        fields["id"], fields["thread"], fields["n"], fields["from"], fields["to"], made=made, ends=ends
    )
    more = {name: value for name, value in fields.items() if name not in _FIELDS}
    return Line(route, fields["to_key"], tuple(fields["speaks"]), fields["list"], more)


def _has_form(fields: dict[str, Any]) -> bool:
    numbers = [fields.get(name) for name in ("n", "size", "list")]
    speaks = fields.get("speaks")
    return (
        is_random_id(fields.get("id"))
        and is_random_id(fields.get("thread"))
        and all(type(number) is int and number > 0 for number in numbers)
        and isinstance(speaks, list)
        and all(type(version) is int for version in speaks)
        and _fits(_NODE, fields.get("to"))
        and _fits(_KEY_ID, fields.get("to_key"))
        and _fits(_DIGEST, fields.get("sha256"))
    )


def _fits(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _in_time(route: Route, now: datetime) -> bool:
    return route.made <= now + MAX_AHEAD and now < route.ends <= route.made + MAX_LIFE
