"""Measure how fast open cases are judged again under a new version of the Guide, beside judging alone.

One real case is copied in SQL with all its entries; the new version is an overlay in the node's home, laid and
checked as by its people; the command that is timed is the one an operator runs.
"""

import os
import resource
import subprocess
import sys
import time
from datetime import timedelta

import psycopg

from amparo.base.clock import now
from amparo.guide import evaluate, load
from amparo.guide.document import DATA
from amparo.guide.reading import read_file
from amparo.node.demo.ana import LABEL, answers_of_ana
from amparo.node.demo.phone import Phone
from bench.node import Node, a_node
from bench.rows import Row, compared

_OVERLAY = "overlay: {country: MX, version: 9.9.9, status: draft}\n"
_COPIES = (
    "CREATE TEMP TABLE copy ON COMMIT DROP AS"
    " SELECT c.id AS former, gen_random_uuid() AS id, n FROM cases_case c, generate_series(1, %s) n",
    "INSERT INTO cases_case (id, reference, agency_id, taken_in_by_id, opened_at, wrapped_key, sealed_label,"
    " sealed_identity) SELECT k.id, 'XX-' || n, agency_id, taken_in_by_id, opened_at, wrapped_key, sealed_label,"
    " sealed_identity FROM copy k JOIN cases_case c ON c.id = k.former",
    "INSERT INTO cases_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),"
    " 'case_id', k.id))).* FROM copy k JOIN cases_entry e ON e.case_id = k.former",
    "INSERT INTO cases_standing SELECT (jsonb_populate_record(s, jsonb_build_object('case_id', k.id))).*"
    " FROM copy k JOIN cases_standing s ON s.case_id = k.former",
)


def measure(quick: bool) -> list[Row]:
    """Return cases per second of the wall and of the processor, what that makes of 100,000, and the memory."""
    size = 200 if quick else 2_000
    with a_node() as node:
        _take_in(node, size)
        (node.home / "overlay.yaml").write_text(_OVERLAY, encoding="utf-8")
        start = _reevaluate(node, 1)
        few = _reevaluate(node, size // 4)
        rest = _reevaluate(node, size - size // 4)
    done, alone = size - size // 4, _judged_alone(size // 4)
    rate, own = done / (rest.seconds - start.seconds), done / (rest.processor - start.processor)
    about = "the Guide alone on the same child, no database, same run; starting the command is left out"
    return [
        compared(
            f"Open cases judged again under a new version, {size:,} cases", rate, alone, "a second", about
        ),
        Row("The same by the processor time of the command, without the database's", f"{own:,.1f} a second"),
        Row(
            "100,000 open cases at the first rate (extrapolated, not run)", f"{1e5 / rate / 60:,.0f} minutes"
        ),
        Row(
            f"Memory of the command after {size // 4:,} and after {done:,} cases",
            f"{few.megabytes:,.0f} and {rest.megabytes:,.0f} MB",
        ),
    ]


class _Run:
    """What one run of the command took."""

    def __init__(self, seconds: float, processor: float, megabytes: float) -> None:
        self.seconds, self.processor, self.megabytes = seconds, processor, megabytes


def _take_in(node: Node, size: int) -> None:
    phone = Phone(f"{node.url}/openrosa", node.device["username"], node.device["secret"])
    phone.send(phone.fetch("intake"), answers_of_ana(now() - timedelta(minutes=5)), label=LABEL)
    with psycopg.connect(node.owner_dsn()) as owner:
        owner.execute("SELECT set_config('amparo.reach', 'node', true)")
        owner.execute(_COPIES[0].replace("%s", str(size)))
        for copied in _COPIES[1:]:
            owner.execute(copied)
    with psycopg.connect(node.owner_dsn(), autocommit=True) as owner:
        owner.execute("ANALYZE cases_case, cases_standing, cases_entry")


def _reevaluate(node: Node, most: int) -> _Run:
    command = [sys.executable, "-m", "amparo", "cases", "reevaluate", "--most", str(most)]
    environment, before = os.environ | {"AMPARO_HOME": str(node.home)}, _used()
    began = time.perf_counter()
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    took, after = time.perf_counter() - began, _used()
    if f"{most} judged again" not in said.stdout:
        raise RuntimeError(f"not all cases were judged again: {said.stdout}")
    return _Run(took, after[0] - before[0], after[1])


def _used() -> tuple[float, float]:
    """Return the processor seconds of the commands so far, and the most megabytes one of them held."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _judged_alone(times: int) -> float:
    guide, facts = load("MX"), read_file(DATA / "examples" / "01-ana-first-contact.yaml")["facts"]
    evaluate(guide, facts)
    began = time.perf_counter()
    for _ in range(times):
        evaluate(guide, facts)
    return times / (time.perf_counter() - began)
