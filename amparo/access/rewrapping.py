"""Wrap data keys and labels anew under the newest key, while people work: a few rows at a time.

A key never leaves its holder, and a row is changed only if it is still as it was read. Decision: 0021.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from amparo.access.actor import SYSTEM, acting_as, acting_now, for_purpose, purpose_now
from amparo.access.keys import key_provider
from amparo.access.vault import owners_of
from amparo.keys.rules import BATCH, Asker

# Columns of wrapped keys and of labels under the list key, wherever a room keeps them; the row's id owns them.
KEY_COLUMN, LABEL_COLUMNS = "wrapped_key", ("sealed_label", "sealed_names")


@dataclass(frozen=True)
class Column:
    """One column to be wrapped anew: `names` holds labels of names, whose owner is not the row itself."""

    table: str
    name: str

    def owner(self, row: UUID) -> UUID:
        """Return under which id a row's key or label is held."""
        return owners_of(row)[1] if self.name == "sealed_names" else row


def columns() -> list[Column]:
    """Return every such column of the database, as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', table_schema, table_name), column_name FROM information_schema.columns"
            " WHERE column_name = ANY(%s) AND table_schema IN ('protection', 'public') AND is_updatable = 'YES'"
            " AND data_type = 'bytea' ORDER BY 1, 2",
            [[KEY_COLUMN, *LABEL_COLUMNS]],
        )
        return [Column(str(table), str(name)) for table, name in cursor.fetchall()]


def rewrap(*, say: Callable[[str], object], batch: int = BATCH) -> int:
    """Wrap everything under the newest key and retire the others; return how many rows were changed.

    Stopped in the middle it may be run again. Raises amparo.keys.trouble.KeysTrouble, and WrongKey for a row whose
    key is not held: then nothing is retired.
    """
    total = 0
    for column in columns():
        changed = sum(_rewrapped(column, batch))
        total += changed
        say(f"{column.table}.{column.name}: {changed}")
    with acting_as(SYSTEM), for_purpose("rotation"):
        if not under_older_keys():
            key_provider().retire_old(_asker())
    return total


def under_older_keys() -> bool:
    """Test whether any row is still under another key than the newest; looks at every case of the node."""
    with acting_as(SYSTEM), for_purpose("rotation"):
        newest = key_provider().key_ids(_asker())[-1]
        return any(_next(column, newest, "", 1) for column in columns())


def _rewrapped(column: Column, batch: int) -> Iterator[int]:
    """Go through a table in the order of its ids, each batch in a transaction of its own."""
    after = ""
    while True:
        with acting_as(SYSTEM), for_purpose("rotation"):
            newest = key_provider().key_ids(_asker())[-1]
            rows = _next(column, newest, after, batch)
            if not rows:
                return
            after = rows[-1][0]
            yield _changed(column, rows)


def _next(column: Column, newest: str, after: str, batch: int) -> list[tuple[str, bytes]]:
    """Return the next rows that are not under the newest key, their ids as texts."""
    # Names of tables and columns come from the catalogue, quoted by it.
    sql = (
        f"SELECT id::text, {column.name} FROM {column.table} WHERE length({column.name}) > 0"  # noqa: S608
        f" AND substr({column.name}, 1, 9) <> %s AND id::text > %s ORDER BY id::text LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [b"\x02" + bytes.fromhex(newest), after, batch])
        return [(str(row), bytes(sealed)) for row, sealed in cursor.fetchall()]


def _changed(column: Column, rows: list[tuple[str, bytes]]) -> int:
    pairs = [(column.owner(UUID(row)), sealed) for row, sealed in rows]
    of_keys = column.name == KEY_COLUMN
    given = key_provider().wrap_again(pairs if of_keys else [], [] if of_keys else pairs, _asker())
    changed = 0
    sql = f"UPDATE {column.table} SET {column.name} = %s WHERE id::text = %s AND {column.name} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        for (row, sealed), fresh in zip(rows, given, strict=True):
            cursor.execute(sql, [fresh, row, sealed])
            changed += cursor.rowcount
    return changed


def _asker() -> Asker:
    return Asker(acting_now().id, "system", purpose_now())
