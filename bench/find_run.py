"""Do the measurements of `find_bench` inside one node: `python -m bench.find_run SIZE...`, with AMPARO_HOME set."""

import json
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg

from amparo.node.setup import open_django
from bench.find_names import SHARES, Names, spoilt
from bench.rows import Row, compared, table

if TYPE_CHECKING:
    from amparo.access.models import Person

QUERIES = 300
OPENED = 60
# No officer opens more than a few children in a row here: each has a budget.
PER_PERSON = 15
_PEERS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE TABLE bench_people (id uuid, name text, tongue text);
"""
_SOUNDS = "array(SELECT dmetaphone(part) FROM regexp_split_to_table({}, '[^[:alpha:]]+') part WHERE length(part) > 1)"
_PEER_INDEXES = (
    "ALTER TABLE bench_people ADD COLUMN IF NOT EXISTS sounds text[]",
    f"UPDATE bench_people SET sounds = {_SOUNDS.format('name')} WHERE sounds IS NULL",  # noqa: S608 - our own words
    "CREATE INDEX IF NOT EXISTS bench_trigrams ON bench_people USING gin (name gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS bench_sounds ON bench_people USING gin (sounds)",
    "ANALYZE bench_people",
)
_TRIGRAMS = (
    "SELECT id FROM bench_people WHERE name %% %(asked)s ORDER BY similarity(name, %(asked)s) DESC LIMIT 10"
)
_METAPHONE = f"""
SELECT id FROM bench_people, (SELECT {_SOUNDS.format("%(asked)s")} AS wanted) q WHERE sounds && wanted
ORDER BY cardinality(array(SELECT unnest(sounds) INTERSECT SELECT unnest(wanted))) DESC,
  similarity(name, %(asked)s) DESC LIMIT 10
"""  # noqa: S608 - our own words
_FACTS = """
INSERT INTO cases_entry (id, case_id, kind, name, value, sealed, told, at, recorded_at, actor, role, agency, source)
SELECT gen_random_uuid(), c.id, e.kind, e.name, e.value, NULL, e.told, e.at, e.recorded_at, e.actor, e.role, e.agency,
  e.source FROM cases_case c,
  (SELECT * FROM cases_entry WHERE kind = 'fact' ORDER BY id LIMIT 5) e
WHERE c.names_edition = 1 AND NOT EXISTS (SELECT FROM cases_entry x WHERE x.case_id = c.id)
"""


def main() -> int:
    """Fill, measure at each size, print rows as JSON."""
    open_django("app")
    rows: list[Row] = []
    names, done = Names(11), 0
    with psycopg.connect(_owner_dsn(), autocommit=True) as owner:
        owner.execute(_PEERS)
        real = _real_children()
        for size in map(int, sys.argv[1:]):
            _grow(owner, names, size - done, done)
            done = size
            rows += _at_size(owner, size, real)
    sys.stdout.write(json.dumps([asdict(row) for row in rows]))
    return 0


def _at_size(owner: psycopg.Connection, size: int, real: list[UUID]) -> list[Row]:
    about = f"{size:,} cases"
    asked = _questions(owner)
    rows = [*_recall(owner, asked, about), *_pages(asked, real, about)]
    rows += _ratios(owner, asked, real, about)
    rows += _sizes_of(owner, size, about)
    sys.stderr.write(table(rows))
    return rows


def _grow(owner: psycopg.Connection, names: Names, count: int, first: int) -> None:
    from amparo.access.models import Agency
    from bench.find_fill import TABLES, fill

    started = time.monotonic()
    with _without_force(owner, (*TABLES, "cases_entry")):
        with psycopg.connect(_owner_dsn()) as writer:
            fill(writer, Agency.objects.get(code="mx-proteccion"), names, count, first)
        owner.execute(_FACTS)
        owner.execute("VACUUM ANALYZE cases_case, cases_standing, cases_namekey, cases_entry")
    for statement in _PEER_INDEXES:
        owner.execute(statement)
    sys.stderr.write(f"filled {count:,} in {time.monotonic() - started:.0f} s\n")


def _real_children() -> list[UUID]:
    """Open some cases as the node opens them, with everything that a story holds."""
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.access.models import Agency
    from amparo.base.clock import now
    from amparo.cases.models import Case
    from amparo.node.demo.children import fill_with_children

    fill_with_children(agency="mx-proteccion", count=OPENED, at=now(), seed=5)
    with acting_as(SYSTEM):
        agency = Agency.objects.get(code="mx-proteccion")
        return list(Case.objects.filter(agency=agency).values_list("pk", flat=True))


def _questions(owner: psycopg.Connection) -> list[tuple[UUID, str, str]]:
    """Return (child, family of languages, spoilt name): as many of each family, chosen by chance."""
    chance = random.Random(23)  # noqa: S311 - the same questions each time
    found = []
    for tongue in SHARES:
        people = owner.execute(
            "SELECT id, name FROM bench_people WHERE tongue = %s ORDER BY md5(id::text || 'a') LIMIT %s",
            [tongue, QUERIES // len(SHARES)],
        ).fetchall()
        for case_id, name in people:
            given, family = _halves(name, tongue)
            found.append((case_id, tongue, spoilt(tongue, given, family, chance)))
    return found


def _halves(name: str, tongue: str) -> tuple[str, str]:
    parts = name.split()
    families = 1 if tongue in ("haitian", "english") else 2
    return " ".join(parts[:-families]), " ".join(parts[-families:])


def _recall(owner: psycopg.Connection, asked: list[tuple[UUID, str, str]], about: str) -> Iterator[Row]:
    from amparo.access.actor import acting_as
    from amparo.cases.searching import find_children

    reader = _person().as_actor()
    hits: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    times: dict[str, list[float]] = defaultdict(list)
    owner.execute("SET pg_trgm.similarity_threshold = 0.3")
    for case_id, tongue, words in asked:
        with acting_as(reader):
            lines = find_children(reader, asked=words, because="mine").lines[:10]
        hits["ours"][tongue] += case_id in [line.id for line in lines]
        for peer, query in (("trigrams", _TRIGRAMS), ("metaphone", _METAPHONE)):
            start = time.perf_counter()
            ids = [row[0] for row in owner.execute(query, {"asked": words}).fetchall()]
            times[peer].append(time.perf_counter() - start)
            hits[peer][tongue] += case_id in ids
    everyone = len(asked)
    for peer, what in (("trigrams", "pg_trgm at 0.3"), ("metaphone", "double metaphone, then trigrams")):
        mine, theirs = sum(hits["ours"].values()) / everyone, sum(hits[peer].values()) / everyone
        yield compared(
            f"recall@10, {about}",
            mine,
            theirs,
            "",
            f"{what}, on names in clear; {everyone} spoilt names",
            places=3,
        )
    for tongue in SHARES:
        each = everyone / len(SHARES)
        mine, theirs = hits["ours"][tongue] / each, hits["trigrams"][tongue] / each
        yield compared(f"… {tongue} names", mine, theirs, "", "pg_trgm, the same names", places=3)
    for peer in times:
        yield Row(f"{peer}, query in the database, p95, {about}", "", f"{_p95(times[peer]) * 1000:.0f} ms")


def _pages(asked: list[tuple[UUID, str, str]], real: list[UUID], about: str) -> Iterator[Row]:
    for what, limit, run in _kinds(asked, real):
        pages, queries = _timed(run)
        target = f"target as a page: {limit} ms; load of the machine {os.getloadavg()[0]:.0f} on 2 cores"
        yield Row(f"{what}, page, p95, {about}", f"{_p95(pages) * 1000:.0f} ms", "", "", target)
        yield Row(f"{what}, page, median, {about}", f"{statistics.median(pages) * 1000:.0f} ms")
        yield Row(f"{what}, in the database, p95, {about}", f"{_p95(queries) * 1000:.0f} ms")


def _ratios(
    owner: psycopg.Connection, asked: list[tuple[UUID, str, str]], real: list[UUID], about: str
) -> Iterator[Row]:
    """Ask the same pages as they would be without encryption, and without row security."""
    for what, _target, run in _kinds(asked[:60], real):
        usual = statistics.median(_timed(run)[0]) * 1000
        with _opened_beforehand():
            _timed(run)
            clear = statistics.median(_timed(run)[0]) * 1000
        yield compared(
            f"{what}, median, {about}", usual, clear, "ms", "the same page, opened bytes remembered"
        )
        with _as_the_owner(owner):
            free = statistics.median(_timed(run)[0]) * 1000
        yield compared(f"{what}, median, {about}", usual, free, "ms", "the same page without row security")


def _kinds(
    asked: list[tuple[UUID, str, str]], real: list[UUID]
) -> list[tuple[str, int, Callable[[], Iterator[float]]]]:
    return [
        ("My day", 200, lambda: _visit(lambda browser, _n: browser.get("/day/"), 40)),
        (
            "name search", 300,
            lambda: _visit(
                lambda browser, n: browser.post("/find/", {"asked": asked[n][2], "because": "mine"}),
                min(len(asked), 120),
            ),
        ),
        ("opening a case", 200, lambda: _visit(lambda browser, n: browser.get(f"/cases/{real[n]}/"), len(real))),
    ]  # fmt: skip


def _visit(ask: Callable[..., object], count: int) -> Iterator[float]:
    """Yield the seconds of each page; somebody else signs in after some."""
    from django.test import Client

    browser = Client()
    for number in range(count):
        if number % PER_PERSON == 0:
            browser = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "es"})
            browser.force_login(_person())
            browser.get("/find/")
        start = time.perf_counter()
        answer = ask(browser, number)
        spent = time.perf_counter() - start
        if getattr(answer, "status_code", 0) != 200:
            raise RuntimeError(f"a page was answered {getattr(answer, 'status_code', 0)}")
        yield spent


def _timed(run: Callable[[], Iterator[float]]) -> tuple[list[float], list[float]]:
    """Return the seconds of each page, and those of them spent waiting for the database."""
    from django.db import connection

    waited = [0.0]
    pages: list[float] = []
    queries: list[float] = []

    def wait(execute, statement, params, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        start = time.perf_counter()
        try:
            return execute(statement, params, many, context)
        finally:
            waited[0] += time.perf_counter() - start

    with connection.execute_wrapper(wait):
        visits = run()
        while True:
            waited[0] = 0.0
            spent = next(visits, None)
            if spent is None:
                return pages, queries
            pages.append(spent)
            queries.append(min(waited[0], spent))


def _person() -> "Person":
    from amparo.access.models import Agency, Person
    from amparo.access.rules import Role
    from amparo.base.ids import random_id

    return Person.objects.create_user(
        f"{random_id()}@example.org",
        random_id(),
        agency=Agency.objects.get(code="mx-proteccion"),
        role=Role.CASEWORKER,
        name="Bench",
    )


@contextmanager
def _opened_beforehand() -> Iterator[None]:
    """Remember what was opened: the second time the same bytes cost a look into a table."""
    from amparo.base import seal

    was, held = seal.decrypt, dict[tuple[bytes, bytes, str], bytes]()

    def remembered(key: bytes, sealed: bytes, *, context: str) -> bytes:
        place = (key, sealed, context)
        if place not in held:
            held[place] = was(key, sealed, context=context)
        return held[place]

    seal.decrypt = remembered
    try:
        yield
    finally:
        seal.decrypt = was


@contextmanager
def _as_the_owner(owner: psycopg.Connection) -> Iterator[None]:
    """Ask as the owner of the tables while none of them forces row security on her."""
    from django.conf import settings
    from django.db import connections

    from amparo.node.database import database_settings

    forced = [name for (name,) in owner.execute(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE relforcerowsecurity AND relkind = 'r'"
    ).fetchall()]  # fmt: skip
    with _without_force(owner, tuple(forced)):
        _sign_in(connections["default"], database_settings(settings.HOME, "owner")["default"])
        yield
        _sign_in(connections["default"], database_settings(settings.HOME, "app")["default"])


def _sign_in(connection, told: dict[str, object]) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    connection.close()
    if connection.pool:
        connection.close_pool()
    connection.settings_dict.update(told)


@contextmanager
def _without_force(owner: psycopg.Connection, tables: tuple[str, ...]) -> Iterator[None]:
    for name in tables:
        owner.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        for name in tables:
            owner.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def _sizes_of(owner: psycopg.Connection, size: int, about: str) -> Iterator[Row]:
    """Say how large the index is, and what its number of rows tells whoever copies it."""
    with _without_force(owner, ("cases_namekey",)):
        (total, rows) = owner.execute(
            "SELECT pg_total_relation_size('cases_namekey'), count(*) FROM cases_namekey"
        ).fetchone() or (0, 0)
        held = owner.execute(
            "SELECT kind, max(n), percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM"
            " (SELECT kind, blind, count(*) n FROM cases_namekey GROUP BY 1, 2) each GROUP BY 1 ORDER BY 1"
        ).fetchall()
    yield Row(
        f"index of names, {about}", f"{rows / size:.1f} words a case, {total / size / 1024:.1f} kB a case"
    )
    for kind, most, middle in held:
        name = "a part of a name" if kind == 1 else "a pair"
        yield Row(f"cases under one word of {name}, {about}", f"most {most:,}, median {middle:.0f}")


def _owner_dsn() -> str:
    from django.conf import settings

    from amparo.node.database import database_settings

    told = database_settings(settings.HOME, "owner")["default"]
    return psycopg.conninfo.make_conninfo(
        host=told["HOST"],
        port=told["PORT"],
        dbname=told["NAME"],
        user=told["USER"],
        password=told["PASSWORD"],
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    sys.exit(main())
