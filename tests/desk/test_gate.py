"""Show that the migration authority sees five facts and nothing else."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.urls import reverse

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.ids import read_case_reference
from amparo.cases import queries
from tests.desk.people import a_browser
from tests.desk.stories import FEAR, a_full_case
from tests.factories import an_actor

pytestmark = pytest.mark.django_db(transaction=True)
LookUp = Callable[[str], str]


def _reference_of_ana() -> str:
    case_id, worker = a_full_case(), an_actor()
    with acting_as(worker):
        return queries.case_for(worker, case_id, purpose="casework").reference


@pytest.fixture
def look_up(migration_login: Callable[[], AbstractContextManager[None]]) -> LookUp:
    """Look a reference up at the migration authority's server, and return what the page says."""

    def look(reference: str) -> str:
        with migration_login():
            browser = a_browser(Role.MIGRATION_OFFICER, "mx-migracion")
            return browser.post(reverse("desk:gate"), {"reference": reference}).content.decode()

    return look


def test_the_gate_shows_five_facts(look_up: LookUp) -> None:
    text = look_up(_reference_of_ana())

    facts = text.split('<dl class="gate')[1].split("</dl>")[0]
    assert facts.count("<dt>") == 5
    assert "No detener" in facts
    assert "No devolver" in facts
    assert "+52 55 0000 0001" in facts


def test_the_gate_shows_nothing_of_the_child(look_up: LookUp) -> None:
    text = look_up(_reference_of_ana())

    for secret in ("Ana", "Lucero", "Mateo", "Rosa", FEAR[:12], "Ceiba", "Honduras", "miedo"):
        assert secret not in text


def test_the_gate_says_why_there_is_nothing_else(look_up: LookUp) -> None:
    assert "Aquí no hay nada más, a propósito" in look_up("")


def test_a_reference_is_read_as_people_type_it(look_up: LookUp) -> None:
    reference = _reference_of_ana()

    assert '<dl class="gate' in look_up(f" {reference.lower().replace('-', ' ')} ")


@pytest.mark.parametrize("typed", ["", "MX-1", "x" * 500, "<script>", "MX-7Q2K-4F9E"])
def test_a_wrong_reference_is_said_in_words(look_up: LookUp, typed: str) -> None:
    text = look_up(typed)

    assert '<dl class="gate' not in text
    assert "govuk-error-summary" in text
    assert "<script>" not in text


def test_the_reference_never_stands_in_an_address(look_up: LookUp) -> None:
    text = look_up(reference := _reference_of_ana())

    assert f"={reference}" not in text.replace(f'value="{reference}"', "")
    assert f"/{reference}" not in text


def test_each_look_leaves_a_trace(look_up: LookUp) -> None:
    look_up(_reference_of_ana())

    assert AuditEntry.objects.filter(event="gate.read", purpose="migration").count() == 1


def test_the_reference_shown_as_an_example_is_itself_accepted(look_up: LookUp) -> None:
    tutorial = Path(__file__).parents[2] / "docs" / "tutorials" / "first-hour.md"
    shown = [look_up("MX-1"), tutorial.read_text(encoding="utf-8")]

    examples = [one for text in shown for one in re.findall(r"MX-\w{4}-\w{4}", text)]

    assert len(examples) >= 3
    assert all(read_case_reference(one) == one for one in examples)
