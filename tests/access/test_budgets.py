"""Show that a budget counts different children once, is raised by two people only, and stops nobody's own work."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from amparo.access import models
from amparo.access.actions import invite_person
from amparo.access.actor import acting_as
from amparo.access.budget_rules import LIMITS, MORE, MOST_RAISES, Because, budget
from amparo.access.budgets import budget_of, note_opening, this_day
from amparo.access.deciding import UNLIMITED
from amparo.access.roles import Role
from amparo.access.rules import Actor, NotAllowed
from amparo.access.stepping_up import RaiseRefused, raise_budget, step_up, who_read_much
from amparo.base.clock import now
from tests.factories import an_actor

pytestmark = pytest.mark.django_db


def _open(by: Actor, count: int, *, first: int = 0) -> None:
    with acting_as(by):
        for number in range(first, first + count):
            note_opening(by, "case.read", f"case:{number}", purpose="casework")


def _an_officer(role: Role = Role.CASEWORKER, code: str = "mx-proteccion") -> Actor:
    an_actor(role, code)  # makes the agency
    return invite_person(
        email=f"{role}-{uuid4()}@mx.example", password="una-frase-larga", name="Rosa", agency=code, role=role
    ).as_actor()


@given(st.sampled_from(sorted(LIMITS)), st.integers(0, 9))
def test_a_limit_rises_by_so_much_and_no_further(role: Role, raises: int) -> None:
    found = budget(role, opened_today=0, raises=raises, stepped_up=False)

    assert found.limit == LIMITS[role].most + MORE * min(raises, MOST_RAISES)
    assert found.step_up_at is not None
    assert found.step_up_at < found.limit


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.DEVICE, Role.NOBODY])
def test_what_is_no_person_has_no_budget(role: Role) -> None:
    assert budget(role, opened_today=9_999, raises=0, stepped_up=False) is UNLIMITED


def test_opening_the_same_child_again_is_free() -> None:
    worker = an_actor()

    _open(worker, 30)
    _open(worker, 30)

    with acting_as(worker):
        assert budget_of(worker, "case:7") is UNLIMITED
        assert budget_of(worker, "case:new").opened_today == 30


def test_yesterday_does_not_count() -> None:
    worker = an_actor()
    with acting_as(worker):
        models.Opening.objects.create(
            person=worker.id, agency=worker.body, role=worker.role, day=this_day() - timedelta(days=1),
            subject="case:1", at=now(),
        )  # fmt: skip

        assert budget_of(worker, "case:2").opened_today == 0


def test_an_act_that_shows_nothing_personal_costs_nothing() -> None:
    worker = an_actor()
    with acting_as(worker):
        note_opening(worker, "case.list", "case:1", purpose="casework")

        assert budget_of(worker, "case:2").opened_today == 0


def test_a_person_who_proved_herself_again_has_stepped_up_for_the_day() -> None:
    worker = an_actor()

    with acting_as(worker):
        step_up(by=worker, because=Because.MANY_ARRIVED)
        step_up(by=worker, because=Because.MANY_ARRIVED)

        assert budget_of(worker, "case:1").stepped_up


def test_a_supervisor_of_the_agency_raises_a_limit_for_today_and_sees_who_read_much() -> None:
    worker, boss = _an_officer(), _an_officer(Role.SUPERVISOR)
    _open(worker, 31)

    with acting_as(boss):
        raise_budget(person=worker.id, by=boss, because=Because.MANY_ARRIVED)
        seen = who_read_much(boss)

    assert [(one.person, one.opened, one.limit, one.raises) for one in seen] == [(worker.id, 31, 60, 1)]
    with acting_as(worker):
        assert budget_of(worker, "case:new").limit == 60


def test_nobody_raises_her_own_limit_or_that_of_another_agency_or_too_often() -> None:
    boss, other = _an_officer(Role.SUPERVISOR), _an_officer(Role.SUPERVISOR, "mx-albergue")
    worker = _an_officer()

    with acting_as(boss):
        for _ in range(MOST_RAISES):
            raise_budget(person=worker.id, by=boss, because=Because.REVIEW)
        codes = [_refused(boss, person) for person in (boss, other, worker)]
    with acting_as(worker), pytest.raises(NotAllowed):
        raise_budget(person=boss.id, by=worker, because=Because.REVIEW)

    assert codes == ["own-limit", "not-of-this-agency", "raised-often-enough"]


def _refused(by: Actor, person: Actor) -> str:
    with pytest.raises(RaiseRefused) as refused:
        raise_budget(person=person.id, by=by, because=Because.REVIEW)
    return refused.value.code


def test_the_database_lets_nobody_write_for_another_or_forget() -> None:
    worker, boss = an_actor(), an_actor(Role.SUPERVISOR)
    row = {"agency": worker.body, "day": this_day(), "at": now(), "because": "many-arrived"}

    with acting_as(worker):
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.BudgetRaise.objects.create(person=worker.id, by=worker.id, **row)
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.StepUp.objects.create(person=boss.id, **row)
        step_up(by=worker, because=Because.REVIEW)
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.StepUp.objects.all().delete()
    with acting_as(boss), pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        models.BudgetRaise.objects.create(person=boss.id, by=boss.id, **row)


def test_invented_children_are_seen_by_nobody() -> None:
    for role in (Role.CASEWORKER, Role.SUPERVISOR, Role.ADMINISTRATOR):
        somebody = an_actor(role)
        with acting_as(somebody), pytest.raises(ProgrammingError), transaction.atomic():
            models.Canary.objects.create(subject="case:1", at=now())
        with acting_as(somebody):
            assert models.CanaryAlarm.objects.count() == 0
