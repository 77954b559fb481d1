"""Let strangers leave only so many rows on the audit trail, counted for all processes of a server together.

What is bounded is the writing down, never the refusal itself. Who knocked is kept as a hash, for a few minutes.
"""

import hashlib

from django.db import connection, transaction

from amparo.access.models import TraceLimit
from amparo.base.clock import now

SPAN_SECONDS = 60
MOST_IN_A_SPAN = 60
_KEPT_SPANS = 5

# One row counts for the door and span; PostgreSQL lets processes take their turn at it.
_COUNT = """
INSERT INTO access_tracelimit (door, span, key, count) VALUES (%s, %s, '', 1)
ON CONFLICT (door, span, key) DO UPDATE SET count = access_tracelimit.count + 1
WHERE access_tracelimit.count < %s RETURNING count
"""
_MARK = """
INSERT INTO access_tracelimit (door, span, key, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (door, span, key) DO NOTHING RETURNING count
"""


@transaction.atomic
def first_of(door: str, key: str, *, most: int = MOST_IN_A_SPAN) -> bool:
    """Test whether this is the first knock of a key at a door in this minute, and whether there is still room."""
    span = int(now().timestamp()) // SPAN_SECONDS
    hashed = hashlib.sha256(f"{door} {key}".encode()).hexdigest()
    known = TraceLimit.objects.filter(door=door, span=span)
    if known.filter(key=hashed).exists() or known.filter(key="", count__gte=most).exists():
        return False
    return _took(_COUNT, [door, span, most], first=span) and _took(_MARK, [door, span, hashed], first=0)


def _took(statement: str, values: list[str | int], *, first: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if first and row == (1,):
        TraceLimit.objects.filter(span__lt=first - _KEPT_SPANS).delete()
    return row is not None
