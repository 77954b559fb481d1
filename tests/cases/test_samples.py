"""Show that oversight reads what chance drew and nothing else, draws once, and can be checked."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry, Person
from amparo.access.queries import readings_of
from amparo.access.roles import Role
from amparo.access.rules import Actor, NotAllowed
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.planting import plant
from amparo.cases.queries import case_for
from amparo.cases.refused import CaseNotFound
from amparo.cases.sample_rules import MOST, About, digest_of, draw_refusal, in_order, is_as_drawn
from amparo.cases.sampling import SampleRefused, draw, samples
from amparo.cases.tie_rules import Kind
from tests.desk.people import a_browser, a_person
from tests.factories import a_case, an_actor
from tests.factories.ties import withheld

pytestmark = pytest.mark.django_db
IDS = st.lists(st.uuids(), unique=True, max_size=30)


def _overseer() -> Actor:
    return a_person(Role.OVERSIGHT, "mx-supervision").as_actor()


def _draw(by: Actor, size: int = 2) -> UUID:
    with acting_as(by):
        return draw(size=size, about=About.HEARD, by=by)


def _opens(by: Actor, case_id: UUID) -> bool:
    try:
        with acting_as(by):
            return case_for(by, case_id).id == case_id
    except CaseNotFound:
        return False


@given(IDS, st.binary(min_size=32, max_size=32), st.integers(1, MOST))
def test_the_same_bytes_draw_the_same_cases_in_whatever_order_they_come(
    cases: list[UUID], random: bytes, size: int
) -> None:
    mixed = list(reversed(cases))

    first, again = in_order(cases, random)[:size], in_order(mixed, random)[:size]

    assert first == again
    assert digest_of(cases) == digest_of(mixed)
    assert is_as_drawn(first, 0, cases=cases, random=random)


@given(IDS.filter(lambda ids: len(ids) > 2), st.binary(min_size=32, max_size=32))
def test_a_case_put_in_by_hand_is_found(cases: list[UUID], random: bytes) -> None:
    order = in_order(cases, random)

    assert not is_as_drawn([order[0], order[-1]], 0, cases=cases, random=random)
    assert not is_as_drawn([order[0], order[0]], 0, cases=cases, random=random)


@pytest.mark.parametrize("size", [0, -1, MOST + 1])
def test_a_sample_has_bounds(size: int) -> None:
    assert draw_refusal(size, standing=False, possible=[uuid4()]) == "size"


def test_oversight_opens_what_was_drawn_and_nothing_else_and_the_child_can_read_that() -> None:
    cases, overseer, boss = [a_case(label=f"n{n}") for n in range(4)], _overseer(), an_actor(Role.SUPERVISOR)
    before = [_opens(overseer, one) for one in cases]

    _draw(overseer)
    opened = [one for one in cases if _opens(overseer, one)]
    with acting_as(boss):
        reference = models.Case.objects.get(pk=opened[0]).reference
        told = readings_of(boss, opened[0], reference)

    assert not any(before)
    assert len(opened) == 2
    assert [(one.role, one.purpose) for one in told if not one.refused] == [("oversight", "oversight")]


def test_nobody_draws_again_while_a_sample_stands_and_it_ends_by_itself() -> None:
    case_id, overseer = a_case(), _overseer()
    _draw(overseer)

    with pytest.raises(SampleRefused) as refused:
        _draw(overseer)
    with acting_as(SYSTEM):
        until = models.Tie.objects.get(case_id=case_id).until

    assert refused.value.code == "standing"
    assert until is not None
    assert now() < until <= now() + timedelta(days=14)


def test_a_child_who_keeps_this_person_out_is_passed_over_and_an_invented_one_is_never_drawn() -> None:
    kept_out, free, overseer = a_case(), a_case(), _overseer()
    withheld(kept_out, Kind.PERSON, str(overseer.id))
    plant(agency="mx-albergue", count=3)

    _draw(overseer, MOST)
    with acting_as(overseer):
        (told,) = samples(overseer)

    assert (_opens(overseer, kept_out), _opens(overseer, free)) == (False, True)
    assert (told.size, told.out_of, told.holds) == (1, 2, True)


def test_a_draw_is_on_the_trail_and_a_changed_one_does_not_hold() -> None:
    overseer = _overseer()
    cases = [a_case(label=f"n{n}") for n in range(3)]
    sample = _draw(overseer, 1)
    with acting_as(SYSTEM):
        row = models.Sample.objects.get(pk=sample)
        another = next(one for one in cases if str(one) not in row.cases)
        models.Sample.objects.create(
            id=uuid4(), person=uuid4(), agency="x", about=row.about, at=row.at, ends=row.ends, random=row.random,
            out_of=row.out_of, passed_over=0, digest=row.digest, cases=[str(another)],
        )  # fmt: skip

    with acting_as(overseer):
        told = samples(overseer)

    assert AuditEntry.objects.filter(event="sample.drawn", subject=f"sample:{sample}").count() == 1
    assert {one.own: one.holds for one in told} == {True: True, False: False}


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_nobody_else_draws_or_writes_a_sample(role: Role) -> None:
    by = an_actor(role)

    with acting_as(by), pytest.raises(NotAllowed):
        draw(size=1, about=About.READ, by=by)
    with acting_as(_overseer()), pytest.raises(ProgrammingError), transaction.atomic():
        models.Sample.objects.create(
            id=uuid4(), person=by.id, agency="x", about="x", at=now(), ends=now(), random="", out_of=0,
            passed_over=0, digest="", cases=[],
        )  # fmt: skip
    assert a_browser(role, language="en").get(reverse("desk:samples")).status_code == 403


def test_the_page_draws_shows_what_is_open_and_says_why_not_twice() -> None:
    a_case()
    overseer, client = _overseer(), Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(pk=overseer.id))
    page, form = reverse("desk:samples"), {"about": "how-children-are-heard", "size": "5"}

    wrong = client.post(page, {"about": "x", "size": "999"}).content.decode()
    sent = client.post(page, form)
    shown = client.get(page).content.decode()
    twice = client.post(page, form).content.decode()

    assert "Write a number from 1 to 10." in wrong
    assert sent.status_code == 302
    assert "Ana" in shown
    assert "Drawn again just now: the same cases." in shown
    assert "Your last sample still stands." in twice
