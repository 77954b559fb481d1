"""Seal and open what is personal (class P2), each case and each submission under a data key of its own.

A copy of the database alone has no names: data keys are wrapped by the node key, which stays in the node's home.
Raises `amparo.base.seal.SealBroken` where bytes do not belong to their place. Decision: 0003.
"""

import json
from typing import Any
from uuid import UUID

from amparo.access.keys import node_keyring
from amparo.base import seal

# What a binary column gives back.
Stored = bytes | memoryview


def new_data_key(owner: UUID) -> tuple[bytes, bytes]:
    """Return a fresh data key for a case or submission, and the same key wrapped by the node key."""
    key = seal.new_key()
    return key, seal.wrap_key(node_keyring().node_key, key, context=str(owner))


def data_key(owner: UUID, wrapped: Stored) -> bytes:
    """Unwrap the data key of a case or submission."""
    return seal.unwrap_key(node_keyring().node_key, bytes(wrapped), context=str(owner))


def seal_data(key: bytes, data: Any, *, place: str) -> bytes:  # noqa: ANN401
    """Seal anything JSON can hold, bound to its place (table, column, row)."""
    return seal.encrypt(key, json.dumps(data, ensure_ascii=False).encode(), context=place)


def open_data(key: bytes, sealed: Stored, *, place: str) -> Any:  # noqa: ANN401
    """Open what `seal_data` sealed in the same place."""
    return json.loads(seal.decrypt(key, bytes(sealed), context=place))


def seal_bytes(key: bytes, content: bytes, *, place: str) -> bytes:
    """Seal a file as it came."""
    return seal.encrypt(key, content, context=place)


def open_bytes(key: bytes, sealed: Stored, *, place: str) -> bytes:
    """Open a file sealed by `seal_bytes`."""
    return seal.decrypt(key, bytes(sealed), context=place)


def seal_label(case_id: UUID, label: str) -> bytes:
    """Seal the short label of a list under the list key, so that a list opens no case."""
    return seal.encrypt(node_keyring().list_key, label.encode(), context=f"label:{case_id}")


def open_label(case_id: UUID, sealed: Stored) -> str:
    """Open the short label of a case."""
    return seal.decrypt(node_keyring().list_key, bytes(sealed), context=f"label:{case_id}").decode()
