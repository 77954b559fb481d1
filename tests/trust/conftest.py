"""Give trust tests a way to say what they tried, and write the report when AMPARO_TRUST_REPORT names a file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trust.report import Outcome, write
from tests.trust.size import COLUMN

# How each test of this run ended; the keys are the tests' names, the values what pytest reported of each phase.
_REPORTS: dict[str, list[pytest.TestReport]] = {}

Tried = Callable[..., None]


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Say what a test tried: `tried(100, "rows changed as superuser", seed=7)`; once or more for each test."""

    def note(cases: int, what: str = "", *, seed: int | None = None) -> None:
        request.node.user_properties.append(("tried", (cases, what, seed)))

    return note


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each result carry the id of the programme that it belongs to."""
    for item in items:
        for marker in item.iter_markers("trust"):
            item.user_properties.append(("trust", marker.args[0]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what is reported of trust tests; with several workers this happens in the one that controls them."""
    if any(name == "trust" for name, _ in report.user_properties):
        _REPORTS.setdefault(report.nodeid, []).append(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, once, in the process that controls the run."""
    target = os.environ.get("AMPARO_TRUST_REPORT")
    if target and not hasattr(session.config, "workerinput"):
        outcomes = [one for reports in _REPORTS.values() for one in _outcomes(reports)]
        write(outcomes, column=COLUMN, target=Path(target))


def _outcomes(reports: list[pytest.TestReport]) -> list[Outcome]:
    last: list[tuple[str, Any]] = list(reports[-1].user_properties)
    notes = [value for name, value in last if name == "tried"]
    worst = next((one.outcome for one in reports if one.outcome != "passed"), "passed")
    return [
        Outcome(
            id=key,
            test=reports[0].nodeid,
            result=worst,
            seconds=sum(one.duration for one in reports),
            cases=sum(cases for cases, _, _ in notes) or 1,
            seeds=tuple(seed for _, _, seed in notes if seed is not None),
            tried=tuple(what for _, what, _ in notes if what),
        )
        for name, key in last
        if name == "trust"
    ]
