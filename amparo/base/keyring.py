"""Keep the keys of one node in one file that only its own account can read.

It reads no clock and shows no private half. It never writes half a file, and refuses a file that others
could read.
Decision of the design: seal keys live 90 days, sign keys a year; old seal keys open for 30 days more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from amparo.base import seal
from amparo.base.private_file import FileMissing, FileUnsafe, read_private, write_private

FORMAT_VERSION = 2
# Before 2 the keys that wrap stood in this file too; they have one of their own now (amparo/keys/wrapping.py).
_WITH_WRAPPING = 1
SIGN_KEY_LIFE = timedelta(days=365)
SEAL_KEY_LIFE = timedelta(days=90)
DUE_BEFORE = timedelta(days=14)  # a new key must reach every trust list before the old one ends
OPENING_AFTER = timedelta(days=30)  # an envelope may be on its way when its key is replaced


class KeyringMissing(Exception):
    """There is no key file where the node expects it."""


class KeyringUnsafe(Exception):
    """Other accounts of this machine could read or change the key file."""


class KeyringWrong(Exception):
    """The key file is not one that this software wrote."""


class KeyMissing(Exception):
    """The node holds no key of this kind for this agency at this time."""


@dataclass(frozen=True)
class DatedKey:
    """A key pair and the time it may be used in: `since` inclusive, `until` exclusive, both with a zone."""

    pair: seal.KeyPair
    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Test whether new things may be signed or sealed with this key at a moment."""
        return self.since <= at < self.until


@dataclass(frozen=True)
class AgencyKeys:
    """The keys of one agency, newest last."""

    sign: tuple[DatedKey, ...]
    seal: tuple[DatedKey, ...]


@dataclass(frozen=True, repr=False)
class Keyring:
    """All keys with which a node and its agencies sign and open letters; replace it as a whole, never in place."""

    node: str
    sign: tuple[DatedKey, ...]
    agencies: Mapping[str, AgencyKeys]
    # Makes the words of an index blind (decision 23); empty in a file from before, until the node starts again.
    index_key: bytes = b""

    def __repr__(self) -> str:
        return f"Keyring(node={self.node!r})"

    def node_sign_key(self, at: datetime) -> seal.KeyPair:
        """Return the newest key this node signs with at a moment; raises `KeyMissing`."""
        return _newest(self.sign, at, f"node {self.node}")

    def agency_sign_key(self, agency: str, at: datetime) -> seal.KeyPair:
        """Return the newest key an agency signs with at a moment; raises `KeyMissing`."""
        return _newest(self._of(agency).sign, at, f"agency {agency}")

    def seal_private(self, key_id: str, at: datetime) -> bytes:
        """Return the private half that opens what was sealed to a key of one of our agencies.

        Raises:
            KeyMissing: we never had it, or its time to open is over.
        """
        for keys in self.agencies.values():
            for key in keys.seal:
                if key.pair.id == key_id and at < key.until + OPENING_AFTER:
                    return key.pair.private
        raise KeyMissing("No agency of this node can open what was sealed to this key.")

    def _of(self, agency: str) -> AgencyKeys:
        if agency not in self.agencies:
            raise KeyMissing(f"This node holds no keys of agency {agency}.")
        return self.agencies[agency]


def new_keyring(node: str, agencies: list[str], *, at: datetime) -> Keyring:
    """Return fresh keys for a node and its agencies, good from a moment on."""
    return Keyring(
        node=node,
        sign=(_fresh(seal.new_sign_keys(), at, SIGN_KEY_LIFE),),
        agencies={agency: _agency_keys(at) for agency in agencies},
        index_key=seal.new_key(),
    )


def load_or_make(path: Path, *, node: str, agencies: list[str], at: datetime) -> Keyring:
    """Return the keys in a file; make the file at the first start, and keys for agencies that are new.

    Raises:
        KeyringUnsafe, KeyringWrong: as `read_keyring`; also when the file is another node's.
    """
    if not path.exists():
        return _written(new_keyring(node, agencies, at=at), path)
    held = read_keyring(path)
    if held.node != node:
        raise KeyringWrong(f"{path.name} holds the keys of node {held.node}, not of {node}.")
    missing = {agency: _agency_keys(at) for agency in agencies if agency not in held.agencies}
    if not missing and held.index_key:
        return held
    index_key = held.index_key or seal.new_key()
    return _written(replace(held, agencies={**held.agencies, **missing}, index_key=index_key), path)


def read_keyring(path: Path) -> Keyring:
    """Read a key file.

    Raises:
        KeyringMissing: there is none.
        KeyringUnsafe: it is a link, is not a file, or its group or others have any right on it.
        KeyringWrong: it is not a key file of a format this software knows.
    """
    content = _content(path)
    try:
        document = json.loads(content)
        return _keyring_from(document)
    except (ValueError, KeyError, TypeError, AttributeError, seal.KeyUnusable):
        raise KeyringWrong(f"{path.name} is not a key file that this software wrote.") from None


def write_keyring(keyring: Keyring, path: Path) -> None:
    """Write the keys so that a crash leaves either the old file or the new one, readable by us alone."""
    write_private(path, json.dumps(_document(keyring), indent=1).encode("ascii"))


def first_wrapping_keys(path: Path) -> tuple[bytes, bytes] | None:
    """Return the node key and the list key of a file of the first format, to be carried over; else nothing.

    Raises:
        KeyringMissing, KeyringUnsafe, KeyringWrong: as `read_keyring`.
    """
    read_keyring(path)
    document = json.loads(_content(path))
    if document["format_version"] != _WITH_WRAPPING:
        return None
    return seal.from_text(document["node_key"]), seal.from_text(document["list_key"])


def due_keys(keyring: Keyring, at: datetime) -> list[str]:
    """Say in words which keys end within 14 days, have ended, or should no longer be held; no key is in it."""
    said = [_due(f"node {keyring.node}, signing", keyring.sign, at)]
    for agency, keys in sorted(keyring.agencies.items()):
        said += [
            _due(f"agency {agency}, signing", keys.sign, at),
            _due(f"agency {agency}, sealing", keys.seal, at),
        ]
        old = [key for key in keys.seal if at >= key.until + OPENING_AFTER]
        said += [f"agency {agency}: {len(old)} old sealing keys should be destroyed by now"] if old else []
    return [line for line in said if line]


def _due(whose: str, keys: tuple[DatedKey, ...], at: datetime) -> str:
    ends = max((key.until for key in keys), default=at)
    if ends <= at:
        return f"{whose}: the last key ended on {ends:%Y-%m-%d}"
    return f"{whose}: the last key ends on {ends:%Y-%m-%d}" if ends - at < DUE_BEFORE else ""


def _written(keyring: Keyring, path: Path) -> Keyring:
    write_keyring(keyring, path)
    return keyring


def _content(path: Path) -> bytes:
    try:
        return read_private(path)
    except FileMissing:
        raise KeyringMissing(f"There is no key file {path.name}.") from None
    except FileUnsafe as unsafe:
        raise KeyringUnsafe(str(unsafe)) from unsafe


def _agency_keys(at: datetime) -> AgencyKeys:
    return AgencyKeys(
        sign=(_fresh(seal.new_sign_keys(), at, SIGN_KEY_LIFE),),
        seal=(_fresh(seal.new_seal_keys(), at, SEAL_KEY_LIFE),),
    )


def _fresh(pair: seal.KeyPair, at: datetime, life: timedelta) -> DatedKey:
    # Whole seconds: dates travel in trust lists, which know no smaller part.
    since = at.replace(microsecond=0)
    return DatedKey(pair, since, since + life)


def _newest(keys: tuple[DatedKey, ...], at: datetime, whose: str) -> seal.KeyPair:
    good = [key for key in keys if key.holds(at)]
    if not good:
        raise KeyMissing(f"No signing key of {whose} is good at this time; make a new one.")
    return max(good, key=lambda key: key.since).pair


# The file


def _document(keyring: Keyring) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "node": keyring.node,
        "index_key": seal.to_text(keyring.index_key),
        "sign": [_key_document(key) for key in keyring.sign],
        "agencies": {
            name: {
                "sign": [_key_document(key) for key in keys.sign],
                "seal": [_key_document(key) for key in keys.seal],
            }
            for name, keys in keyring.agencies.items()
        },
    }


def _key_document(key: DatedKey) -> dict[str, str]:
    return {
        "id": key.pair.id,
        "private": seal.to_text(key.pair.private),
        "since": key.since.isoformat(),
        "until": key.until.isoformat(),
    }


def _keyring_from(document: dict[str, Any]) -> Keyring:
    if document["format_version"] not in (_WITH_WRAPPING, FORMAT_VERSION):
        raise ValueError("another format")
    return Keyring(
        node=document["node"],
        sign=tuple(_sign_key(one) for one in document["sign"]),
        agencies={
            name: AgencyKeys(
                sign=tuple(_sign_key(one) for one in keys["sign"]),
                seal=tuple(_seal_key(one) for one in keys["seal"]),
            )
            for name, keys in document["agencies"].items()
        },
        index_key=seal.from_text(document["index_key"]) if "index_key" in document else b"",
    )


def _sign_key(one: dict[str, str]) -> DatedKey:
    return _dated(one, seal.sign_keys_from(seal.from_text(one["private"])))


def _seal_key(one: dict[str, str]) -> DatedKey:
    return _dated(one, seal.seal_keys_from(seal.from_text(one["private"])))


def _dated(one: dict[str, str], pair: seal.KeyPair) -> DatedKey:
    since, until = (datetime.fromisoformat(one[name]) for name in ("since", "until"))
    if one["id"] != pair.id or since.tzinfo is None or until.tzinfo is None:
        raise ValueError("a key does not fit its name or its dates have no zone")
    return DatedKey(pair, since, until)
