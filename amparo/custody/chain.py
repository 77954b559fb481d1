"""Verify that no custody fact, clearance or return was changed, removed, inserted, swapped, cut, or made up.

Reads in order with a bounded memory, and hashes here, outside the database; the text of a row is built as in migration
0001 of this room. The audit trail names the hash of every row, and others witness it: so a cut at the end is seen too.
Looks also for a return without a clearance that stood when it was recorded, whoever wrote it. Decision: 0018.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.chain_head import Head

_UTC = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
_FACT = (
    "f.id, f.reference, f.kind, {at}, {recorded}, f.place, f.place_kind, f.may_leave, f.holder, f.ends, f.goes_to,"
    " f.document_kind, f.document_number, f.document_sha256, f.corrects, f.why, f.actor, f.role, f.agency"
).format(at=_UTC.format("f.at"), recorded=_UTC.format("f.recorded_at"))
_CLEARANCE = (
    "c.id, c.reference, {recorded}, c.determined_on, c.appeal_over_on, {until}, c.accepted_by, c.accepted_node,"
    " c.acceptance, c.acceptance_sha256, c.actor, c.role, c.agency"
).format(recorded=_UTC.format("c.recorded_at"), until=_UTC.format("c.valid_until"))
_STEP = (
    "s.id, s.clearance_id, s.first_actor, s.kind, s.because, s.token, {recorded}, s.actor, s.role, s.agency"
).format(recorded=_UTC.format("s.recorded_at"))
_RETURN = ("r.id, r.reference, r.clearance_id, {at}, {recorded}, r.place, r.actor, r.role, r.agency").format(
    at=_UTC.format("r.at"), recorded=_UTC.format("r.recorded_at")
)
_ROWS = f"""
SELECT l.number, l.entry, l.hash, coalesce(f.id, c.id, s.id, r.id),
    jsonb_build_array(l.number, l.kind, {_UTC.format("l.at")})::text || CASE l.kind
        WHEN 'custody_fact' THEN jsonb_build_array({_FACT})
        WHEN 'custody_clearance' THEN jsonb_build_array({_CLEARANCE})
        WHEN 'custody_clearancestep' THEN jsonb_build_array({_STEP})
        ELSE jsonb_build_array({_RETURN}) END::text
  FROM custody_link l
  LEFT JOIN custody_fact f ON l.kind = 'custody_fact' AND f.id = l.entry
  LEFT JOIN custody_clearance c ON l.kind = 'custody_clearance' AND c.id = l.entry
  LEFT JOIN custody_clearancestep s ON l.kind = 'custody_clearancestep' AND s.id = l.entry
  LEFT JOIN custody_return r ON l.kind = 'custody_return' AND r.id = l.entry
 ORDER BY l.number
"""  # noqa: S608 - texts of this file only
_UNLINKED = """
SELECT kind, count(*) FROM (
    SELECT 'custody_fact' AS kind, id FROM custody_fact UNION ALL SELECT 'custody_clearance', id FROM custody_clearance
    UNION ALL SELECT 'custody_clearancestep', id FROM custody_clearancestep
    UNION ALL SELECT 'custody_return', id FROM custody_return) e
 WHERE NOT EXISTS (SELECT FROM custody_link l WHERE l.entry = e.id AND l.kind = e.kind) GROUP BY kind ORDER BY kind
"""
# What the audit trail says was linked, and stands so no more.
_CUT = """
SELECT count(*) FROM access_auditentry a
 WHERE a.subject LIKE 'custody:%%' AND a.allowed AND a.event = ANY(%s) AND NOT EXISTS (
    SELECT FROM custody_link l WHERE l.number::text || ':' || encode(l.hash, 'hex') = a.reasons->>0)
"""
_NOT_ON_TRAIL = """
SELECT count(*) FROM custody_link l WHERE NOT EXISTS (
    SELECT FROM access_auditentry a WHERE a.subject = 'custody:' || l.entry
     AND a.reasons->>0 = l.number::text || ':' || encode(l.hash, 'hex'))
"""
_UNCLEARED = """
SELECT r.id FROM custody_return r WHERE NOT EXISTS (
    SELECT FROM custody_clearance c
      JOIN custody_clearancestep s ON s.clearance_id = c.id AND s.kind = 'confirmed' AND s.actor <> c.actor
     WHERE c.id = r.clearance_id AND c.reference = r.reference AND s.recorded_at <= r.recorded_at
       AND c.valid_until > r.recorded_at AND NOT EXISTS (
        SELECT FROM custody_clearancestep o WHERE o.clearance_id = c.id AND o.kind <> 'confirmed'))
 ORDER BY r.id
"""
_LINKED = [
    "custody.recorded", "clearance.proposed", "clearance.confirmed", "clearance.declined", "clearance.withdrawn",
    "return.recorded",
]  # fmt: skip
_BATCH = 5_000
_MOST_BREAKS = 100


@dataclass(frozen=True)
class Verdict:
    """What the check found; `breaks` is empty when everything holds."""

    head: Head
    breaks: tuple[str, ...]


def verify(expected: Head | None = None) -> Verdict:
    """Check every row and link; `expected` is a head noted earlier, which must still be in the chain."""
    with acting_as(SYSTEM), transaction.atomic():
        return _verify(expected)


def _verify(expected: Head | None) -> Verdict:
    breaks: list[str] = []
    head, found = Head(0, ""), expected is None
    for number, entry, stored, row, text in _rows():
        if len(breaks) < _MOST_BREAKS:
            breaks += _breaks_of(head, number, entry, bytes(stored), row, text)
        head = Head(number, bytes(stored).hex())
        found = found or head == expected
    breaks += [f"{count} rows of {kind} stand outside the chain" for kind, count in _asked(_UNLINKED)]
    breaks += _against_the_trail()
    breaks += [f"return {row} was recorded without a clearance that stood" for (row,) in _asked(_UNCLEARED)]
    breaks += [] if found else ["the head noted earlier is not in the chain: rows were cut or rewritten"]
    return Verdict(head, tuple(breaks))


def _against_the_trail() -> list[str]:
    """Compare the chain with the audit trail, which names the hash of every row."""
    ((cut,),), ((bare,),) = _asked(_CUT, [_LINKED]), _asked(_NOT_ON_TRAIL)
    found = [f"{cut} rows that the audit trail names are gone or rewritten"] if cut else []
    return found + ([f"{bare} rows are not on the audit trail"] if bare else [])


def _breaks_of(
    former: Head, number: int, entry: UUID, stored: bytes, row: UUID | None, text: str | None
) -> list[str]:
    if number != former.number + 1:
        return [f"rows between {former.number} and {number} are gone"]
    if row is None or text is None:
        return [f"row {number} ({entry}) was removed"]
    if hashlib.sha256(bytes.fromhex(former.hash) + text.encode()).digest() != stored:
        return [f"row {number} ({entry}) does not fit the chain"]
    return []


def _rows() -> Iterator[tuple[int, UUID, bytes, UUID | None, str | None]]:
    """Stream the links in order with their rows."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch


def _asked(query: str, parameters: list[list[str]] | None = None) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or [])
        return list(cursor.fetchall())
