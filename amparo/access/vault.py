"""Seal and open what is personal (class P2), each case and each submission under a data key of its own.

A copy of the database alone has no names: data keys are wrapped by the node key, which stays in the node's home.
Raises `amparo.base.seal.SealBroken` where bytes do not belong to their place. Decision: 0003.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

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


def seal_names(case_id: UUID, names: Sequence[str]) -> bytes:
    """Seal the names of a child as a label is sealed, so that a search opens no case."""
    return seal_label(_of_names(case_id), json.dumps(list(names), ensure_ascii=False))


def open_names(sealed: Sequence[tuple[UUID, Stored]]) -> list[tuple[str, ...]]:
    """Open the names of some children, in the same order."""
    return [tuple(json.loads(open_label(_of_names(case_id), names))) for case_id, names in sealed]


def blind_words(agency: UUID, words: Iterable[tuple[str, str]]) -> list[int]:
    """Return the 32 bits under which each (index, word) stands in an agency's indexes, as signed integers.

    Each index of each agency has a key of its own. Raises amparo.base.seal.KeyUnusable where the node has no key for
    indexes yet: it makes one when it starts.
    """
    made, keys = [], dict[str, bytes]()
    for index, word in words:
        key = keys.get(index)
        if key is None:
            purpose = f"amparo/index/{index}/{agency}"
            key = keys[index] = seal.derived_key(node_keyring().index_key, purpose)
        made.append(int.from_bytes(seal.blind(key, word), "big", signed=True))
    return made


def _of_names(case_id: UUID) -> UUID:
    return uuid5(case_id, "names")
