"""Send a second form for a child who has a case: she keeps the one she has, and a person sees that it came."""

from uuid import uuid4

import pytest

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.cases import queries
from amparo.cases.queries import CaseFile
from amparo.forms.models import Submission
from tests.factories import an_actor
from tests.factories.forms import a_filled_intake, an_enrolled_device, basic
from tests.field.test_openrosa import Phone

pytestmark = pytest.mark.django_db


def _files() -> list[CaseFile]:
    worker = an_actor()
    with acting_as(worker):
        return [
            queries.case_for(worker, line.id, purpose="casework")
            for line in queries.open_cases_of(worker).lines
        ]


def _submissions() -> list[str]:
    with acting_as(SYSTEM):
        return [f"submission:{one.pk}" for one in Submission.objects.order_by("received_at")]


@pytest.mark.parametrize("entity", ["5a9d0c3e-7f2b-4d1a-9e64-0b8c2f7a1d35", "a-number-that-is-no-uuid"])
def test_the_same_child_in_another_form_keeps_one_case_and_is_marked(entity: str) -> None:
    phone = Phone()

    first = phone.post(a_filled_intake(entity=entity))
    second = phone.post(a_filled_intake(entity=entity, given="Anita"))

    [file] = _files()
    [came] = [line for line in file.told("note") if line.name == "came-again"]
    assert (first.status_code, second.status_code) == (201, 201)
    assert file.reference in second.content.decode()
    assert [came.source] == _submissions()[1:]
    assert file.identity["given_names"]["value"] == "Ana"
    assert AuditEntry.objects.filter(event="case.recorded", reasons__contains="came-again").count() == 1


def test_the_second_form_sent_again_is_noted_once() -> None:
    phone, entity = Phone(), str(uuid4())
    phone.post(a_filled_intake(entity=entity))
    again = a_filled_intake(entity=entity)

    answers = [phone.post(again).content for _ in range(2)]

    [file] = _files()
    assert answers[0] == answers[1]
    assert len([line for line in file.told("note") if line.name == "came-again"]) == 1


def test_the_same_number_written_another_way_is_the_same_child() -> None:
    phone, entity = Phone(), uuid4()

    phone.post(a_filled_intake(entity=str(entity)))
    phone.post(a_filled_intake(entity=f"uuid:{str(entity).upper()}"))

    assert len(_files()) == 1


def test_other_children_and_other_agencies_have_cases_of_their_own() -> None:
    phone, entity = Phone(), str(uuid4())
    phone.post(a_filled_intake(entity=entity))
    phone.post(a_filled_intake())
    phone.headers["Authorization"] = basic(an_enrolled_device("mx-proteccion"))

    phone.post(a_filled_intake(entity=entity))

    assert len(_files()) == 3
