"""Ask the key process: the provider of a node in production, which itself never holds a key that wraps.

One connection for each thread, made again once if it was lost: every request may be asked twice. Decision: 0021.
"""

import os
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from amparo.base import seal
from amparo.base.clock import ticks
from amparo.keys.holder import Sealed
from amparo.keys.messages import (
    HEAD,
    NotUnderstood,
    framed,
    length_of,
    pairs_document,
    read_answer,
    request_document,
)
from amparo.keys.rules import Asker, Why
from amparo.keys.trouble import (
    KeyErased,
    KeyLogUnwritable,
    KeyProcessAway,
    KeysUnusable,
    NotAllowedHere,
    TooManyCases,
    WrongKey,
)

_SECONDS = 5.0
_AWAY = "The key process of this node does not answer. Start it again (amparo keys serve); nothing was saved."
_RAISED: dict[Why, tuple[type[Exception], str]] = {
    Why.RATE: (TooManyCases, "Too many cases were opened in one minute."),
    Why.ERASED: (KeyErased, "This record was erased; its key is destroyed."),
    Why.WRONG_KEY: (WrongKey, "The key process cannot open this: another key, another record, or changed."),
    Why.KEYS_UNUSABLE: (KeysUnusable, "The key process cannot read or write its own files. See its log."),
    Why.LOG_UNWRITABLE: (
        KeyLogUnwritable,
        "The key process cannot write its log, and gives no key until then.",
    ),
    Why.NOT_ALLOWED: (NotAllowedHere, "The key process does not know the account of this node, or this act."),
    Why.NOT_UNDERSTOOD: (KeyProcessAway, "The key process did not understand: it is of another version."),
    Why.BUSY: (KeyProcessAway, _AWAY),
}


class KeyProcess:
    """The key process behind one socket; does what `amparo.keys.holder.KeyProvider` says."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.local()

    def wrap(self, owner: UUID, asker: Asker) -> tuple[bytes, bytes]:
        """Return a fresh data key for a record, and the same key wrapped."""
        key, wrapped = _bytes(self._ask("wrap", asker, owner=str(owner)), 2)
        return key, wrapped

    def unwrap(self, owner: UUID, wrapped: bytes, asker: Asker) -> bytes:
        """Return the data key of one record."""
        given = self._ask("unwrap", asker, owner=str(owner), wrapped=seal.to_text(wrapped))
        return _bytes([given], 1)[0]

    def seal_label(self, owner: UUID, label: str, asker: Asker) -> bytes:
        """Seal the short label of a list."""
        return _bytes([self._ask("seal-label", asker, owner=str(owner), label=label)], 1)[0]

    def open_labels(self, labels: Sequence[Sealed], asker: Asker) -> list[str]:
        """Open at most 50 labels of a list."""
        return [str(one) for one in self._ask("open-labels", asker, labels=pairs_document(labels))]

    def wrap_again(self, wrapped: Sequence[Sealed], labels: Sequence[Sealed], asker: Asker) -> list[bytes]:
        """Return wrapped keys, then labels, under the newest key."""
        documents = {"wrapped": pairs_document(wrapped), "labels": pairs_document(labels)}
        return _bytes(self._ask("wrap-again", asker, **documents), len(wrapped) + len(labels))

    def new_key(self, asker: Asker) -> str:
        """Make a key that wraps from now on, and return its id."""
        return str(self._ask("new-key", asker))

    def destroy_old(self, asker: Asker) -> int:
        """Destroy the keys that were retired 30 days ago or more, and return how many."""
        return int(self._ask("destroy-old", asker))

    def retire_old(self, asker: Asker) -> None:
        """Retire every key but the newest."""
        self._ask("retire-old", asker)

    def erase(self, owners: Sequence[UUID], asker: Asker) -> None:
        """Never again open the keys of these records."""
        self._ask("erase", asker, owners=[str(owner) for owner in owners])

    def key_ids(self, asker: Asker) -> list[str]:
        """Return the ids of the keys held, newest last."""
        return [str(one) for one in self._ask("key-ids", asker)]

    def _ask(self, do: str, asker: Asker, **fields: object) -> Any:  # noqa: ANN401 - as it travelled
        try:
            message = framed(request_document(do, asker, **fields))
            why, given = read_answer(self._exchanged(message))
        except (OSError, NotUnderstood) as away:
            self._hang_up()
            raise KeyProcessAway(_AWAY) from away
        if why is not None:
            kind, words = _RAISED[why]
            raise kind(words)
        return given

    def _exchanged(self, message: bytes) -> bytes:
        """Send and hear; a connection that was lost since the last time is made again, once."""
        held = self._held()
        if held is not None:
            try:
                return _heard(held, message)
            except OSError:
                self._hang_up()
        return _heard(self._connected(), message)

    def _held(self) -> socket.socket | None:
        # A process that was forked must not talk on its parent's connection.
        return getattr(self._mine, "line", None) if getattr(self._mine, "of", 0) == os.getpid() else None

    def _connected(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        try:
            _reach(line, str(self._path))
        except OSError:
            line.close()
            raise
        self._mine.line, self._mine.of = line, os.getpid()
        return line

    def _hang_up(self) -> None:
        line = self._held()
        if line is not None:
            line.close()
        self._mine.line = None


def _reach(line: socket.socket, path: str) -> None:
    """Connect; a key process with many at its door is asked again for some seconds."""
    until = ticks() + _SECONDS
    while True:
        try:
            line.connect(path)
        except BlockingIOError:
            if ticks() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _heard(line: socket.socket, message: bytes) -> bytes:
    line.sendall(message)
    return _exactly(line, length_of(_exactly(line, HEAD.size)))


def _exactly(line: socket.socket, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = line.recv(count)
        if not part:
            raise ConnectionResetError("the other end hung up")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _bytes(given: Any, count: int) -> list[bytes]:  # noqa: ANN401 - as it travelled
    if not isinstance(given, list) or len(given) != count:
        raise KeyProcessAway(_AWAY)
    try:
        return [seal.from_text(str(one)) for one in given]
    except seal.KeyUnusable as wrong:
        raise KeyProcessAway(_AWAY) from wrong
