"""Seal and open what is personal (class P2), each case and each submission under a data key of its own.

A copy of the database alone has no names: data keys are wrapped by keys that stay outside, with the key process where
there is one. Who asks for a key, and what for, is told to their holder from the acting context.
Raises `amparo.base.seal.SealBroken` where bytes do not belong to their place, and the errors of `amparo.keys.trouble`.
Decisions: 0003, 0021.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from amparo.access.actor import acting_now, purpose_now
from amparo.access.audit import subject_of
from amparo.access.keys import key_provider, node_keyring
from amparo.access.refusal import Refused
from amparo.base import seal
from amparo.keys.rules import BATCH, Asker
from amparo.keys.trouble import KeyErased, TooManyCases

# What a binary column gives back.
Stored = bytes | memoryview


class OpenedTooFast(Refused):
    """This person opened as many children as one may in a minute; a moment later it goes on."""


class RecordErased(Refused):
    """The record was erased: its key is destroyed, and nobody opens it again."""


def new_data_key(owner: UUID) -> tuple[bytes, bytes]:
    """Return a fresh data key for a case or submission, and the same key wrapped."""
    return key_provider().wrap(owner, _asker())


def data_key(owner: UUID, wrapped: Stored) -> bytes:
    """Unwrap the data key of a case or submission; raises OpenedTooFast, RecordErased."""
    try:
        return key_provider().unwrap(owner, bytes(wrapped), _asker())
    except TooManyCases as many:
        raise OpenedTooFast(
            "Too many children were opened in one minute.",
            subject=subject_of("record", owner),
            reason_codes=("key-rate",),
        ) from many
    except KeyErased as gone:
        raise RecordErased(
            "This record was erased.", subject=subject_of("record", owner), reason_codes=("erased",)
        ) from gone


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
    return key_provider().seal_label(case_id, label, _asker())


def open_label(case_id: UUID, sealed: Stored) -> str:
    """Open the short label of one case; for a list use `open_labels`, which asks once."""
    return open_labels([(case_id, sealed)])[0]


def open_labels(labels: Sequence[tuple[UUID, Stored]]) -> list[str]:
    """Open the short labels of a list, fifty at a time; raises OpenedTooFast."""
    asker, opened = _asker(), list[str]()
    for start in range(0, len(labels), BATCH):
        part = [(owner, bytes(sealed)) for owner, sealed in labels[start : start + BATCH]]
        try:
            opened += key_provider().open_labels(part, asker)
        except TooManyCases as many:
            raise OpenedTooFast(
                "Too many lists were opened in one minute.", subject="list:labels", reason_codes=("key-rate",)
            ) from many
    return opened


def open_each_label(labels: Sequence[tuple[UUID, Stored]]) -> list[str | None]:
    """Open the short labels of a list, None for each that was changed or is of another case; raises OpenedTooFast."""
    try:
        return [*open_labels(labels)]
    except seal.SealBroken:
        # The holder of the keys refuses a list as a whole; asked one by one, it tells which.
        return [_label_or_none(*one) for one in labels]


def seal_names(case_id: UUID, names: Sequence[str]) -> bytes:
    """Seal the names of a child as a label is sealed, so that a search opens no case."""
    return seal_label(_of_names(case_id), json.dumps(list(names), ensure_ascii=False))


def open_names(sealed: Sequence[tuple[UUID, Stored]]) -> list[tuple[str, ...]]:
    """Open the names of some children, in the same order."""
    opened = open_labels([(_of_names(case_id), names) for case_id, names in sealed])
    return [tuple(json.loads(one)) if one else () for one in opened]


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


def _label_or_none(case_id: UUID, sealed: Stored) -> str | None:
    try:
        return open_label(case_id, sealed)
    except seal.SealBroken:
        return None


def _of_names(case_id: UUID) -> UUID:
    return uuid5(case_id, "names")


def erase_keys(owners: Sequence[UUID]) -> None:
    """Have the keys of these records never opened again; raises amparo.keys.trouble.KeysTrouble."""
    for start in range(0, len(owners), BATCH):
        key_provider().erase(owners[start : start + BATCH], _asker())


def owners_of(case_id: UUID) -> tuple[UUID, UUID]:
    """Return under which ids the keys and labels of a case are held: its own, and that of its names."""
    return case_id, _of_names(case_id)


def _asker() -> Asker:
    actor = acting_now()
    return Asker(actor.id, "system" if actor.reach == "node" else actor.role.value, purpose_now())
