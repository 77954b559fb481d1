"""Fill a node with cases by the hundred thousand: sealed as the node seals, indexed as it indexes, written by COPY.

Made for measurements only. Each case is a row with what lists and searches read: label, names, identity, standing,
blind words; five facts copied from a real case stand behind it. The node's clear names are kept in a table beside them,
`bench_people`, for the peers that need them.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import models as fields
from psycopg.types.json import Jsonb

from amparo.access import vault
from amparo.access.models import Agency
from amparo.base.ids import uuid7
from amparo.cases import models, naming
from bench.find_names import Names

TABLES = ("cases_case", "cases_standing", "cases_namekey")
_AT = 5_000


def fill(owner: psycopg.Connection, agency: Agency, names: Names, count: int, first: int) -> None:
    """Add so many cases of one agency; the tables must not force row security for their owner meanwhile."""
    for start in range(first, first + count, _AT):
        made = [_case(agency, names, number) for number in range(start, min(start + _AT, first + count))]
        cases = [case for case, _told, _tongue in made]
        _copy(owner, models.Case, cases)
        _copy(owner, models.Standing, [_standing(case, names.chance) for case in cases])
        _copy(owner, models.NameKey, _keys(made))
        with owner.cursor() as cursor, cursor.copy("COPY bench_people FROM STDIN") as copy:
            for case, told, tongue in made:
                copy.write_row((case.pk, " ".join(told), tongue))
        owner.commit()


def _case(agency: Agency, names: Names, number: int) -> tuple[models.Case, tuple[str, ...], str]:
    tongue, given, family = names.one()
    case_id = uuid7()
    key, wrapped = vault.new_data_key(case_id)
    identity = {"given_names": {"value": given}, "family_names": {"value": family}}
    told = naming.names_in(identity)
    case = models.Case(
        id=case_id,
        reference=f"XX-{number}",
        agency=agency,
        taken_in_by=agency,
        opened_at=datetime.now(UTC),
        wrapped_key=wrapped,
        sealed_label=vault.seal_label(case_id, given.split()[0]),
        sealed_identity=vault.seal_data(key, identity, place=f"case.identity:{case_id}"),
        sealed_names=vault.seal_names(case_id, told),
        names_edition=naming.EDITION,
    )
    return case, told, tongue


def _standing(case: models.Case, chance: random.Random) -> models.Standing:
    months = chance.randrange(12, 214)
    glance = {"age_in_months": months, "age_status": "child", "care_setting": "emergency", "first_open": ""}
    return models.Standing(
        case=case,
        agency_id=case.agency_id,
        taken_in_by_id=case.taken_in_by_id,
        guide_version="bench",
        evaluated_at=case.opened_at,
        danger=chance.randrange(1, 4),
        next_due_at=case.opened_at + timedelta(days=90 * chance.random()),
        breach_count=0,
        late_count=0,
        open_count=1,
        needs_now=0,
        glance=glance,
    )


def _keys(made: list[tuple[models.Case, tuple[str, ...], str]]) -> Iterator[models.NameKey]:
    for case, told, _tongue in made:
        yield from naming.rows_of(case, told)


def _copy(owner: psycopg.Connection, model: type[fields.Model], rows: Any) -> None:  # noqa: ANN401
    """COPY unsaved rows of a model; every column gets what the model would save."""
    columns = model._meta.local_concrete_fields
    names = ", ".join(str(column.column) for column in columns)
    # Names of our own models, nothing that anybody typed.
    statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN".encode()
    with owner.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(column, row) for column in columns])


def _value(column: "fields.Field[Any, Any]", row: fields.Model) -> Any:  # noqa: ANN401
    value = getattr(row, column.attname)
    if isinstance(column, fields.JSONField) and value is not None:
        return Jsonb(value)
    return str(value) if isinstance(value, UUID) else value
