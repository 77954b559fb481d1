"""Show that a child and her guardian read who opened her file and who tried, in words that each of them understands."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.models import AuditEntry, Person
from amparo.access.roles import Relation, Role
from amparo.access.rules import Actor
from amparo.cases.tie_rules import Kind
from tests.desk.people import a_browser, a_person
from tests.factories import a_case, an_actor
from tests.factories.ties import a_guardian, a_worker_elsewhere, tied, withheld
from tests.trust.test_a6_break_glass import _reference

pytestmark = pytest.mark.django_db
ROOM = "Somebody who makes sure that children are looked after well"


def _browser_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(pk=actor.id))
    return client


def _list(browser: Client, case_id: UUID, query: str = "") -> str:
    return browser.get(reverse("desk:readers", args=[case_id]) + query).content.decode()


def _tries(page: str) -> str:
    return page.split("not let in</h2>")[1]


@pytest.mark.parametrize(
    ("role", "code", "said"),
    [
        (Role.CASEWORKER, "mx-otra", "does not work with the child"),
        (Role.ADMINISTRATOR, "mx-proteccion", "nobody in this role may do that"),
    ],
)
def test_a_refused_try_is_on_the_list_with_the_reason(role: Role, code: str, said: str) -> None:
    case_id = a_case()
    curious = a_worker_elsewhere() if code == "mx-otra" else a_person(role, code).as_actor()

    refused = _browser_of(curious).get(reverse("desk:case", args=[case_id]))
    page = _list(a_browser(language="en"), case_id)

    assert refused.status_code in (403, 404)
    assert said in _tries(page)


def test_a_guardian_reads_of_whom_the_child_wants_kept_out_and_who_tried_in_danger_of_life() -> None:
    case_id, guardian, uncle = a_case(), a_guardian(), a_worker_elsewhere()
    tied(case_id, guardian, Relation.GUARDIAN)
    withheld(case_id, Kind.PERSON, str(uncle.id))
    form = {
        "reference": _reference(case_id), "danger": "child-missing",
        "why": "Dice que la vio en la estación de noche.",
    }  # fmt: skip

    answer = _browser_of(uncle).post(reverse("desk:open-in-danger"), form)
    page = _list(_browser_of(guardian), case_id)

    assert "No case with this reference can be opened here." in answer.content.decode()
    assert "kept back from this person" in _tries(page)


def test_the_child_reads_short_sentences_to_her_and_no_word_of_law() -> None:
    case_id = a_case()
    boss = a_browser(Role.SUPERVISOR, language="en")
    boss.get(reverse("desk:case", args=[case_id]))
    _browser_of(a_worker_elsewhere()).get(reverse("desk:case", args=[case_id]))

    for_child = _list(boss, case_id, "?for=child")
    for_guardian = _list(boss, case_id)

    assert ROOM in for_child
    assert "looked, to see that you are helped well." in for_child
    assert "wanted to look and was not let in: she or he does not work with you." in _tries(for_child)
    assert "to supervise the work" not in for_child
    assert "to supervise the work" in for_guardian
    assert ROOM not in for_guardian


def test_a_form_filled_in_wrongly_is_no_try_on_her_file() -> None:
    case_id, boss = a_case(), a_browser(Role.SUPERVISOR, language="en")

    boss.post(reverse("desk:ties", args=[case_id]), {"whom": "x", "why": "x"})
    before = AuditEntry.objects.filter(allowed=False).count()
    page = _list(boss, case_id)

    assert before in (0, 1)
    assert "Nobody." in _tries(page)


@pytest.mark.parametrize(
    ("reasons", "is_a_try"),
    [
        (("case.read", "relation"), True),
        # A refusal of something else may use the same word; only an act that the rights name is a try.
        (("tie", "role"), False),
        (("detain", "relation"), False),
        (("case.read", "why"), False),
        (("case.read",), False),
        ((), False),
    ],
)
def test_only_an_act_refused_by_the_rule_of_access_is_a_try(reasons: tuple[str, ...], is_a_try: bool) -> None:
    case_id, somebody = a_case(), an_actor()
    audit.record(
        Event.DENIED, by=somebody, subject=audit.subject_of("case", case_id), allowed=False, reasons=reasons
    )

    page = _list(a_browser(language="en"), case_id)

    assert ("Nobody." not in _tries(page)) is is_a_try


def test_a_try_to_read_the_list_itself_is_on_the_list() -> None:
    case_id = a_case()

    _list(_browser_of(a_worker_elsewhere()), case_id)
    page = _list(a_browser(language="en"), case_id)

    assert "does not work with the child" in _tries(page)
