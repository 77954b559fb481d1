"""Write down what the trust tests tried, how often, and what came of it; an id without a test is shown as a gap.

Takes results in and gives text out; running the tests is pytest's work (tests/trust/conftest.py).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
NOT_BUILT = "not built yet"


@dataclass(frozen=True)
class Outcome:
    """One test that ran: `cases` it tried, and the seed from which it chose them, if any."""

    id: str
    test: str
    result: str  # passed, failed or skipped
    seconds: float
    cases: int
    seeds: tuple[int, ...]
    tried: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One id of the programme with all its tests."""

    id: str
    tries: str
    target: str
    result: str
    tests: int
    cases: int
    seeds: tuple[int, ...]
    seconds: float
    tried: tuple[str, ...]
    faults: tuple[str, ...]


def programme() -> dict[str, dict[str, str]]:
    """Return what each id tries, with its sizes and target."""
    return dict(yaml.safe_load((HERE / "programme.yaml").read_text(encoding="utf-8")))


def faults() -> list[dict[str, str]]:
    """Return the faults that were planted, each with the id and the test that went red."""
    return list(yaml.safe_load((HERE / "faults.yaml").read_text(encoding="utf-8")))


def promises() -> dict[str, dict[str, Any]]:
    """Return each promise of this release with the tests that try to break it."""
    return dict(yaml.safe_load((HERE / "promises.yaml").read_text(encoding="utf-8")))


def kept_promises(outcomes: Iterable[Outcome]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return each promise with its words, what came of its tests in this run, and their names."""
    results: dict[str, set[str]] = {}
    for outcome in outcomes:
        results.setdefault(outcome.test.partition("[")[0], set()).add(outcome.result)
    return [
        (
            key,
            entry["promise"],
            _of_promise([results.get(test, set()) for test in entry["tests"]]),
            tuple(entry["tests"]),
        )
        for key, entry in promises().items()
    ]


def _of_promise(results: Sequence[set[str]]) -> str:
    """Say kept when each of its tests ran and passed; a test that did not run leaves the promise open."""
    if any(found - {"passed"} for found in results):
        return "BROKEN"
    return "kept" if all(results) else "not tried whole in this run"


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """Return one row for each id of the programme, in its order."""
    by_id: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_id.setdefault(outcome.id, []).append(outcome)
    return [_row(key, entry, by_id.get(key, [])) for key, entry in programme().items()]


def _row(key: str, entry: Mapping[str, str], ran: Sequence[Outcome]) -> Row:
    return Row(
        id=key,
        tries=entry["tries"],
        target=entry["target"],
        result=_result(ran),
        tests=len(ran),
        cases=sum(one.cases for one in ran),
        seeds=tuple(sorted({seed for one in ran for seed in one.seeds})),
        seconds=round(sum(one.seconds for one in ran), 1),
        tried=tuple(dict.fromkeys(words for one in ran for words in one.tried)),
        faults=tuple(fault["fault"] for fault in faults() if fault["id"] == key),
    )


def _result(ran: Sequence[Outcome]) -> str:
    """Say failed when one test failed or was left out: what was not tried is not kept."""
    if not ran:
        return NOT_BUILT
    return "kept" if all(one.result == "passed" for one in ran) else "BROKEN"


def write(outcomes: Iterable[Outcome], *, column: str, target: Path) -> list[Row]:
    """Write the report as a page and, beside it, as JSON; return its rows."""
    ran = list(outcomes)
    found = rows(ran)
    data: dict[str, Any] = {"column": column, "rows": [asdict(row) for row in found]}
    target.with_suffix(".json").write_text(
        json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    target.write_text(_page(found, column, kept_promises(ran)), encoding="utf-8")
    return found


def _page(
    found: Sequence[Row], column: str, promised: Sequence[tuple[str, str, str, tuple[str, ...]]]
) -> str:
    built = [row for row in found if row.result != NOT_BUILT]
    lines = [
        "# Trust report",
        "",
        f"Written by `make {'trust' if column == 'full' else 'trust-quick'}`; column: {column}."
        f" {sum(row.result == 'kept' for row in built)} of {len(built)} promises tried were kept,"
        f" {len(found) - len(built)} of the programme are not tried yet.",
        "Each fault was put into the code once by hand, and a test of that id was seen to fail on it.",
        "",
        "## The promises of this release",
        "",
        "| promise | in words | in this run | tests |",
        "|---|---|---|---|",
        *(f"| {key} | {words} | {came} | {_names(tests)} |" for key, words, came, tests in promised),
        "",
        "## The whole programme",
        "",
        "| id | what we try to break | result | target | tests | cases | seeds | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row) for row in found]
    for row in built:
        lines += ["", f"## {row.id}: {row.tries}", ""]
        lines += [f"- tried: {words}" for words in row.tried] or ["- tried: as the names of its tests say"]
        lines += [f"- fault seen: {words}" for words in row.faults] or [
            "- **no planted fault on record yet**"
        ]
    return "\n".join(lines) + "\n"


def _names(tests: Sequence[str]) -> str:
    return ", ".join(f"`{test.removeprefix('tests/trust/')}`" for test in tests)


def _line(row: Row) -> str:
    if row.result == NOT_BUILT:
        return f"| {row.id} | {row.tries} | {NOT_BUILT} | {row.target} | | | | |"
    seeds = ", ".join(map(str, row.seeds))
    return (
        f"| {row.id} | {row.tries} | {row.result} | {row.target} | {row.tests} | {row.cases:,} |"
        f" {seeds} | {row.seconds} |"
    )
