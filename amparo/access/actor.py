"""Tell the database who acts, for one transaction and no longer.

Row-level security reads these settings; without them no row is seen. They are transaction-local always:
a session-level setting would leak through the connection pool (STACK section 3).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from amparo.access.rules import Actor, Role, Sector

SYSTEM = Actor(
    id=UUID(int=0), role=Role.SYSTEM, sector=Sector.SYSTEM, agency_id=None, agency="", reach="node"
)

_SETTINGS = ("amparo.actor", "amparo.role", "amparo.sector", "amparo.agency", "amparo.reach")


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Open a transaction in which this actor acts; the former actor, if any, acts again afterwards."""
    with transaction.atomic():
        former = _current()
        _set(_values_of(actor))
        yield
        if not connection.needs_rollback:  # a rollback takes the settings back by itself
            _set(former)


def _values_of(actor: Actor) -> tuple[str, ...]:
    return (str(actor.id), actor.role, actor.sector, str(actor.agency_id or ""), actor.reach)


def _current() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join("coalesce(current_setting(%s, true), '')" for _ in _SETTINGS), _SETTINGS
        )
        return tuple(cursor.fetchone() or ())


def _set(values: tuple[str, ...]) -> None:
    pairs = [part for pair in zip(_SETTINGS, values, strict=True) for part in pair]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join("set_config(%s, %s, true)" for _ in _SETTINGS), pairs)
