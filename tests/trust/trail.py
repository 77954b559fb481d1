"""Bend the audit trail as somebody could who owns the whole database: with triggers off, and links computed anew."""

import hashlib

import psycopg

TABLES = (
    "access_auditentry", "access_auditlink", "exchange_checkpoint", "exchange_witnessanswer", "exchange_witnessed",
)  # fmt: skip
_TEXTS = """
SELECT l.number, jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.event, e.allowed,
    e.actor, e.role, e.agency, e.subject, e.purpose, e.reasons)::text
FROM access_auditlink l JOIN access_auditentry e ON e.id = l.entry ORDER BY l.number
"""


def bend(dsn: str, *statements: str) -> None:
    """Run statements with row security and triggers switched off, as the owner of the tables can."""
    with psycopg.connect(dsn) as owner:
        _switch(owner, "DISABLE TRIGGER USER", "NO FORCE ROW LEVEL SECURITY")
        for statement in statements:
            owner.execute(statement.encode())
        _switch(owner, "ENABLE TRIGGER USER", "FORCE ROW LEVEL SECURITY")


def recompute(dsn: str) -> None:
    """Write every link anew over the rows as they are now, so that the chain fits again."""
    with psycopg.connect(dsn) as owner:
        _switch(owner, "DISABLE TRIGGER USER", "NO FORCE ROW LEVEL SECURITY")
        link = b""
        for number, text in owner.execute(_TEXTS).fetchall():
            link = hashlib.sha256(link + text.encode()).digest()
            owner.execute("UPDATE access_auditlink SET hash = %s WHERE number = %s", [link, number])
        _switch(owner, "ENABLE TRIGGER USER", "FORCE ROW LEVEL SECURITY")


def _switch(owner: psycopg.Connection, *states: str) -> None:
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} {', '.join(states)}".encode())
