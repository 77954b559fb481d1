"""Measure how fast the audit trail is verified, beside hashing the same bytes alone."""

import hashlib
import os
import subprocess
import sys
import time

import psycopg

from bench.node import a_node
from bench.rows import Row, compared

_FILL = """
INSERT INTO access_auditentry (id, at, event, allowed, actor, role, agency, subject, purpose, reasons)
SELECT gen_random_uuid(), now(), 'case.read', true, gen_random_uuid(), 'caseworker', 'mx-proteccion',
       'case:' || gen_random_uuid(), 'casework', '[]' FROM generate_series(1, %s)
"""
# The trail holds; this node alone has no witnesses who could vouch for it (3), and its speed is the same.
_WHOLE = (0, 3)


def measure(quick: bool) -> list[Row]:
    """Return rows linked and verified a second."""
    count = 5_000 if quick else 200_000
    with a_node() as node:
        start = time.perf_counter()
        with psycopg.connect(node.owner_dsn()) as owner:
            owner.execute(_FILL, [count])
        linked = time.perf_counter() - start
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "amparo", "audit", "verify"], check=False, capture_output=True, text=True,
            env=os.environ | {"AMPARO_HOME": str(node.home)},
        )  # fmt: skip
        verified = time.perf_counter() - start
    if done.returncode not in _WHOLE:
        raise RuntimeError(f"amparo audit verify answered {done.returncode}: {done.stdout}{done.stderr}")
    alone = _hashing(count)
    return [
        compared(
            "audit rows verified",
            count / verified,
            count / alone,
            "a second",
            "SHA-256 of as many rows alone",
        ),
        Row(
            "audit rows written and linked",
            f"{count / linked:,.0f} a second",
            about="one transaction, in SQL",
        ),
        Row(
            "1,000,000 rows would take", f"{1_000_000 * verified / count:.0f} s", about="target: 60 s or less"
        ),
    ]


def _hashing(count: int) -> float:
    start, former = time.perf_counter(), b""
    for _ in range(count):
        former = hashlib.sha256(former + b"x" * 230).digest()
    return time.perf_counter() - start
