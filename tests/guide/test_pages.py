"""Keep the reference pages in step with the data they are written from."""

from pathlib import Path

import amparo
from amparo.guide.pages import vocabulary_page
from tests.guide.cases import the_guide

PAGE = Path(amparo.__file__).parents[1] / "docs" / "reference" / "guide-vocabulary.md"


def test_vocabulary_page_is_written_from_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == vocabulary_page(the_guide())


def test_vocabulary_page_has_every_action_and_answer() -> None:
    page = vocabulary_page(the_guide())

    assert all(f"| `{action}` |" in page for action in the_guide().vocabulary.actions)
    assert "| `claimed-child` | Says to be under 18 | Dice ser menor de 18 |" in page
