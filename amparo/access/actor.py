"""Tell the database who acts, for one transaction and no longer.

Row-level security reads these settings; without them no row is seen. They are transaction-local always:
a session-level setting would leak through the connection pool (STACK section 3).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from amparo.access.rules import Actor, Role, Sector

SYSTEM = Actor(
    id=UUID(int=0), role=Role.SYSTEM, sector=Sector.SYSTEM, agency_id=None, agency="", reach="node"
)
# Somebody who is not signed in: sees no row, has no right.
NOBODY = Actor(id=UUID(int=1), role=Role.NOBODY, sector=Sector.SYSTEM, agency_id=None, agency="", reach="")

# Kept on the connection of this thread: who acts in the transaction that is open now.
_ACTING = "amparo_acting"
# What the records of children are opened for while this runs; the holder of the keys writes it down.
_purpose: ContextVar[str] = ContextVar("purpose", default="")
_SETTINGS = ("amparo.actor", "amparo.role", "amparo.sector", "amparo.agency", "amparo.reach")


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Open a transaction in which this actor acts; the former actor, if any, acts again afterwards."""
    former, within = getattr(connection, _ACTING, None), connection.in_atomic_block
    with transaction.atomic():
        setattr(connection, _ACTING, actor)
        _tell(actor)
        try:
            yield
        finally:
            setattr(connection, _ACTING, former)
        # A rollback takes the settings back by itself, and so does the end of the outermost transaction.
        if within and not connection.needs_rollback:
            _tell(former)


def acting_now() -> Actor:
    """Return who acts in the transaction that is open now; nobody outside of one."""
    actor: Actor | None = getattr(connection, _ACTING, None)
    return actor or NOBODY


@contextmanager
def for_purpose(purpose: str) -> Iterator[None]:
    """Say what keys are asked for within; a code such as `casework`, never words."""
    token = _purpose.set(purpose)
    try:
        yield
    finally:
        _purpose.reset(token)


def purpose_now() -> str:
    """Return what records are opened for now; empty where nobody said."""
    return _purpose.get()


def _tell(actor: Actor | None) -> None:
    """Tell the database who acts, for this transaction; nobody is the empty text."""
    values = ("",) * len(_SETTINGS)
    if actor is not None:
        values = (str(actor.id), actor.role, actor.sector, str(actor.agency_id or ""), actor.reach)
    pairs = [part for pair in zip(_SETTINGS, values, strict=True) for part in pair]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join("set_config(%s, %s, true)" for _ in _SETTINGS), pairs)
