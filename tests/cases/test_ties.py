"""Show who reaches a child beyond the agencies of her case, and who does not though her agency has the case."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.door import AccessRefused
from amparo.access.models import AuditEntry
from amparo.access.roles import Purpose, Relation, Role, Sector
from amparo.access.rules import Actor, NotAllowed
from amparo.base.clock import now
from amparo.cases import actions, models, queries, tying
from amparo.cases.doors import bond_to
from amparo.cases.refused import CaseNotFound, MarkRefused, TieRefused
from amparo.cases.tie_rules import Kind, Mine, excluded_text, is_excluded, names_of, relation_of
from tests.desk.people import a_person
from tests.factories import a_case, an_actor
from tests.factories.ties import WHY, a_guardian, a_worker_elsewhere, tied, withheld

pytestmark = pytest.mark.django_db


def _opens(actor: Actor, case_id: UUID) -> bool:
    with acting_as(actor):
        try:
            return queries.case_for(actor, case_id).id == case_id
        except CaseNotFound:
            return False


def _lists(actor: Actor) -> list[UUID]:
    with acting_as(actor):
        return [line.id for line in queries.open_cases_of(actor).lines]


def _rows(actor: Actor) -> dict[str, int]:
    tables = (models.Case, models.Standing, models.Entry, models.Gate, models.Mark)
    with acting_as(actor):
        return {model.__name__: model.objects.count() for model in tables}


def test_a_guardian_reads_the_child_she_stands_up_for_and_no_other() -> None:
    hers, another, guardian = a_case(), a_case(label="Berta"), a_guardian()

    before = _opens(guardian, hers)
    tied(hers, guardian, Relation.GUARDIAN)

    assert not before
    assert _opens(guardian, hers)
    assert not _opens(guardian, another)
    assert _rows(guardian)["Case"] == 1


def test_a_worker_of_another_agency_reaches_exactly_the_case_she_is_assigned_to() -> None:
    hers, another, worker = a_case(), a_case(label="Berta"), a_worker_elsewhere()

    tied(hers, worker, Relation.ASSIGNED)
    with acting_as(worker):
        actions.record_fact(
            case_id=hers, name="family_located", value="located", by=worker, at=now(), entry_id=uuid4()
        )

    assert _opens(worker, hers)
    assert not _opens(worker, another)


def test_a_relation_ends_at_once_and_for_good() -> None:
    case_id, guardian, supervisor = a_case(), a_guardian(), an_actor(Role.SUPERVISOR)
    tie = tied(case_id, guardian, Relation.GUARDIAN)

    with acting_as(supervisor):
        tying.end_relation(case_id=case_id, tie_id=tie, why=WHY, by=supervisor)
        with pytest.raises(TieRefused):
            tying.end_relation(case_id=case_id, tie_id=tie, why=WHY, by=supervisor)

    assert not _opens(guardian, case_id)
    assert set(_rows(guardian).values()) == {0}


def test_a_relation_with_an_end_is_over_by_itself() -> None:
    case_id, guardian = a_case(), a_guardian()
    with acting_as(SYSTEM):
        case = models.Case.objects.get(pk=case_id)
        models.Tie.objects.create(
            id=uuid4(), case=case, led_by_id=case.agency_id, taken_in_by_id=case.taken_in_by_id,
            person_id=guardian.id, relation="guardian", since=now() - timedelta(days=2),
            until=now() - timedelta(days=1), actor=uuid4(), role="supervisor", agency="mx", sealed_why=b"x",
        )  # fmt: skip

    assert not _opens(guardian, case_id)
    assert set(_rows(guardian).values()) == {0}


def test_a_guardian_writes_nothing_by_any_door_nor_by_the_database() -> None:
    case_id, guardian = a_case(), a_guardian()
    tied(case_id, guardian, Relation.GUARDIAN)

    with acting_as(guardian):
        with pytest.raises(NotAllowed):
            actions.record_fact(
                case_id=case_id,
                name="family_located",
                value="located",
                by=guardian,
                at=now(),
                entry_id=uuid4(),
            )
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.Case.objects.filter(pk=case_id).update(released_at=now())
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.Entry.objects.create(
                id=uuid4(), case_id=case_id, kind="note", name="note", at=now(), recorded_at=now(),
                actor=guardian.id, role="guardian", agency="x", source="desk",
            )  # fmt: skip


def test_what_is_sealed_to_the_agency_is_not_in_the_story_a_guardian_reads() -> None:
    case_id, guardian, worker = a_case(), a_guardian(), an_actor()
    tied(case_id, guardian, Relation.GUARDIAN)
    entry = actions.NewEntry(
        models.EntryKind.WORDS, "words", now(), sealed={"text": "huyó de él"}, told={"protection": "P3"}
    )
    with acting_as(SYSTEM):
        case = models.Case.objects.get(pk=case_id)
        actions._append(case, [entry], source="test", by=SYSTEM)

    with acting_as(guardian):
        to_her = [one.words for one in queries.case_for(guardian, case_id).told("words")]
    with acting_as(worker):
        to_her_worker = [one.words for one in queries.case_for(worker, case_id).told("words")]

    assert to_her == [None]
    assert to_her_worker == [{"text": "huyó de él"}]


def test_whoever_is_excluded_neither_opens_nor_lists_the_case_and_the_trail_says_why() -> None:
    person = a_person()
    worker, colleague, case_id = person.as_actor(), an_actor(), a_case()

    withheld(case_id, Kind.PERSON, str(person.pk))

    assert not _opens(worker, case_id)
    assert _lists(worker) == []
    assert set(_rows(worker).values()) == {0}
    assert _opens(colleague, case_id)
    assert _lists(colleague) == [case_id]


def test_a_refusal_tells_the_trail_what_it_does_not_tell_the_reader() -> None:
    person, case_id = a_person(), a_case()
    worker = person.as_actor()
    withheld(case_id, Kind.PERSON, str(person.pk))

    with acting_as(worker):
        with pytest.raises(CaseNotFound) as kept_back:
            queries.case_for(worker, case_id)
        with pytest.raises(CaseNotFound) as absent:
            queries.case_for(worker, uuid4())

    assert str(kept_back.value) == str(absent.value)
    assert "withheld" in kept_back.value.reason_codes
    assert absent.value.reason_codes == ("case.read", "relation")


def test_an_agency_that_took_the_child_in_can_be_excluded_and_the_one_that_leads_cannot() -> None:
    case_id, shelter = a_case(), an_actor(Role.FIRST_CONTACT, "mx-albergue")

    withheld(case_id, Kind.AGENCY, str(shelter.agency_id))
    with pytest.raises(MarkRefused) as refused:
        withheld(case_id, Kind.AGENCY, str(an_actor().agency_id))

    assert not _opens(shelter, case_id)
    assert _lists(shelter) == []
    assert refused.value.code == "leads"


def test_a_child_who_changes_her_mind_is_seen_again() -> None:
    person, case_id, worker = a_person(), a_case(), an_actor()
    mark = withheld(case_id, Kind.PERSON, str(person.pk))

    with acting_as(worker):
        tying.end_mark(case_id=case_id, mark_id=mark, why=WHY, by=worker)

    assert _opens(person.as_actor(), case_id)


def test_whoever_keeps_a_case_back_from_herself_has_written_it_down() -> None:
    person, case_id = a_person(), a_case()
    worker = person.as_actor()

    withheld(case_id, Kind.PERSON, str(person.pk), by=worker)

    assert not _opens(worker, case_id)


def test_nobody_is_given_a_relation_that_a_mark_keeps_from_her() -> None:
    guardian, case_id = a_guardian(), a_case()
    withheld(case_id, Kind.PERSON, str(guardian.id))

    with pytest.raises(TieRefused) as refused:
        tied(case_id, guardian, Relation.GUARDIAN)

    assert refused.value.code == "excluded"


def test_a_mark_set_later_takes_the_guardian_away() -> None:
    guardian, case_id = a_guardian(), a_case()
    tied(case_id, guardian, Relation.GUARDIAN)

    withheld(case_id, Kind.PERSON, str(guardian.id))

    assert not _opens(guardian, case_id)
    assert set(_rows(guardian).values()) == {0}


@pytest.mark.parametrize(
    ("kind", "whom", "code"),
    [
        (Kind.PERSON, "somebody", "whom"),
        (Kind.PERSON, "00000000-0000-4000-8000-000000000000", "whom"),
        (Kind.SECTOR, "migration", "side"),
        (Kind.SECTOR, "oversight", "side"),
    ],
)
def test_a_mark_that_could_protect_nobody_is_refused(kind: Kind, whom: str, code: str) -> None:
    with pytest.raises(MarkRefused) as refused:
        withheld(a_case(), kind, whom)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("role", "relation", "code"),
    [
        (Role.CASEWORKER, Relation.GUARDIAN, "role"),
        (Role.FIRST_CONTACT, Relation.SUPERVISOR, "not-given"),
        (Role.CASEWORKER, Relation.OVERSIGHT_SAMPLE, "not-given"),
    ],
)
def test_a_relation_is_given_only_to_whose_role_has_it(role: Role, relation: Relation, code: str) -> None:
    person = a_person(role)

    with pytest.raises(TieRefused) as refused:
        tied(a_case(), person.as_actor(), relation)

    assert refused.value.code == code


def test_only_a_supervisor_gives_relations_and_a_reason_is_asked() -> None:
    worker, supervisor, case_id, guardian = an_actor(), an_actor(Role.SUPERVISOR), a_case(), a_guardian()

    with acting_as(worker), pytest.raises(NotAllowed):
        tying.assign(
            case_id=case_id,
            person=guardian.id,
            relation=Relation.GUARDIAN,
            why=WHY,
            by=worker,
            tie_id=uuid4(),
        )
    with acting_as(supervisor), pytest.raises(TieRefused) as refused:
        tying.assign(
            case_id=case_id, person=guardian.id, relation=Relation.GUARDIAN, why="ok", by=supervisor,
            tie_id=uuid4(),
        )  # fmt: skip

    assert refused.value.code == "why"


def test_a_purpose_that_is_not_hers_is_refused_in_words_and_not_as_absent() -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker), pytest.raises(AccessRefused) as refused:
        queries.case_for(worker, case_id, purpose=Purpose.GUARDIANSHIP)

    assert refused.value.reasons == ("purpose",)


def test_each_read_stands_on_the_trail_with_purpose_and_relation() -> None:
    case_id, guardian = a_case(), a_guardian()
    tied(case_id, guardian, Relation.GUARDIAN)

    _opens(guardian, case_id)

    row = AuditEntry.objects.get(event="case.read", actor=guardian.id)
    assert (row.purpose, row.reasons, row.subject) == ("guardianship", ["guardian"], f"case:{case_id}")


def test_reasons_are_sealed_and_stand_nowhere_in_clear() -> None:
    case_id, guardian = a_case(), a_guardian()
    tied(case_id, guardian, Relation.GUARDIAN)

    with acting_as(SYSTEM):
        row = models.Tie.objects.get(case_id=case_id)

    assert WHY.encode() not in bytes(row.sealed_why)
    assert WHY not in str(list(AuditEntry.objects.values()))


def test_ties_and_marks_are_never_changed() -> None:
    case_id, guardian = a_case(), a_guardian()
    tied(case_id, guardian, Relation.GUARDIAN)
    withheld(case_id, Kind.SECTOR, "health")

    for change in (
        lambda: models.Tie.objects.all().update(until=None),
        lambda: models.Mark.objects.all().delete(),
    ):
        with acting_as(SYSTEM), pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_oversight_reads_what_is_in_its_sample_until_it_ends() -> None:
    officer, case_id = a_person(Role.OVERSIGHT, "mx-supervision").as_actor(), a_case()

    before = _opens(officer, case_id)
    tying.draw_sample(
        case_id=case_id, person=officer.id, why=WHY, until=now() + timedelta(days=3), tie_id=uuid4()
    )

    assert not before
    assert _opens(officer, case_id)


@given(st.sampled_from(list(Role)), st.booleans(), st.sets(st.sampled_from([one.value for one in Relation])))
def test_nobody_is_related_whom_neither_agency_nor_tie_relates(
    role: Role, ours: bool, given: set[str]
) -> None:
    agency, other = uuid4(), uuid4()

    relation = relation_of(role=role, agency=agency, case_agencies=[agency if ours else other], given=given)

    assert ours or relation is Relation.NONE or relation.value in given
    assert relation is not Relation.SUPERVISOR or role is Role.SUPERVISOR


@given(st.sampled_from(list(Sector)), st.booleans())
def test_a_mark_excludes_exactly_those_whom_it_names(sector: Sector, in_agency: bool) -> None:
    reader = Mine(uuid4(), uuid4() if in_agency else None, sector)

    hit = [is_excluded([name], reader) for name in names_of(reader)]
    missed = [
        is_excluded([excluded_text(kind, str(uuid4()))], reader) for kind in Kind if kind is not Kind.SECTOR
    ]

    assert hit == [True, True, True]
    assert not any(missed)


def test_the_relation_of_a_supervisor_is_her_own() -> None:
    case_id, supervisor = a_case(), an_actor(Role.SUPERVISOR)

    with acting_as(supervisor):
        bond = bond_to(supervisor, models.Case.objects.get(pk=case_id))

    assert bond.relation is Relation.SUPERVISOR
