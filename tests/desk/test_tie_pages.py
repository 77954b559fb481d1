"""Show that a supervisor names a guardian who finds her child, and that a child is heard who wants somebody out."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.models import Person
from amparo.access.roles import Relation, Role
from amparo.cases.tie_rules import Kind
from tests.desk.people import a_browser, a_person
from tests.factories import a_case
from tests.factories.ties import WHY, a_guardian, tied, withheld

pytestmark = pytest.mark.django_db


def _browser_of(person_id: UUID) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(pk=person_id))
    return client


def test_a_supervisor_names_a_guardian_who_then_finds_her_child() -> None:
    case_id, guardian = a_case(), a_guardian()
    page = reverse("desk:ties", args=[case_id])
    form = {"form_id": str(uuid4()), "whom": f"guardian|{guardian.id}", "why": WHY}

    answer = a_browser(Role.SUPERVISOR, language="en").post(page, form)
    home = _browser_of(guardian.id).get(reverse("desk:home"), follow=True).content.decode()
    case = _browser_of(guardian.id).get(reverse("desk:case", args=[case_id]))

    assert answer.status_code == 302
    assert "Ana" in home
    assert case.status_code == 200
    assert "/facts/" not in case.content.decode()


def test_a_reason_is_asked_before_anybody_is_named() -> None:
    case_id, guardian = a_case(), a_guardian()
    form = {"form_id": str(uuid4()), "whom": f"guardian|{guardian.id}", "why": "ok"}

    answer = a_browser(Role.SUPERVISOR, language="en").post(reverse("desk:ties", args=[case_id]), form)

    assert answer.status_code == 200
    assert "at least ten letters" in answer.content.decode()


def test_a_supervisor_ends_what_she_gave() -> None:
    case_id, guardian = a_case(), a_guardian()
    tie = tied(case_id, guardian, Relation.GUARDIAN)

    a_browser(Role.SUPERVISOR).post(
        reverse("desk:tie-end", args=[case_id, tie]), {"form_id": str(uuid4()), "why": WHY}
    )

    assert _browser_of(guardian.id).get(reverse("desk:case", args=[case_id])).status_code == 404


def test_a_child_is_kept_back_from_whom_she_names_and_the_case_looks_absent() -> None:
    case_id, colleague = a_case(), a_person()
    form = {
        "form_id": str(uuid4()), "whom": f"person|{colleague.pk}", "because": "child-wish", "why": WHY,
    }  # fmt: skip

    answer = a_browser(language="en").post(reverse("desk:marks", args=[case_id]), form)
    hers = _browser_of(colleague.pk).get(reverse("desk:case", args=[case_id]))
    none = _browser_of(colleague.pk).get(reverse("desk:case", args=[uuid4()]))

    assert answer.status_code == 302
    assert hers.status_code == none.status_code == 404
    assert "Ana" not in _browser_of(colleague.pk).get(reverse("desk:my-day")).content.decode()


def test_a_mark_is_shown_with_its_reason_and_can_be_ended() -> None:
    case_id, colleague, browser = a_case(), a_person(), a_browser(language="en")
    mark = withheld(case_id, Kind.PERSON, str(colleague.pk))

    page = browser.get(reverse("desk:marks", args=[case_id])).content.decode()
    browser.post(reverse("desk:mark-end", args=[case_id, mark]), {"form_id": str(uuid4()), "why": WHY})

    assert WHY in page
    assert _browser_of(colleague.pk).get(reverse("desk:case", args=[case_id])).status_code == 200


def test_a_caseworker_cannot_name_a_guardian() -> None:
    answer = a_browser(language="en").get(reverse("desk:ties", args=[a_case()]))

    assert answer.status_code == 403


def test_a_guardian_without_a_child_is_told_who_can_name_her() -> None:
    page = _browser_of(a_guardian().id).get(reverse("desk:my-cases")).content.decode()

    assert "A supervisor of the agency that leads a case" in page
