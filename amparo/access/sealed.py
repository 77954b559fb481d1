"""Seal what is closest to a child (class P3) to her agency; nobody at the node can read it afterwards.

Sealing needs the public half alone, so a form, a desk and a message can all do it. Opening needs an officer of the
agency with her key open in her session (`sealed_session`). Decision: 0022.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from amparo.access import models
from amparo.base import seal


@dataclass(frozen=True)
class Sealed:
    """Something sealed to a pair: the name of the pair, and the bytes."""

    key_id: str
    content: bytes


class SealTampered(Exception):
    """What is sealed does not open with the key it names, or the key in the database is not the officer's."""


def seal_for(agency: UUID, data: Any, *, place: str) -> Sealed | None:  # noqa: ANN401 - anything JSON can hold
    """Seal data to the pair that an agency uses now, bound to its place; None where it has none yet.

    Without a pair the caller keeps the data under the case's own key, marked as P3: a child is received although no
    ceremony was held, and `amparo p3 reseal` closes it afterwards.
    """
    return seal_bytes_for(agency, json.dumps(data, ensure_ascii=False).encode(), place=place)


def seal_bytes_for(agency: UUID, content: bytes, *, place: str) -> Sealed | None:
    """Seal bytes to the pair that an agency uses now; None where it has none yet."""
    row = models.AgencySeal.objects.filter(agency=agency, retired_at=None).only("key_id", "public").first()
    if row is None:
        return None
    return Sealed(row.key_id, seal.seal_to(bytes(row.public), content, info=_info(row.key_id, place)))


def open_with(private: bytes, key_id: str, sealed: bytes | memoryview, *, place: str) -> Any:  # noqa: ANN401
    """Open what `seal_for` sealed in the same place; raises SealTampered."""
    return json.loads(open_bytes_with(private, key_id, sealed, place=place))


def open_bytes_with(private: bytes, key_id: str, closed: bytes | memoryview, *, place: str) -> bytes:
    """Open what `seal_bytes_for` sealed in the same place; raises SealTampered."""
    try:
        return seal.open_sealed(private, bytes(closed), info=_info(key_id, place))
    except seal.SealBroken:
        raise SealTampered("Something sealed does not open with the key it names.") from None


def _info(key_id: str, place: str) -> bytes:
    return f"amparo/p3|{key_id}|{place}".encode()
