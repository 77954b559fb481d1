"""Read as many children as one can by every page that shows one, and see that the budget holds and people know.

One officer of the agency that leads all the children goes through her list and opens each child by another way in turn.
"""

from uuid import UUID

import pytest
from django.test import Client

from amparo.access import models as access
from amparo.access.actor import acting_as
from amparo.access.budget_rules import LIMITS, MORE, Because
from amparo.access.events import Event
from amparo.access.roles import Role
from amparo.access.rules import Actor
from amparo.access.stepping_up import raise_budget, step_up, who_read_much
from amparo.base.clock import now
from amparo.cases.queries import case_for
from tests.desk.people import a_person
from tests.factories import SYSTEM, a_case
from tests.factories.forms import an_enrolled_device, basic
from tests.trust.conftest import Tried

pytestmark = [pytest.mark.trust("A3"), pytest.mark.django_db]

LABEL = "Nombrequeseabre"
LIMIT = LIMITS[Role.CASEWORKER]
WAYS = ("", "facts/", "acts/", "acts/interview/", "words/", "found/", "hand-over/", "facts/language/")


@pytest.fixture
def officer() -> tuple[Client, Actor]:
    person = a_person(Role.CASEWORKER)
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(person)
    return client, person.as_actor()


def _go_through(client: Client, cases: list[UUID]) -> int:
    """Open each child by another way in turn; return how many were shown."""
    answers = [client.get(f"/cases/{one}/{WAYS[turn % len(WAYS)]}") for turn, one in enumerate(cases)]
    return sum(answer.status_code == 200 for answer in answers)


def _opened(by: Actor) -> int:
    with acting_as(SYSTEM):
        return access.Opening.objects.filter(person=by.id).count()


def test_no_way_shows_more_children_than_the_budget_and_the_supervisor_knows(
    officer: tuple[Client, Actor], tried: Tried
) -> None:
    client, by = officer
    cases = [a_case(label=f"{LABEL}{number}") for number in range(LIMIT.most + MORE + 4)]
    boss = a_person(Role.SUPERVISOR).as_actor()
    shown = []

    shown.append(_go_through(client, cases))
    with acting_as(boss):
        alerted = {one.person: one.opened for one in who_read_much(boss)}
    with acting_as(by):
        step_up(by=by, because=Because.MANY_ARRIVED)
    shown.append(_go_through(client, cases))
    with acting_as(boss):
        raise_budget(person=by.id, by=boss, because=Because.MANY_ARRIVED)
    shown.append(_go_through(client, cases))

    tried(3 * len(cases), f"{len(WAYS)} pages of a child in turn: before proving herself, after, and raised")
    assert shown == [LIMIT.step_up_at, LIMIT.most, LIMIT.most + MORE]
    assert alerted == {by.id: LIMIT.step_up_at}
    assert _opened(by) == LIMIT.most + MORE


def test_each_refusal_stands_on_the_trail_and_says_what_to_do(officer: tuple[Client, Actor]) -> None:
    client, by = officer
    cases = [a_case(label=f"{LABEL}{number}") for number in range(LIMIT.step_up_at + 1)]
    _go_through(client, cases[:-1])

    answer = client.get(f"/cases/{cases[-1]}/")

    assert answer.status_code == 403
    assert "/more-children/" in answer.content.decode()
    rows = access.AuditEntry.objects.filter(event=Event.DENIED, actor=by.id, allowed=False)
    assert any("step-up" in row.reasons for row in rows)


def test_lists_telephones_and_search_open_no_child(officer: tuple[Client, Actor], tried: Tried) -> None:
    client, by = officer
    for number in range(60):
        a_case(label=f"{LABEL}{number}")

    pages = [
        client.get("/day/"),
        client.get("/incidents/"),
        client.get("/forms/conflicts/"),
        client.get("/transfers/"),
    ]
    device = Client(headers={"authorization": basic(an_enrolled_device())})
    fed = [device.get("/openrosa/formList").content.decode()]

    tried(len(pages) + len(fed), "lists and the feed of a telephone")
    assert _opened(by) == 0
    assert LABEL not in "".join(fed)
    assert max(page.content.decode().count(LABEL) for page in pages) <= 2 * 50


def test_an_invented_child_alarms_oversight_and_shows_her_reader_nothing_unusual(tried: Tried) -> None:
    by = a_person(Role.CASEWORKER).as_actor()
    real, invented = a_case(label="Rosa"), a_case(label="Rosa")
    with acting_as(SYSTEM):
        access.Canary.objects.create(subject=f"case:{invented}", at=now())

    seen = [_as_read(by, one) for one in (real, invented)]

    with acting_as(SYSTEM):
        alarms = list(access.CanaryAlarm.objects.values_list("person", "subject"))
    tried(2, "a real and an invented child, read side by side")
    assert seen[0] == seen[1]
    assert alarms == [(by.id, f"case:{invented}")]


def _as_read(by: Actor, case_id: UUID) -> object:
    with acting_as(by):
        file = case_for(by, case_id)
    return file.identity, set(file.facts), file.agency
