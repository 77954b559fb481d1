"""Verify that no row of the audit trail was changed, removed, inserted, swapped or cut.

Reads in order with a bounded memory. A cut at the end or an emptied trail is seen when a head noted earlier is given.
The text of a row is built as in migration 0002 of this room, and hashed here, outside the database.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from amparo.access.chain_head import Head

_ROWS = """
SELECT l.number, l.entry, l.hash, e.id, jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.event, e.allowed,
    e.actor, e.role, e.agency, e.subject, e.purpose, e.reasons)::text
FROM access_auditlink l LEFT JOIN access_auditentry e ON e.id = l.entry ORDER BY l.number
"""
_UNLINKED = """
SELECT count(*) FROM access_auditentry e
WHERE NOT EXISTS (SELECT FROM access_auditlink l WHERE l.entry = e.id)
"""
_BATCH = 5_000
_MOST_BREAKS = 100


@dataclass(frozen=True)
class Verdict:
    """What the check found; `breaks` is empty when the whole trail holds."""

    head: Head
    breaks: tuple[str, ...]


def verify(expected: Head | None = None) -> Verdict:
    """Check every row and link; `expected` is a head noted earlier, which must still be in the chain."""
    breaks: list[str] = []
    head, found = Head(0, ""), expected is None
    for number, entry, stored, row, text in _rows():
        # One cut makes every later row wrong too: the first hundred say where it began.
        if len(breaks) < _MOST_BREAKS:
            breaks += _breaks_of(number, entry, bytes(stored), row, text, bytes.fromhex(head.hash))
        head = Head(number, bytes(stored).hex())
        found = found or head == expected
    breaks += [f"{count} rows stand outside the chain"] if (count := _unlinked()) else []
    breaks += [] if found else ["the head noted earlier is not in the chain: rows were cut or rewritten"]
    return Verdict(head, tuple(breaks))


def _unlinked() -> int:
    """Count the audit rows that no link names."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLINKED)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _rows() -> Iterator[tuple[int, UUID, bytes, UUID | None, str]]:
    """Stream the links in order with their rows."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch


def _breaks_of(
    number: int, entry: UUID, stored: bytes, row: UUID | None, text: str, former: bytes
) -> list[str]:
    if row is None:
        return [f"row {number} ({entry}) was removed"]
    if hashlib.sha256(former + text.encode()).digest() != stored:
        return [f"row {number} ({entry}) does not fit the chain"]
    return []
