"""Open cases in danger of life in every way there is, and show that nobody escapes what is owed for it.

Time passes by moving the rows back, as the owner of the database: clocks of the machine stay as they are.
"""

from collections.abc import Callable
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction

from amparo.access.actor import acting_as
from amparo.access.models import Agency, Person
from amparo.access.queries import readings_of
from amparo.access.roles import Role
from amparo.access.rules import Actor, NotAllowed
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.actions import add_words
from amparo.cases.breaking_glass import GlassRefused, answer_glass, break_glass
from amparo.cases.glass_queries import broken_glass, count_unanswered
from amparo.cases.glass_rules import Answer, Danger, Owed
from amparo.cases.queries import case_for
from amparo.cases.refused import CaseNotFound
from tests.desk.people import a_person
from tests.factories import SYSTEM, a_case
from tests.trust.conftest import Tried
from tests.trust.trail import bend

pytestmark = [pytest.mark.trust("A6"), pytest.mark.django_db(transaction=True)]

OPENERS = (Role.FIRST_CONTACT, Role.CASEWORKER, Role.SUPERVISOR)
WHY = "El padrastro la espera en la puerta del albergue con un cuchillo."
GOOD = {
    Owed.SECOND: Answer.SEEN,
    Owed.CHILD: Answer.TOLD,
    Owed.GUARDIAN: Answer.UNSAFE_TO_TELL,
    Owed.REVIEW: Answer.JUSTIFIED,
}


def _body(code: str, sector: str) -> Agency:
    fields = {"name": {"es": code}, "sector": sector, "kind": sector, "telephone": "0"}
    return Agency.objects.get_or_create(code=code, defaults=fields)[0]


def _officer(role: Role, code: str = "mx-otra", sector: str = "protection") -> Actor:
    body = _body(code, sector)
    name, email = f"{role} de prueba", f"{uuid4().hex[:8]}@example.org"
    person: Person = Person.objects.create(email=email, password="!", agency=body, role=role.value, name=name)
    return person.as_actor()


def _overseer() -> Actor:
    return _officer(Role.OVERSIGHT, "mx-vigilancia", "oversight")


def _reference(case_id: UUID) -> str:
    with acting_as(SYSTEM):
        return models.Case.objects.get(pk=case_id).reference


def _break(by: Actor, case_id: UUID, danger: Danger = Danger.VIOLENCE) -> UUID:
    reference = _reference(case_id)
    with acting_as(by):
        return break_glass(reference=reference, danger=danger, why=WHY, by=by)


def _sees(by: Actor, case_id: UUID) -> bool:
    try:
        with acting_as(by):
            case_for(by, case_id)
    except CaseNotFound:
        return False
    return True


def _hours_pass(dsn: str, hours: int) -> None:
    later = f"interval '{hours} hours'"
    tables = ("cases_tie", "cases_brokenglass")
    off = [f"ALTER TABLE {table} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY" for table in tables]
    on = [f"ALTER TABLE {table} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY" for table in tables]
    bend(
        dsn,
        *off,
        f"UPDATE cases_tie SET since = since - {later}, until = until - {later}",
        f"UPDATE cases_brokenglass SET at = at - {later}, ends = ends - {later}",
        *on,
    )


def test_every_opening_is_seen_told_reviewed_and_ends_by_itself(owner_dsn: str, tried: Tried) -> None:
    every = [(a_case(label=f"{role}"), _officer(role), danger) for role, danger in product(OPENERS, Danger)]
    boss, overseer = a_person(Role.SUPERVISOR).as_actor(), _overseer()
    shut = [_sees(by, case_id) for case_id, by, _ in every]

    for case_id, by, danger in every:
        _break(by, case_id, danger)

    opened = [_sees(by, case_id) for case_id, by, _ in every]
    with acting_as(boss):
        told_at_once = {line.case_id for line in broken_glass(boss) if len(line.owed) == len(Owed)}
    _answer_all(boss, overseer)
    with acting_as(overseer):
        left = count_unanswered(overseer)
    _hours_pass(owner_dsn, 4)
    after = [_sees(by, case_id) for case_id, by, _ in every]
    tried(len(every), "each role and danger: opened, told at once, answered, shut again after four hours")
    assert (any(shut), all(opened), any(after)) == (False, True, False)
    assert told_at_once == {case_id for case_id, _, _ in every}
    assert left == 0


def _answer_all(boss: Actor, overseer: Actor) -> None:
    for by, mine in ((boss, set(Owed) - {Owed.REVIEW}), (overseer, {Owed.REVIEW})):
        with acting_as(by):
            for line in broken_glass(by):
                for owed in sorted(mine):
                    answer_glass(glass_id=line.id, owed=owed, answer=GOOD[owed], by=by)


def test_what_is_not_answered_in_time_is_late_and_stays_on_the_list(owner_dsn: str, tried: Tried) -> None:
    for role in OPENERS:
        _break(_officer(role), a_case())
    overseer = _overseer()

    _hours_pass(owner_dsn, 73)

    with acting_as(overseer):
        lines = broken_glass(overseer)
    tried(len(lines), "left unanswered for 73 hours")
    assert [line.late for line in lines] == [True] * len(OPENERS)
    assert all(len([due for due in line.owed if due.late]) == len(Owed) for line in lines)


def test_it_opens_one_case_to_one_person_for_reading_only() -> None:
    by, colleague, case_id, other = _officer(Role.CASEWORKER), _officer(Role.CASEWORKER), a_case(), a_case()

    _break(by, case_id)

    assert (_sees(by, case_id), _sees(by, other), _sees(colleague, case_id)) == (True, False, False)
    with acting_as(by), pytest.raises((NotAllowed, CaseNotFound)):
        add_words(case_id=case_id, kind="note", words="Algo.", by=by, at=now(), entry_id=uuid7())


def test_the_child_and_her_guardian_read_that_it_happened() -> None:
    by, case_id = _officer(Role.CASEWORKER), a_case()
    _break(by, case_id)
    assert _sees(by, case_id)
    boss = a_person(Role.SUPERVISOR).as_actor()

    with acting_as(boss):
        readings = readings_of(boss, case_id, _reference(case_id))

    assert [(one.agency, one.in_danger) for one in readings] == [("mx-otra", True)]


REFUSED: dict[str, Callable[[Actor, UUID], object]] = {
    "why": lambda by, case_id: break_glass(
        reference=_reference(case_id), danger=Danger.HEALTH, why="urgente", by=by
    ),
    "already-yours": lambda _by, case_id: _break(a_person(Role.CASEWORKER).as_actor(), case_id),
    "too-many": lambda by, _case: [_break(by, a_case()) for _ in range(4)],
}


@pytest.mark.parametrize("code", REFUSED)
def test_it_is_refused_where_it_is_no_emergency(code: str) -> None:
    by, case_id = _officer(Role.CASEWORKER), a_case()

    with pytest.raises(GlassRefused) as refused:
        REFUSED[code](by, case_id)

    assert refused.value.code == code


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OVERSIGHT, Role.DATA_PROTECTION_OFFICER])
def test_roles_that_care_for_no_child_open_none_so(role: Role) -> None:
    by = _officer(role, "mx-vigilancia", "oversight")

    with pytest.raises(NotAllowed):
        _break(by, a_case())


def test_nobody_answers_for_herself_or_twice_or_for_another_agency() -> None:
    by, case_id = _officer(Role.SUPERVISOR), a_case()
    _break(by, case_id)
    boss, colleague = a_person(Role.SUPERVISOR).as_actor(), _officer(Role.SUPERVISOR)

    with acting_as(boss):
        glass = broken_glass(boss)[0].id
        answer_glass(glass_id=glass, owed=Owed.SECOND, answer=Answer.SEEN, by=boss)
    found = [
        _code(who, glass, owed, Answer.SEEN if owed is Owed.SECOND else Answer.TOLD)
        for who, owed in ((by, Owed.CHILD), (boss, Owed.SECOND), (colleague, Owed.CHILD))
    ]

    assert found == ["own", "answered", "not-your-case"]
    with acting_as(boss), pytest.raises(NotAllowed):
        answer_glass(glass_id=glass, owed=Owed.REVIEW, answer=Answer.JUSTIFIED, by=boss)


def _code(by: Actor, glass: UUID, owed: Owed, answer: Answer) -> str:
    with acting_as(by), pytest.raises(GlassRefused) as refused, transaction.atomic():
        answer_glass(glass_id=glass, owed=owed, answer=answer, by=by)
    return refused.value.code


def test_the_database_lets_nobody_open_or_answer_by_her_own_hand() -> None:
    by, case_id = _officer(Role.CASEWORKER), a_case()
    _break(by, case_id)

    with acting_as(by):
        glass = models.BrokenGlass.objects.get()
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.GlassAnswer.objects.create(
                glass=glass, owed="x", answer="y", at=glass.at, actor=by.id, role="x", agency="x"
            )
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.BrokenGlass.objects.filter(pk=glass.pk).delete()
