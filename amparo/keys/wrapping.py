"""Keep the keys that wrap: several at a time, each with an id, so that one can take over while work goes on.

A wrapped key starts with a version byte and the id of the key that wraps it. New things are wrapped with the newest
key; a retired one still opens, until it is destroyed 30 days later. It writes no half file and prints no key.
Design: security design 3. Decision: 0021.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from amparo.base import seal
from amparo.base.private_file import FileMissing, FileUnsafe, read_private, write_private
from amparo.keys.trouble import KeysMissing, KeysUnusable, WrongKey

FORMAT_VERSION = 1
# Backups of a database are opened with the keys of their time; backups of keys live as long.
RETIRED_LIFE = timedelta(days=30)
KEY_LIFE = timedelta(days=365)
_WITH_KEY_ID = b"\x02"
_ID_BYTES = 8
_HEAD = len(_WITH_KEY_ID) + _ID_BYTES


@dataclass(frozen=True, repr=False)
class WrappingKey:
    """One pair that came into use together: `node` wraps data keys, `label` seals the short labels of lists."""

    node: bytes
    label: bytes
    since: datetime
    retired: datetime | None = None

    @property
    def id(self) -> bytes:
        """Eight bytes that name this key; they tell nothing of it."""
        return hashlib.sha256(b"amparo/wrapping-key/" + self.node).digest()[:_ID_BYTES]

    def __repr__(self) -> str:
        return f"WrappingKey(id={self.id.hex()})"


@dataclass(frozen=True, repr=False)
class WrappingKeys:
    """All keys of a node that wrap, oldest first; replace them as a whole."""

    keys: tuple[WrappingKey, ...]

    def __repr__(self) -> str:
        return f"WrappingKeys({len(self.keys)})"

    @property
    def newest(self) -> WrappingKey:
        """The key that wraps what is new."""
        return self.keys[-1]

    def of(self, sealed: bytes) -> tuple[WrappingKey, bytes]:
        """Return the key under which these bytes are, and the bytes without their head; raises WrongKey.

        What was sealed before keys had ids was sealed under the first one.
        """
        if sealed[:1] != _WITH_KEY_ID:
            return self.keys[0], sealed
        held = {key.id: key for key in self.keys}
        key = held.get(sealed[1:_HEAD])
        if key is None:
            raise WrongKey("The key that wraps this is not among the keys of this node.")
        return key, sealed[_HEAD:]


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key under which these bytes are, as 16 hexadecimal signs; empty for the first format."""
    return sealed[1:_HEAD].hex() if sealed[:1] == _WITH_KEY_ID else ""


def headed(key: WrappingKey, sealed: bytes) -> bytes:
    """Put the version byte and the id of the key before sealed bytes."""
    return _WITH_KEY_ID + key.id + sealed


def new_wrapping_key(at: datetime) -> WrappingKey:
    """Return a fresh pair, in use from a moment on."""
    return WrappingKey(seal.new_key(), seal.new_key(), at.replace(microsecond=0))


def with_new_key(keys: WrappingKeys, at: datetime) -> WrappingKeys:
    """Add a key that wraps from now on; the older ones still open."""
    return WrappingKeys((*keys.keys, new_wrapping_key(at)))


def with_retired(keys: WrappingKeys, at: datetime) -> WrappingKeys:
    """Retire every key but the newest: nothing is wrapped with them any more."""
    older = tuple(replace(key, retired=key.retired or at.replace(microsecond=0)) for key in keys.keys[:-1])
    return WrappingKeys((*older, keys.newest))


def without_dead(keys: WrappingKeys, at: datetime) -> WrappingKeys:
    """Return the keys without those that were retired 30 days ago or more; the newest is never retired."""
    return WrappingKeys(
        tuple(key for key in keys.keys if key.retired is None or at < key.retired + RETIRED_LIFE)
    )


def read_wrapping(path: Path) -> WrappingKeys:
    """Read the key file.

    Raises:
        KeysMissing: there is none.
        KeysUnusable: others could read it, or it is not one that this software wrote.
    """
    try:
        content = read_private(path)
    except FileMissing as missing:
        raise KeysMissing(
            f"There is no key file {path}. Without it no record opens: bring it back from the backup of keys,"
            " and start again. Never make a new one in its place: it opens nothing that is kept."
        ) from missing
    except FileUnsafe as unsafe:
        raise KeysUnusable(str(unsafe)) from unsafe
    try:
        return _keys_from(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, seal.KeyUnusable):
        raise KeysUnusable(
            f"{path} is not a key file that this software wrote. Bring it back from the backup of keys."
        ) from None


def write_wrapping(keys: WrappingKeys, path: Path) -> None:
    """Write the key file whole or not at all; raises OSError where it cannot be written."""
    document = {"format_version": FORMAT_VERSION, "keys": [_document(key) for key in keys.keys]}
    write_private(path, json.dumps(document, indent=1).encode("ascii"))


def make_once(path: Path, at: datetime) -> None:
    """Make the key file at the first start; one that is there stays as it is."""
    if not path.exists():
        write_wrapping(WrappingKeys((new_wrapping_key(at),)), path)


def _document(key: WrappingKey) -> dict[str, str | None]:
    return {
        "id": key.id.hex(),
        "node": seal.to_text(key.node),
        "label": seal.to_text(key.label),
        "since": key.since.isoformat(),
        "retired": key.retired.isoformat() if key.retired else None,
    }


def _keys_from(document: dict[str, Any]) -> WrappingKeys:
    if document["format_version"] != FORMAT_VERSION or not document["keys"]:
        raise ValueError("another format")
    keys = tuple(_key_from(one) for one in document["keys"])
    _require_order(keys)
    return WrappingKeys(keys)


def _key_from(one: dict[str, Any]) -> WrappingKey:
    node, label = (seal.from_text(one[name]) for name in ("node", "label"))
    retired = datetime.fromisoformat(one["retired"]) if one["retired"] else None
    key = WrappingKey(node, label, datetime.fromisoformat(one["since"]), retired)
    if len(node) != seal.KEY_BYTES or len(label) != seal.KEY_BYTES or one["id"] != key.id.hex():
        raise ValueError("a key does not fit its name")
    if key.since.tzinfo is None or (retired is not None and retired.tzinfo is None):
        raise ValueError("a date has no zone")
    return key


def _require_order(keys: Iterable[WrappingKey]) -> None:
    *older, newest = keys
    if newest.retired is not None:
        raise ValueError("the newest key is retired")
    if len({key.id for key in (*older, newest)}) != len(older) + 1:
        raise ValueError("a key stands twice")
