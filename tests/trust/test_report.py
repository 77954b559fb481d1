"""Show that the trust report says what happened, and hides no gap."""

import ast
from pathlib import Path

import pytest

from tests.trust.report import NOT_BUILT, Outcome, faults, kept_promises, programme, promises, rows, write

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def _outcome(key: str = "L1", result: str = "passed", cases: int = 3) -> Outcome:
    return Outcome(key, "test_x", result, 1.25, cases, (7,), ("rows changed",))


def _marked() -> dict[str, set[str]]:
    """Return each trust test by its name, with the ids it or its whole file is marked with."""
    found: dict[str, set[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_file = {key for one in tree.body if isinstance(one, ast.Assign) for key in _ids_in(one)}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                own = {key for mark in node.decorator_list for key in _ids_in(mark)}
                found[f"{path.relative_to(ROOT)}::{node.name}"] = own | of_file
    return found


def _ids_in(tree: ast.AST) -> set[str]:
    """Return the ids of every trust mark that is written in a piece of code."""
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
    return {
        str(ast.literal_eval(one.args[0])) for one in calls if ast.unparse(one.func) == "pytest.mark.trust"
    }


def test_every_id_of_the_programme_has_a_row_and_a_gap_is_said() -> None:
    found = {row.id: row for row in rows([_outcome("L1")])}

    assert set(found) == set(programme())
    assert found["L1"].result == "kept"
    assert found["E7"].result == NOT_BUILT


@pytest.mark.parametrize("result", ["failed", "skipped"])
def test_one_test_that_failed_or_was_left_out_breaks_the_promise(result: str) -> None:
    found = {row.id: row for row in rows([_outcome("L1"), _outcome("L1", result)])}

    assert found["L1"].result == "BROKEN"


def test_the_page_counts_cases_and_names_seeds(tmp_path: Path) -> None:
    write([_outcome(cases=3), _outcome(cases=1_000)], column="quick", target=tmp_path / "report.md")

    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| 1,003 | 7 |" in page
    assert (tmp_path / "report.json").exists()


def test_every_planted_fault_names_a_test_of_its_id() -> None:
    marked = _marked()

    unknown = [fault for fault in faults() if fault["id"] not in marked.get(_name(fault), set())]

    assert unknown == []


def _name(fault: dict[str, str]) -> str:
    """Return the test of a fault without what it was run with."""
    return fault["test"].partition("[")[0]


def test_every_mark_is_an_id_of_the_programme() -> None:
    assert {key for ids in _marked().values() for key in ids} <= set(programme())


def test_every_promise_names_tests_that_exist_and_are_part_of_the_programme() -> None:
    marked = _marked()

    unknown = [test for entry in promises().values() for test in entry["tests"] if not marked.get(test)]

    assert set(promises()) == {"S4", "S5", "S7", "S8", "S9"}
    assert unknown == []


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (["passed"], "kept"),
        (["passed", "failed"], "BROKEN"),
        (["skipped"], "BROKEN"),
        ([], "not tried whole"),
    ],
)
def test_a_promise_is_kept_when_each_of_its_tests_ran_and_passed(results: list[str], said: str) -> None:
    tests = promises()["S9"]["tests"]
    ran = [Outcome("K4", tests[-1], "passed", 1.0, 1, (), ())] if results else []
    ran += [
        Outcome("A7", f"{test}[{n}]", one, 1.0, 1, (), ()) for test in tests for n, one in enumerate(results)
    ]

    found = {key: came for key, _words, came, _tests in kept_promises(ran)}

    assert found["S9"].startswith(said)
    assert found["S4"] == "not tried whole in this run"
