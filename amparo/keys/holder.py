"""Wrap and open data keys with the keys of one folder: what the key process does, and the file provider without one.

Only here are the keys that wrap in use. With limits and a log it is the heart of the key process; without, it serves
demonstrations and small nodes, where whoever holds the process holds the keys and a limit would be for show.
Design: security design 3. Decision: 0021.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from amparo.base import seal
from amparo.base.clock import now, ticks
from amparo.keys.ledger import add_marks, erased_marks, mark_of
from amparo.keys.log import KeyLog, last_lines
from amparo.keys.rules import BATCH, WINDOW, Allowance, Asker, Limits, Why
from amparo.keys.trouble import KeyErased, NotAllowedHere, TooManyCases, WrongKey
from amparo.keys.wrapping import (
    WrappingKeys,
    headed,
    read_wrapping,
    with_new_key,
    with_retired,
    without_dead,
    write_wrapping,
)

Held = TypeVar("Held")
# Sealed bytes with the id of the record they belong to.
Sealed = tuple[UUID, bytes]


class KeyProvider(Protocol):
    """What the node needs of whoever holds its keys; `Holder` and `amparo.keys.client.KeyProcess` both do it."""

    def wrap(self, owner: UUID, asker: Asker) -> tuple[bytes, bytes]:
        """Return a fresh data key for a record, and the same key wrapped."""
        ...

    def unwrap(self, owner: UUID, wrapped: bytes, asker: Asker) -> bytes:
        """Return the data key of one record; raises TooManyCases, KeyErased, WrongKey, KeysTrouble."""
        ...

    def seal_label(self, owner: UUID, label: str, asker: Asker) -> bytes:
        """Seal the short label of a list; it is not wrapped with any case's key."""
        ...

    def open_labels(self, labels: Sequence[Sealed], asker: Asker) -> list[str]:
        """Open at most 50 labels of a list; raises TooManyCases, WrongKey, KeysTrouble."""
        ...

    def wrap_again(self, wrapped: Sequence[Sealed], labels: Sequence[Sealed], asker: Asker) -> list[bytes]:
        """Return at most 50 wrapped keys and labels under the newest key; no key leaves its holder."""
        ...

    def new_key(self, asker: Asker) -> str:
        """Make a key that wraps from now on, and return its id; the older ones still open."""
        ...

    def retire_old(self, asker: Asker) -> None:
        """Retire every key but the newest; they still open."""
        ...

    def destroy_old(self, asker: Asker) -> int:
        """Destroy the keys that were retired 30 days ago or more, and return how many."""
        ...

    def erase(self, owners: Sequence[UUID], asker: Asker) -> None:
        """Never again open the keys of at most 50 records."""
        ...

    def key_ids(self, asker: Asker) -> list[str]:
        """Return the ids of the keys held, newest last, each with `retired:` before it where it is."""
        ...


class Reread(Generic[Held]):
    """What a file says, read again when it was changed or replaced."""

    def __init__(self, reader: Callable[[Path], Held]) -> None:
        self._reader = reader
        self._kept: tuple[tuple[int, int, int], Held] | None = None

    def read(self, path: Path) -> Held:
        """Return what the file says now; whatever the reader raises."""
        try:
            facts = path.stat()
        except OSError:  # missing or out of reach: the reader has the words for it
            return self._reader(path)
        stamp, kept = (facts.st_ino, facts.st_size, facts.st_mtime_ns), self._kept
        if kept is not None and kept[0] == stamp:
            return kept[1]
        fresh = self._reader(path)
        self._kept = (stamp, fresh)
        return fresh


class Holder:
    """The keys of one folder, in use. Keys are read again whenever their file was replaced."""

    def __init__(
        self,
        keys: Path,
        ledger: Path,
        *,
        limits: Limits | None = None,
        log_folder: Path | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._path, self._ledger, self._clock = keys, ledger, clock
        self._log = KeyLog(log_folder) if log_folder else None
        self._allowance = Allowance(limits) if limits else None
        self._lock = threading.Lock()
        self._held, self._gone = Reread(read_wrapping), Reread(erased_marks)
        if log_folder and self._allowance:
            _remember(self._allowance, log_folder, clock())

    def wrap(self, owner: UUID, asker: Asker) -> tuple[bytes, bytes]:
        """Return a fresh data key for a record, and the same key wrapped."""
        newest = self._keys().newest
        key = seal.new_key()
        self._note("wrap", [owner], asker)
        return key, headed(newest, seal.wrap_key(newest.node, key, context=str(owner)))

    def unwrap(self, owner: UUID, wrapped: bytes, asker: Asker) -> bytes:
        """Return the data key of one record."""
        if mark_of(owner) in self._erased():
            self._note("unwrap", [owner], asker, Why.ERASED)
            raise KeyErased("This record was erased; its key is destroyed.")
        with self._lock:
            if self._allowance and not self._allowance.may_open(asker, owner, ticks()):
                self._write("unwrap", [owner], asker, Why.RATE)
                raise TooManyCases("Too many cases were opened in one minute.")
        try:
            key = self._unwrapped(owner, wrapped)
        except WrongKey:
            self._note("unwrap", [owner], asker, Why.WRONG_KEY)
            raise
        self._note("unwrap", [owner], asker)
        return key

    def seal_label(self, owner: UUID, label: str, asker: Asker) -> bytes:  # noqa: ARG002 - as the process takes it
        """Seal the short label of a list."""
        newest = self._keys().newest
        return headed(newest, seal.encrypt(newest.label, label.encode(), context=_label_place(owner)))

    def open_labels(self, labels: Sequence[Sealed], asker: Asker) -> list[str]:
        """Open the labels of a list."""
        _require_batch(labels)
        owners = [owner for owner, _ in labels]
        with self._lock:
            if self._allowance and not self._allowance.may_read_labels(asker, len(labels), ticks()):
                self._write("labels", owners, asker, Why.RATE)
                raise TooManyCases("Too many labels were opened in one minute.")
        opened = [self._label(owner, sealed) for owner, sealed in labels]
        self._note("labels", owners, asker)
        return opened

    def wrap_again(self, wrapped: Sequence[Sealed], labels: Sequence[Sealed], asker: Asker) -> list[bytes]:
        """Return wrapped keys, then labels, under the newest key."""
        _require_batch([*wrapped, *labels])
        newest = self._keys().newest
        self._note("wrap-again", [owner for owner, _ in [*wrapped, *labels]], asker)
        keys = [
            headed(newest, seal.wrap_key(newest.node, self._unwrapped(owner, one), context=str(owner)))
            for owner, one in wrapped
        ]
        return keys + [self.seal_label(owner, self._label(owner, one), asker) for owner, one in labels]

    def new_key(self, asker: Asker) -> str:
        """Make a key that wraps from now on, and return its id."""
        with self._lock:
            keys = self._keys()
            self._write("new-key", [], asker)
            fresh = with_new_key(keys, self._clock())
            write_wrapping(fresh, self._path)
        return fresh.newest.id.hex()

    def destroy_old(self, asker: Asker) -> int:
        """Destroy the keys that were retired 30 days ago or more, and return how many."""
        with self._lock:
            held = self._keys()
            kept = without_dead(held, self._clock())
            if kept == held:
                return 0
            self._write("destroy-old", [], asker)
            write_wrapping(kept, self._path)
        return len(held.keys) - len(kept.keys)

    def retire_old(self, asker: Asker) -> None:
        """Retire every key but the newest."""
        with self._lock:
            keys = self._keys()
            self._write("retire", [], asker)
            write_wrapping(with_retired(keys, self._clock()), self._path)

    def erase(self, owners: Sequence[UUID], asker: Asker) -> None:
        """Write the marks of records into the ledger; from then on their keys are not opened."""
        _require_batch(owners)
        with self._lock:
            self._write("erase", owners, asker)
            add_marks(self._ledger, [mark_of(owner) for owner in owners], self._clock())

    def key_ids(self, asker: Asker) -> list[str]:  # noqa: ARG002 - as the process takes it
        """Return the ids of the keys held, newest last."""
        return [("retired:" if key.retired else "") + key.id.hex() for key in self._keys().keys]

    def tidy(self) -> None:
        """Forget who asked more than a minute ago."""
        with self._lock:
            if self._allowance:
                self._allowance.forget_idle(ticks())

    def close(self) -> None:
        """Bring the log to the disk."""
        if self._log:
            self._log.close()

    def _unwrapped(self, owner: UUID, wrapped: bytes) -> bytes:
        key, sealed = self._keys().of(wrapped)
        try:
            return seal.unwrap_key(key.node, sealed, context=str(owner))
        except seal.SealBroken:
            raise WrongKey("This wrapped key is of another record, or was changed.") from None

    def _label(self, owner: UUID, sealed: bytes) -> str:
        if mark_of(owner) in self._erased():
            return ""
        key, body = self._keys().of(sealed)
        try:
            return seal.decrypt(key.label, body, context=_label_place(owner)).decode()
        except seal.SealBroken:
            raise WrongKey("This label is of another record, or was changed.") from None

    def _keys(self) -> WrappingKeys:
        return self._held.read(self._path)

    def _erased(self) -> frozenset[str]:
        return self._gone.read(self._ledger)

    def _note(self, what: str, owners: Sequence[UUID], asker: Asker, why: Why | None = None) -> None:
        with self._lock:
            self._write(what, owners, asker, why)

    def _write(self, what: str, owners: Sequence[UUID], asker: Asker, why: Why | None = None) -> None:
        """Write one line of the log; the lock is held."""
        if self._log is None:
            return
        line = {
            "do": what,
            "owners": [str(owner) for owner in owners],
            "actor": str(asker.actor),
            "role": asker.role,
            "purpose": asker.purpose,
            "refused": why.value if why else "",
        }
        self._log.write(self._clock(), line)


def _label_place(owner: UUID) -> str:
    return f"label:{owner}"


def _require_batch(things: Sequence[object]) -> None:
    if len(things) > BATCH:
        raise NotAllowedHere(f"At most {BATCH} at once, not {len(things)}.")


def _remember(allowance: Allowance, folder: Path, at: datetime) -> None:
    """Count what was opened in the minute before a restart."""
    for line in last_lines(folder, allowance.limits.all_cases):
        age = at - datetime.fromisoformat(line["at"])
        if line["do"] == "unwrap" and not line["refused"] and timedelta() <= age < timedelta(seconds=WINDOW):
            asker = Asker(UUID(line["actor"]), line["role"], line["purpose"])
            allowance.remember(asker, [UUID(line["owners"][0])], ticks() - age.total_seconds())
