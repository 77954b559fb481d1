"""Run every measurement and print one report; `python -m bench [--quick] [--write]`.

`--write` puts the report into docs/reference/measurements.md: the parts that were measured, in place of their
former figures; what people wrote about them, below "What the figures say", stays.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from bench import (
    audit_bench,
    demo_bench,
    find_bench,
    guide_bench,
    guide_js_bench,
    list_bench,
    proof_bench,
    reevaluation_bench,
    submission_bench,
)
from bench.rows import Row, table

SAID = "What the figures say"
REPORT = Path(__file__).parent.parent / "docs" / "reference" / "measurements.md"
PARTS: tuple[tuple[str, Callable[[bool], list[Row]]], ...] = (
    ("The Guide", guide_bench.measure),
    ("The Guide in JavaScript", guide_js_bench.measure),
    ("Overlay proof", proof_bench.measure),
    ("Submissions", submission_bench.measure),
    ("Audit trail", audit_bench.measure),
    ("Lists", list_bench.measure),
    ("Finding a child", find_bench.measure),
    ("A new version of the Guide", reevaluation_bench.measure),
    ("The demonstration", demo_bench.measure),
)


def main() -> int:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller amounts, to see that everything runs")
    parser.add_argument("--write", action="store_true", help="write docs/reference/measurements.md")
    parser.add_argument("--only", default="", help="one part by its first letters")
    arguments = parser.parse_args()
    parts = []
    for title, measure in PARTS:
        if title.lower().startswith(arguments.only.lower()):
            sys.stderr.write(f"measuring: {title} ...\n")
            parts.append(f"## {title}\n\n{table(measure(arguments.quick))}\n")
    report = _head() + "\n".join(parts)
    sys.stdout.write(report)
    if arguments.write:
        REPORT.write_text(renewed(REPORT.read_text(encoding="utf-8"), report), encoding="utf-8")
    return 0


def renewed(before: str, report: str) -> str:
    """Return the page with the sections of a report in place of those of the same title."""
    old, new = _sections(before), _sections(report)
    titles = [title for title, _ in PARTS if title in {**old, **new}]
    said = {"": new[""], **{title: {**old, **new}[title] for title in titles}, SAID: old.get(SAID, "")}
    return "".join(f"## {title}\n{text}" if title else text for title, text in said.items() if text)


def _sections(page: str) -> dict[str, str]:
    head, *rest = page.split("\n## ")
    found = {"": head + "\n"}
    for each in rest:
        title, _, text = each.partition("\n")
        found[title] = text.rstrip() + "\n\n"
    return found


def _head() -> str:
    python = platform.python_version()
    return (
        "# Measurements\n\nMade by `make bench` (`python -m bench --write`); timings are of one machine and noisy, "
        "ratios travel better.\n"
        f"Machine: {_cores()} cores, {platform.machine()}, Python {python}, PostgreSQL of the wheel "
        "unless said.\n\n"
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    sys.exit(main())
