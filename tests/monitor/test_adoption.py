"""Show that a State's answers are its own, are all kept, and change nothing of what is enforced."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from amparo.access.actor import NOBODY, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.base.clock import now
from amparo.guide import load
from amparo.monitor import models, queries, rules
from amparo.monitor.actions import NewAnswer, answer_obligation
from amparo.monitor.rules import Stance
from tests.factories import an_actor
from tests.monitor.people import DUTY, a_delegate, a_secretary

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def _say(
    by: Actor, stance: Stance = Stance.ADOPTED, *, country: str = "MX", duty: str = DUTY,
    seen: UUID | None = None, reason: str = "", answer_id: UUID | None = None, since: date | None = None,
) -> tuple[UUID, bool]:  # fmt: skip
    identity = answer_id or uuid4()
    said = NewAnswer(stance, since, reason, "Ley inventada, art. 1", seen)
    with acting_as(by):
        stands = answer_obligation(
            country=country, obligation=duty, answer=said, answer_id=identity, by=by, at=now(), on=TODAY
        )
    return identity, stands


def test_what_a_state_answers_is_read_by_everybody_and_names_no_person() -> None:
    delegate = a_delegate()
    _say(delegate, Stance.WITH_RESERVATION, reason="Falta reglamento.", since=date(2026, 1, 1))

    with acting_as(NOBODY):
        (found,) = queries.adoption_of(DUTY)

    assert (found.country, found.stance, found.reason) == ("MX", Stance.WITH_RESERVATION, "Falta reglamento.")
    assert found.since == date(2026, 1, 1)
    assert str(delegate.id) not in str(found)


def test_an_answer_leaves_a_trace_without_its_words() -> None:
    identity, _ = _say(a_delegate(), Stance.WITH_RESERVATION, reason="Falta reglamento.")

    row = AuditEntry.objects.get(event="adoption.answered")

    assert row.subject == f"answer:{identity}"
    assert "reglamento" not in str(row.reasons)


def test_each_state_stands_by_itself() -> None:
    _say(a_delegate("MX"))
    _say(a_delegate("HN"), Stance.UNDER_STUDY, country="HN")

    adoption = queries.adoption()

    assert [one.country for one in queries.adoption_of(DUTY)] == ["HN", "MX"]
    assert adoption.countries == ("HN", "MX")
    assert adoption.answered("MX") == adoption.answered("HN") == 1
    told = adoption.of("HN", DUTY)
    assert told is not None
    assert told.stance is Stance.UNDER_STUDY


def test_an_answer_taken_back_is_no_answer_and_stays_in_the_history() -> None:
    delegate = a_delegate()
    first, _ = _say(delegate)
    _say(delegate, Stance.NOT_ANSWERED, seen=first)

    assert queries.adoption_of(DUTY) == ()
    assert queries.adoption().answered("MX") == 0
    assert [one.stance for one in queries.answered_by("MX", DUTY).history] == [
        Stance.ADOPTED,
        Stance.NOT_ANSWERED,
    ]


def test_two_delegates_at_once_keep_both_answers_and_the_second_is_told() -> None:
    _, first_stands = _say(a_delegate())
    _, second_stands = _say(a_delegate(), Stance.NOT_ADOPTED)

    folded = queries.answered_by("MX", DUTY)

    assert (first_stands, second_stands) == (True, False)
    assert folded.stands is not None
    assert folded.stands.stance is Stance.ADOPTED
    assert [one.stance for one in folded.crossed] == [Stance.NOT_ADOPTED]


def test_the_same_answer_sent_twice_is_written_once() -> None:
    delegate = a_delegate()
    identity, _ = _say(delegate)

    _, stands = _say(delegate, answer_id=identity)

    assert stands
    assert models.AdoptionAnswer.objects.count() == 1
    assert AuditEntry.objects.filter(event="adoption.answered").count() == 1


def test_another_answer_under_the_same_id_is_refused() -> None:
    delegate = a_delegate()
    identity, _ = _say(delegate)

    with pytest.raises(rules.SentBefore):
        _say(delegate, Stance.NOT_ADOPTED, answer_id=identity)


def test_a_delegate_may_not_answer_for_another_state() -> None:
    with pytest.raises(NotAllowed):
        _say(a_delegate("HN"), country="MX")

    assert models.AdoptionAnswer.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_nobody_of_a_country_node_answers_for_a_state(role: Role) -> None:
    with pytest.raises(NotAllowed):
        _say(replace(an_actor(role), country="MX"))


def test_the_secretariat_and_the_migration_side_answer_for_no_state() -> None:
    for actor in (a_secretary(), an_actor(Role.MIGRATION_OFFICER, "mx-migracion")):
        with pytest.raises(NotAllowed):
            _say(replace(actor, country="MX"))


@pytest.mark.parametrize("country", ["", "XX", "mx"])
def test_a_country_that_is_not_hers_is_refused_whatever_it_is(country: str) -> None:
    with pytest.raises(NotAllowed):
        _say(a_delegate(), country=country)


def test_an_obligation_that_is_not_of_the_guide_is_refused() -> None:
    with pytest.raises(rules.ObligationUnknown):
        _say(a_delegate(), duty="lock-them-up")


def test_a_reservation_without_a_reason_is_not_kept() -> None:
    with pytest.raises(rules.ReasonMissing):
        _say(a_delegate(), Stance.WITH_RESERVATION)

    assert models.AdoptionAnswer.objects.count() == 0


def test_answers_to_an_earlier_version_are_shown_apart_and_not_counted(owner_dsn: str) -> None:
    delegate = a_delegate()
    with acting_as(delegate):
        models.AdoptionAnswer.objects.create(
            id=uuid4(), country="MX", obligation=DUTY, version="0.1.0", number=1, stance="adopted", reason="",
            instrument="", at=now() - timedelta(days=300), actor=delegate.id, agency_id=delegate.body,
        )  # fmt: skip

    assert queries.adoption_of(DUTY) == ()
    assert queries.adoption().answered("MX") == 0
    assert queries.answered_before("MX")[DUTY].stance is Stance.ADOPTED


def test_a_reservation_changes_nothing_of_what_the_guide_enforces() -> None:
    before = load()
    _say(a_delegate(), Stance.WITH_RESERVATION, reason="Nuestra ley permite la detención.")
    _say(a_delegate(), Stance.NOT_ADOPTED, duty="non-refoulement")

    assert load() is before
    assert load().obligations[DUTY].absolute
    assert "detain" in load().obligations[DUTY].blocks


def test_the_whole_picture_takes_few_questions(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    delegate = a_delegate()
    for duty in list(load().obligations)[:5]:
        _say(delegate, duty=duty)

    with django_assert_num_queries(3):
        queries.adoption()


# ---- the database stands behind it --------------------------------------------------------------


def _row(by: Actor, **changes: object) -> models.AdoptionAnswer:
    fields: dict[str, object] = {
        "id": uuid4(), "country": "MX", "obligation": DUTY, "version": "1", "number": 1, "stance": "adopted",
        "reason": "", "instrument": "", "at": now(), "actor": by.id, "agency_id": by.agency_id,
    }  # fmt: skip
    return models.AdoptionAnswer(**(fields | changes))


def test_the_database_refuses_an_answer_for_another_state_also_from_the_apps_own_code() -> None:
    honduran, mexican, secretary = a_delegate("HN"), a_delegate("MX"), a_secretary()
    forged = (
        (honduran, _row(honduran)),
        (honduran, _row(honduran, agency_id=mexican.agency_id)),
        (honduran, _row(honduran, country="HN", actor=mexican.id)),
        (secretary, _row(secretary)),
        (secretary, _row(secretary, country="")),
        (NOBODY, _row(mexican)),
    )

    for actor, row in forged:
        with (
            acting_as(actor),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            row.save(force_insert=True)


def test_no_answer_is_ever_changed_or_removed() -> None:
    delegate = a_delegate()
    _say(delegate)

    with acting_as(delegate):
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.AdoptionAnswer.objects.update(stance="not-adopted")
        with pytest.raises(ProgrammingError), transaction.atomic():
            models.AdoptionAnswer.objects.all().delete()


def test_no_table_here_can_hold_a_child() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.table_constraints c"
            " JOIN information_schema.constraint_column_usage u USING (constraint_name)"
            " WHERE c.constraint_type = 'FOREIGN KEY' AND c.table_name LIKE 'monitor_%%'"
            " AND u.table_name LIKE 'cases_%%'"
        )
        assert cursor.fetchone() == (0,)
