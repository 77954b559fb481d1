"""Verify that no row of the audit trail was changed, removed, inserted, swapped, backdated or cut.

Reads in order with a bounded memory. A cut at the end, an emptied trail and a chain written anew are seen against
marks: heads that were noted, signed or cosigned earlier. The text of a row is built as in migration
0002 of this room, and hashed here, outside the database. Decisions: 0009, 0024.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from amparo.access.chain_head import Head
from amparo.access.merkle import Tree

_ROWS = """
SELECT l.number, l.entry, l.hash, e.id, e.at, jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.event, e.allowed,
    e.actor, e.role, e.agency, e.subject, e.purpose, e.reasons)::text
FROM access_auditlink l LEFT JOIN access_auditentry e ON e.id = l.entry ORDER BY l.number
"""
_UNLINKED = """
SELECT count(*) FROM access_auditentry e
WHERE NOT EXISTS (SELECT FROM access_auditlink l WHERE l.entry = e.id)
"""
_LINKS = "SELECT hash FROM access_auditlink WHERE number > %s AND number <= %s ORDER BY number"
_END = "SELECT number, hash FROM access_auditlink ORDER BY number DESC LIMIT 1"
_BATCH = 5_000
_MOST_BREAKS = 100
# A row is written down within its request: one that claims to be much older than the mark before it was put in later.
LATE = timedelta(hours=1)

_Row = tuple[int, UUID, bytes, UUID | None, datetime | None, str]


@dataclass(frozen=True)
class Mark:
    """What the chain had at row `number`, by somebody's word: hash of the link, and root of the tree where known.

    `at` is when it was said, `who` said it, for the words of a break.
    """

    number: int
    hash: str
    root: str = ""
    at: datetime | None = None
    who: str = "the head noted earlier"


@dataclass(frozen=True)
class Verdict:
    """What the check found; `breaks` is empty when the whole trail holds."""

    head: Head
    breaks: tuple[str, ...]


@dataclass
class _Walk:
    """Where the check stands."""

    marks: list[Mark]  # still to come, the next one last
    head: Head = field(default_factory=lambda: Head(0, ""))
    tree: Tree = field(default_factory=Tree)
    marked_at: datetime | None = None
    breaks: list[str] = field(default_factory=list)


def verify(expected: Head | None = None, marks: Sequence[Mark] = ()) -> Verdict:
    """Check every row and link.

    Args:
        expected: a head noted earlier, which must still be in the chain.
        marks: what checkpoints and witnesses say the chain had; each must still be so.
    """
    noted = [Mark(expected.number, expected.hash)] if expected else []
    walk = _Walk(sorted([*noted, *marks], key=lambda mark: -mark.number))
    _meet_marks(walk)
    for row in _rows():
        # One cut makes every later row wrong too: the first hundred say where it began.
        if len(walk.breaks) < _MOST_BREAKS:
            walk.breaks += _breaks_of(row, walk)
        walk.head = Head(row[0], bytes(row[2]).hex())
        walk.tree.add(bytes(row[2]))
        _meet_marks(walk)
    walk.breaks += [f"{count} rows stand outside the chain"] if (count := _unlinked()) else []
    walk.breaks += [
        f"{mark.who} is not in the chain: rows were cut or rewritten (it had {mark.number} rows)"
        for mark in reversed(walk.marks)
    ]
    return Verdict(walk.head, tuple(walk.breaks))


def chain_end() -> Head:
    """Return the end of the chain as it stands now; number 0 where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(_END)
        row = cursor.fetchone()
    return Head(int(row[0]), bytes(row[1]).hex()) if row else Head(0, "")


def links(start: int, end: int) -> Iterator[bytes]:
    """Stream the hashes of links start+1 to end."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_LINKS, [start, end])
        while batch := cursor.fetchmany(_BATCH):
            yield from (bytes(link) for (link,) in batch)


def _meet_marks(walk: _Walk) -> None:
    """Compare what was said of the chain as it was when it had as many rows as now."""
    while walk.marks and walk.marks[-1].number <= walk.head.number:
        mark = walk.marks.pop()
        if not _agrees(mark, walk):
            walk.breaks.append(
                f"{mark.who} is not in the chain: rows up to {mark.number} were cut or rewritten"
            )
        walk.marked_at = mark.at or walk.marked_at


def _agrees(mark: Mark, walk: _Walk) -> bool:
    if mark.number == 0:
        return True
    same = mark.number == walk.head.number == walk.tree.end and mark.hash == walk.head.hash
    return same and mark.root in ("", walk.tree.root().hex())


def _unlinked() -> int:
    """Count the audit rows that no link names."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLINKED)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _rows() -> Iterator[_Row]:
    """Stream the links in order with their rows."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch


def _breaks_of(row: _Row, walk: _Walk) -> list[str]:
    number, entry, stored, found, at, text = row
    if number != walk.head.number + 1:
        return [f"row {number} ({entry}) follows row {walk.head.number}: links were removed or renumbered"]
    if found is None:
        return [f"row {number} ({entry}) was removed"]
    if hashlib.sha256(bytes.fromhex(walk.head.hash) + text.encode()).digest() != bytes(stored):
        return [f"row {number} ({entry}) does not fit the chain"]
    if at and walk.marked_at and at < walk.marked_at - LATE:
        return [f"row {number} ({entry}) says that it is older than the checkpoint before it"]
    return []
