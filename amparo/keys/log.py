"""Keep the log of the key process: who asked for which record's key, when and what for, and what was answered.

One line of JSON each, in one file a day. Each line holds the SHA-256 of the line before, so that a changed or missing
line is seen. It is written before the answer goes out: what cannot be written down is not given. No key is in it.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from amparo.base.clock import moment_text, ticks
from amparo.keys.trouble import KeyLogUnwritable

_FIRST = "0" * 64
_SYNC_EVERY = 1.0  # seconds: a power cut may lose the last second, a killed process nothing


class LogBroken(Exception):
    """The log was touched; the message names the file and the line."""


class KeyLog:
    """The log in one folder, open for writing; one writer at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._name, self._before = _end_of(folder)
        self._file: int | None = None
        self._synced = ticks()

    def write(self, at: datetime, line: Mapping[str, object]) -> None:
        """Add one line; raises KeyLogUnwritable, and then the log is as it was."""
        document = {"at": moment_text(at), **line, "before": self._before}
        content = json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"
        try:
            self._append(at, content)
        except OSError as wrong:
            raise KeyLogUnwritable(
                f"The log of the key process cannot be written ({wrong.strerror}): no key is given until it can."
            ) from wrong
        self._before = hashlib.sha256(content).hexdigest()

    def close(self) -> None:
        """Wait until the disk has everything, and close the file."""
        if self._file is not None:
            os.fsync(self._file)
            os.close(self._file)
            self._file = None

    def _append(self, at: datetime, content: bytes) -> None:
        # A clock that was put back must not begin a file that sorts before the last one.
        name = max(self._name, f"{moment_text(at)[:10]}.jsonl")
        if self._file is None or name != self._name:
            self.close()
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
            self._file, self._name = os.open(self._folder / name, flags, 0o600), name
        end = os.lseek(self._file, 0, os.SEEK_END)
        if os.write(self._file, content) != len(content):
            os.ftruncate(self._file, end)
            raise OSError(28, "No space left on device")
        if ticks() - self._synced > _SYNC_EVERY:
            os.fsync(self._file)
            self._synced = ticks()


def verify_log(folder: Path) -> tuple[int, str]:
    """Check every line and return how many there are and the hash of the last; raises LogBroken."""
    before, count = _FIRST, 0
    for place, line in _lines(folder):
        if _read(place, line).get("before") != before:
            raise LogBroken(f"{place}: a line before it was changed, removed or put in.")
        before, count = hashlib.sha256(line).hexdigest(), count + 1
    return count, before


def last_lines(folder: Path, count: int) -> list[dict[str, Any]]:
    """Return the newest lines of the newest file, oldest first."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        return []
    lines = files[-1].read_bytes().split(b"\n")[:-1]
    return [_read(files[-1].name, line) for line in lines[-count:]]


def _end_of(folder: Path) -> tuple[str, str]:
    """Return the name of the newest file and the hash of its last line; a line cut off by a crash goes."""
    files = sorted(folder.glob("*.jsonl"))
    before = _FIRST
    for path in reversed(files):
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.truncate(path, len(whole))
        if whole:
            before = hashlib.sha256(whole[whole[:-1].rfind(b"\n") + 1 :]).hexdigest()
            break
    return (files[-1].name if files else ""), before


def _lines(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                yield f"{path.name}, line {number}", line


def _read(place: str, line: bytes) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError:
        raise LogBroken(f"{place}: is no line of this log.") from None
    if not isinstance(document, dict):
        raise LogBroken(f"{place}: is no line of this log.")
    return document
