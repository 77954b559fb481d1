"""Prove that an officer writes custody, hearings and a return page by page, and reads what is missing in words."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.rules import Role
from amparo.base.ids import case_reference
from amparo.custody import models
from tests.custody.world import Abroad, Login, a_clearance, a_returnable_case, reference_of
from tests.desk.people import a_browser
from tests.factories import a_case

pytestmark = pytest.mark.django_db(transaction=True)
HELD = {
    "place": "Estación de prueba",
    "place_kind": "migration-station",
    "may_leave": "no",
    "holder": "migration-authority",
}


def a_moment(**ago: int) -> str:
    return f"{timezone.localtime() - timedelta(**ago):%Y-%m-%dT%H:%M}"


def send(kind: str, reference: str, **said: str) -> Any:  # noqa: ANN401 - what the test browser answers
    """Send one form as an officer; the caller is the migration server."""
    browser = a_browser(Role.MIGRATION_OFFICER, "mx-migracion", language="en")
    return browser.post(reverse("desk:gate-custody", args=[kind]), {"reference": reference, **said})


def written(kind: str, reference: str, **said: str) -> Any:  # noqa: ANN401 - as above
    return send(kind, reference, form_id=str(uuid4()), at=a_moment(minutes=1), **said)


def test_an_officer_writes_where_the_child_is_held_and_reads_it_at_the_gate(migration_login: Login) -> None:
    reference = reference_of(a_case())

    with migration_login():
        asked = send("held", reference).content.decode()
        shown = written("held", reference, **HELD).content.decode()

    assert "What kind of place is it?" in asked
    assert "Estación de prueba" in shown
    assert "A child is never held for reasons of migration." in shown
    with acting_as(SYSTEM):
        assert models.Fact.objects.get().may_leave == "no"


@pytest.mark.parametrize("left_out", sorted(HELD))
def test_what_is_left_out_is_asked_for_again(migration_login: Login, left_out: str) -> None:
    reference = reference_of(a_case())

    with migration_login():
        answer = written("held", reference, **(HELD | {left_out: ""}))

    assert "govuk-error-summary" in answer.content.decode()
    with acting_as(SYSTEM):
        assert models.Fact.objects.count() == 0


def test_a_hearing_a_decision_an_end_and_a_correction_are_written(migration_login: Login) -> None:
    reference = reference_of(a_case())
    paper = {"document_kind": "status-decision", "document_number": "12/2026"}

    with migration_login():
        written("held", reference, **HELD)
        send("hearing", reference, form_id=str(uuid4()), at=a_moment(days=-9))
        written("decision", reference, **paper)
    with acting_as(SYSTEM):
        stay = models.Fact.objects.get(kind="held").pk
        decision = models.Fact.objects.get(kind="decision").pk
    with migration_login():
        written("let-out", reference, ends=str(stay), goes_to="child-protection")
        asked = send("decision", reference, corrects=str(decision)).content.decode()
        written(
            "decision",
            reference,
            **paper | {"document_number": "13/2026"},
            corrects=str(decision),
            why="mistyped",
        )

    assert "Why do you correct it?" in asked
    with acting_as(SYSTEM):
        kinds = list(models.Fact.objects.order_by("recorded_at").values_list("kind", flat=True))
    assert kinds == ["held", "hearing", "decision", "let-out", "decision"]


def test_an_entry_is_taken_back_only_after_a_second_look(migration_login: Login) -> None:
    reference = reference_of(a_case())
    with migration_login():
        written("held", reference, **HELD)
    with acting_as(SYSTEM):
        row = str(models.Fact.objects.get().pk)

    with migration_login():
        looked = written("void", reference, corrects=row, why="wrong-child").content.decode()
        shown = written("void", reference, corrects=row, why="wrong-child", sure="yes").content.decode()

    assert "Look at it once more" in looked
    assert "Corrected later: It is about another child" in shown
    assert "Estación de prueba" in shown


def test_a_return_without_clearance_says_what_is_missing_and_whom_to_call(migration_login: Login) -> None:
    reference = reference_of(a_case())

    with migration_login():
        answer = send("return", reference)

    text = answer.content.decode()
    assert answer.status_code == 403
    assert "No return: it is not cleared" in text
    assert "A clearance that stands" in text
    assert "+52 55 0000 0001" in text


def test_a_cleared_return_is_written_after_a_second_look_and_only_once(
    migration_login: Login, there: Abroad
) -> None:
    case_id = a_returnable_case()
    reference, clearance = reference_of(case_id), a_clearance(case_id, there)
    said, click = {"place": "Garita", "at": a_moment()}, str(uuid4())

    with migration_login():
        gate = written("hearing", reference).content.decode()
        looked = send("return", reference, form_id=str(uuid4()), **said).content.decode()
        done = send("return", reference, form_id=click, sure="yes", **said)
        clicked_twice = send("return", reference, form_id=click, sure="yes", **said)
        again = send("return", reference, form_id=str(uuid4()), sure="yes", **said)

    assert str(clearance) in gate
    assert "This uses up the clearance" in looked
    assert (done.status_code, clicked_twice.status_code, again.status_code) == (200, 200, 403)
    assert "No return" in done.content.decode()


def test_a_reference_that_leads_nowhere_and_a_page_of_no_kind_are_not_found(migration_login: Login) -> None:
    with migration_login():
        statuses = [
            send("held", case_reference("MX")).status_code,
            send("held", "MX-1").status_code,
            send("freed", "MX-1").status_code,
        ]

    assert statuses == [404, 302, 404]
