"""Measure "My day" of one caseworker among 100,000 and 1,000,000 cases, beside reading 50 rows by their key.

Cases are rows made in SQL (a sealed label that opens, no entries): what a list costs, not what a case holds.
"""

import statistics
import time
from collections.abc import Callable

import psycopg

from amparo.base.clock import now
from amparo.node.demo.ana import LABEL, answers_of_ana
from amparo.node.demo.phone import Phone
from bench.node import Node, a_node
from bench.rows import Row, compared

_CASES = """
WITH one AS (SELECT * FROM cases_case LIMIT 1),
made AS (
  INSERT INTO cases_case
    (id, reference, agency_id, taken_in_by_id, opened_at, wrapped_key, sealed_label, sealed_identity)
  SELECT gen_random_uuid(), 'XX-' || n, one.agency_id, one.taken_in_by_id, now(), '', '', '' FROM one,
         generate_series(%s::int, %s::int) n RETURNING id, agency_id, taken_in_by_id)
INSERT INTO cases_standing (case_id, agency_id, taken_in_by_id, guide_version, evaluated_at, danger, next_due_at,
  breach_count, late_count, open_count, needs_now, glance, first_due, blocked, breaches, released,
  closed, states, unmet_since, incident_count)
SELECT id, agency_id, taken_in_by_id, 'x', now(), 1 + (random() * 2)::int, now() + random() * interval '90 days',
  0, 0, 1, 0, '{}', '{}', '{}', '[]', false, false, '{}', '{}', 0 FROM made
"""
_LIST = """
SELECT case_id, danger, next_due_at, glance FROM cases_standing WHERE agency_id = %s AND NOT released
ORDER BY danger, next_due_at, case_id LIMIT 51
"""
_CASES_OF_PAGE = "SELECT * FROM cases_case WHERE id = ANY(%s)"
_BY_KEY = "SELECT id, reference FROM cases_case ORDER BY id LIMIT 51"


def measure(quick: bool) -> list[Row]:
    """Return the median time of the list's query under row security."""
    sizes = (2_000,) if quick else (100_000, 1_000_000)
    rows: list[Row] = []
    with a_node() as node:
        _seed(node)
        done = 0
        for size in sizes:
            _grow(node, done, size)
            done = size
            ours, peer = _times(node)
            about = "51 rows by primary key, row security on, same run"
            rows.append(compared(f"My day, {size:,} cases, median", ours * 1000, peer * 1000, "ms", about))
    return rows


def _seed(node: Node) -> None:
    """Let one real child in, so that the rows to come have agencies."""
    phone = Phone(f"{node.url}/openrosa", node.device["username"], node.device["secret"])
    phone.send(phone.fetch("intake"), answers_of_ana(now()), label=LABEL)


def _grow(node: Node, first: int, last: int) -> None:
    with psycopg.connect(node.owner_dsn()) as owner:
        owner.execute("SELECT set_config('amparo.reach', 'node', true)")
        owner.execute(_CASES, [first + 1, last])
    with psycopg.connect(node.owner_dsn(), autocommit=True) as owner:
        owner.execute("ANALYZE cases_case, cases_standing")


def _times(node: Node) -> tuple[float, float]:
    """Ask as the owner with an agency's settings: row security is forced, so the plan is that of the app."""
    with psycopg.connect(node.owner_dsn()) as owner:
        owner.execute("SELECT set_config('amparo.reach', 'node', true)")
        row = owner.execute("SELECT agency_id FROM cases_case LIMIT 1").fetchone()
        agency = row[0] if row else None
        owner.execute(
            "SELECT set_config('amparo.reach', 'agency', true), set_config('amparo.sector', 'protection', true),"
            " set_config('amparo.agency', %s, true)",
            [str(agency)],
        )
        return _median(lambda: _page(owner, agency)), _median(lambda: owner.execute(_BY_KEY).fetchall())


def _page(owner: psycopg.Connection, agency: object) -> None:
    """Read one page as `cases.queries.open_cases_of` does: the standings in order, then their cases."""
    rows = owner.execute(_LIST, [agency]).fetchall()
    owner.execute(_CASES_OF_PAGE, [[row[0] for row in rows]]).fetchall()


def _median(read: Callable[[], object]) -> float:
    times = []
    for _ in range(21):
        start = time.perf_counter()
        read()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
