"""Show that the checks of the house can fail."""

from pathlib import Path

import pytest

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
