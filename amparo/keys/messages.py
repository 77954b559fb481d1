"""Read and write what passes between a node and its key process: four bytes of length, then one JSON object.

Strict on both ends: known fields only, each of its kind and no longer than it may be; whatever else is refused before
anything is done. Nothing but texts and lists of texts is ever made of what came. Decision: 0021.
"""

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from amparo.base import seal
from amparo.keys.rules import BATCH, Asker, Why

VERSION = 1
MAX_BYTES = 512 * 1024
HEAD = struct.Struct(">I")
_CODE = re.compile(r"[a-z-]{0,40}")
_MAX_LABEL = 1_000  # signs: the names of a child are sealed as a label, so that a search opens no case
_MAX_SEALED = 4_200


class NotUnderstood(Exception):
    """What came is no message of this protocol."""


@dataclass(frozen=True)
class Request:
    """One thing asked: `fields` are checked and turned into ids and bytes."""

    do: str
    asker: Asker
    fields: Mapping[str, Any]


def framed(document: Mapping[str, object]) -> bytes:
    """Return the bytes of one message; raises NotUnderstood when it is too long to be sent."""
    body = json.dumps(document, separators=(",", ":")).encode("ascii")
    if len(body) > MAX_BYTES:
        raise NotUnderstood("This is too long for one message.")
    return HEAD.pack(len(body)) + body


def length_of(head: bytes) -> int:
    """Return the length that the first four bytes announce; raises NotUnderstood when it is too long or nothing."""
    (length,) = HEAD.unpack(head)
    if not 0 < length <= MAX_BYTES:
        raise NotUnderstood("This is longer than a message may be.")
    return int(length)


def request_document(do: str, asker: Asker, **fields: object) -> dict[str, object]:
    """Return what a node sends."""
    who = {"actor": str(asker.actor), "role": asker.role, "purpose": asker.purpose}
    return {"v": VERSION, "do": do, **who, **fields}


def read_request(body: bytes) -> Request:
    """Read what a node sent; raises NotUnderstood."""
    document = _object(body)
    do, kinds = document.get("do"), None
    if isinstance(do, str) and document.get("v") == VERSION:
        kinds = _FIELDS.get(do)
    if kinds is None or document.keys() != {"v", "do", "actor", "role", "purpose", *kinds}:
        raise NotUnderstood("This is no request of this protocol.")
    try:
        asker = Asker(_id(document["actor"]), _code(document["role"]), _code(document["purpose"]))
        return Request(str(do), asker, {name: kind(document[name]) for name, kind in kinds.items()})
    except (ValueError, seal.KeyUnusable):
        raise NotUnderstood("A field of this request is not of its kind.") from None


def read_answer(body: bytes) -> tuple[Why | None, Any]:
    """Read what the key process answered: why not, or what was asked for; raises NotUnderstood."""
    document = _object(body)
    if document.keys() == {"given"}:
        return None, document["given"]
    if document.keys() == {"why"} and document["why"] in set(Why):
        return Why(document["why"]), None
    raise NotUnderstood("The key process answered something else.")


def pairs_document(pairs: Sequence[tuple[UUID, bytes]]) -> list[list[str]]:
    """Return ids with sealed bytes as they travel."""
    return [[str(owner), seal.to_text(sealed)] for owner, sealed in pairs]


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotUnderstood("This is no JSON.") from None
    if not isinstance(document, dict):
        raise NotUnderstood("This is no JSON object.")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number here")


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("no text, or too long")
    return value


def _id(value: object) -> UUID:
    text = _text(value, 36)
    found = UUID(text)
    if str(found) != text:
        raise ValueError("an id is written in one way")
    return found


def _code(value: object) -> str:
    if _CODE.fullmatch(_text(value, 40)) is None:
        raise ValueError("no code")
    return str(value)


def _sealed(value: object) -> bytes:
    return seal.from_text(_text(value, 2 * _MAX_SEALED))


def _label(value: object) -> str:
    return _text(value, _MAX_LABEL)


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) > BATCH:
        raise ValueError("no list, or too long")
    return value


def _ids(value: object) -> list[UUID]:
    return [_id(one) for one in _list(value)]


def _pairs(value: object) -> list[tuple[UUID, bytes]]:
    return [_pair(one) for one in _list(value)]


def _pair(value: object) -> tuple[UUID, bytes]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("no pair")
    return _id(value[0]), _sealed(value[1])


# What each request carries beside who asks.
_FIELDS: Mapping[str, Mapping[str, Callable[[object], Any]]] = {
    "wrap": {"owner": _id},
    "unwrap": {"owner": _id, "wrapped": _sealed},
    "seal-label": {"owner": _id, "label": _label},
    "open-labels": {"labels": _pairs},
    "wrap-again": {"wrapped": _pairs, "labels": _pairs},
    "new-key": {},
    "retire-old": {},
    "destroy-old": {},
    "erase": {"owners": _ids},
    "key-ids": {},
}
