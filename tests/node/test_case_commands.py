"""Show what the command that judges open cases again says while it works, when it stops, and when it cannot."""

from collections.abc import Iterator

import pytest

from amparo import cli
from amparo.access.actor import SYSTEM, acting_as
from amparo.cases import models, reevaluating, tasks
from amparo.node.home import Home
from tests.cases.guides import PLAIN, another_guide
from tests.factories import a_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def former_guide(node_home: Home) -> Iterator[None]:
    """Let every test begin under this node's own first overlay."""
    with another_guide(node_home, PLAIN):
        yield


def _versions() -> list[str]:
    with acting_as(SYSTEM):
        return sorted(models.Standing.objects.values_list("guide_version", flat=True))


def test_the_command_says_how_far_it_is_and_can_be_stopped(
    node_home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reevaluating, "BATCH", 1)
    for _ in range(3):
        a_case()

    with another_guide(node_home):
        codes = [cli.main(["cases", "reevaluate", "--most", "2"]), cli.main(["cases", "reevaluate"])]

    said = capsys.readouterr().out
    assert codes == [0, 0]
    assert "3 open cases were judged under another version" in said
    assert "  1 of 3\n" in said
    assert "2 judged again. Some are left: run this again to go on." in said
    assert "1 judged again.\n" in said
    assert {one.rpartition("-")[2] for one in _versions()} == {"9.9.9"}


def test_the_command_names_a_guide_that_cannot_be_used_and_touches_nothing(
    node_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    a_case()
    before = _versions()

    with another_guide(node_home, PLAIN + "obligations: [{id: no-detention, severity: soft}]\n"):
        code = cli.main(["cases", "reevaluate"])

    assert code == 1
    assert "may not go from hard to soft" in capsys.readouterr().err
    assert _versions() == before


def test_reindexing_says_how_far_it_is_and_does_each_case_once(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        a_case()
    with acting_as(SYSTEM):
        models.Case.objects.update(names_edition=0)

    codes = [cli.main(["cases", "reindex"]), cli.main(["cases", "reindex"])]

    said = capsys.readouterr().out
    assert codes == [0, 0]
    assert "  3\n3 cases indexed again.\n0 cases indexed again." in said


@pytest.mark.parametrize("most", ["0", "-1", "some"])
def test_a_number_of_cases_that_is_none_is_refused(most: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["cases", "reevaluate", "--most", most])

    assert stopped.value.code == 2
    assert "--most" in capsys.readouterr().err


def test_the_background_tasks_do_the_same_by_themselves(node_home: Home) -> None:
    a_case()

    with another_guide(node_home):
        tasks.reevaluate_cases(timestamp=0)
        tasks.tell_stuck_cases(timestamp=0)

    assert {one.rpartition("-")[2] for one in _versions()} == {"9.9.9"}


def test_the_tasks_are_declared_to_the_worker() -> None:
    from procrastinate.contrib.django import app

    declared = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}

    assert {"amparo.cases.tell_stuck", "amparo.cases.reevaluate"} <= declared
