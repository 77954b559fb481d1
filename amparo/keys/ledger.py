"""Keep the ledger of what was erased, outside the database: hashes and moments, one line each, only ever added.

A hash is of a random id, so it names nobody. A line is on the disk before the erasure it tells of is done.
Design: security design 3. Decision: 0021.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from amparo.base.clock import moment_text
from amparo.base.private_file import FileMissing, FileUnsafe, append_private, read_private
from amparo.keys.trouble import LedgerWrong

_LINE = re.compile(r"([0-9a-f]{64}) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def mark_of(owner: UUID) -> str:
    """Return the mark of a record: SHA-256 of its id, as 64 hexadecimal signs."""
    return mark_of_text(str(owner))


def mark_of_text(name: str) -> str:
    """Return the mark of anything with a random name."""
    return hashlib.sha256(f"amparo/erased/{name}".encode()).hexdigest()


def erased_marks(path: Path) -> frozenset[str]:
    """Return the marks of a ledger; none where there is no file yet.

    Raises:
        LedgerWrong: a line is not one that this software wrote, or others could change the file.
    """
    try:
        text = read_private(path).decode("ascii", errors="replace")
    except FileMissing:
        return frozenset()
    except FileUnsafe as unsafe:
        raise LedgerWrong(str(unsafe)) from unsafe
    # What stands after the last line end was cut off by a crash before the erasure was done.
    lines = text.split("\n")[:-1]
    found = [_LINE.fullmatch(line) for line in lines]
    if None in found:
        raise LedgerWrong(
            f"{path.name}, line {found.index(None) + 1}: is no line of the ledger of erased records."
        )
    return frozenset(match[1] for match in found if match)


def add_marks(path: Path, marks: Iterable[str], at: datetime) -> None:
    """Write marks down and wait until the disk has them; those that stand there already are not repeated.

    Raises:
        LedgerWrong: the ledger cannot be written; then nothing may be erased yet.
    """
    fresh = sorted(set(marks) - erased_marks(path))
    moment = moment_text(at.replace(microsecond=0))
    try:
        if fresh:
            append_private(path, "".join(f"{mark} {moment}\n" for mark in fresh).encode("ascii"))
    except (OSError, FileUnsafe) as wrong:
        raise LedgerWrong(
            f"{path.name} cannot be written ({wrong}). Nothing is erased before it can: make room on the disk."
        ) from wrong
