"""Show that the checks of the house can fail."""

from pathlib import Path

import pytest

from tests.asvs import lines, problems
from tests.generated import PAGES, stale
from tests.sizes import too_long


def test_everything_is_within_its_size() -> None:
    assert too_long() == []


def test_a_long_function_and_a_long_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "amparo").mkdir()
    (tmp_path / "amparo" / "long.py").write_text("def much() -> None:\n" + "    pass\n" * 500)

    assert [one.split(":")[0] for one in too_long(tmp_path)] == ["amparo/long.py", "amparo/long.py"]


def test_generated_pages_are_up_to_date() -> None:
    assert stale() == []


def test_a_page_that_differs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.generated.REFERENCE", tmp_path)

    assert set(stale()) == set(PAGES)


def test_every_requirement_of_asvs_that_is_asked_here_has_an_honest_answer() -> None:
    assert problems(lines()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": "surely"}, "is answered 'surely'"),
        ({"answer": "met", "shown by": "docs/reference/rights.md"}, "is met by no test"),
        ({"answer": "not met", "note": ""}, "without a reason"),
        ({"shown by": "tests/trust/test_gone.py"}, "which is not there"),
        ({"shown by": "tests/test_house.py::test_gone"}, "which is not there"),
        ({"id": "8.9.9"}, "8.1.1 has no answer"),
    ],
)
def test_an_answer_to_asvs_that_is_not_honest_is_named(change: dict[str, str], said: str) -> None:
    changed = [one | change if one["id"] == "8.1.1" else one for one in lines()]

    assert any(said in each for each in problems(changed))
