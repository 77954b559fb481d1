"""Show that a case goes when two people say so, whole and for good, and never otherwise."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry, Change
from amparo.access.rules import Actor, Role
from amparo.access.two_persons import confirm_change
from amparo.cases import models
from amparo.cases.erasing import (
    ErasureRefused,
    came_back,
    end_hold,
    hold_case,
    propose_erasure,
)
from amparo.cases.intake import receive_submission
from amparo.forms.models import Attachment, AttachmentPiece, Submission
from amparo.keys.ledger import erased_marks, mark_of
from tests.desk.people import a_person
from tests.factories import a_case, files
from tests.factories.forms import a_filled_intake, a_published_intake, a_stream, an_enrolled_device

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger() -> Iterator[Path]:
    """The ledger of the node under test, emptied afterwards."""
    yield settings.HOME.erased
    settings.HOME.erased.unlink(missing_ok=True)


def _two() -> tuple[Actor, Actor]:
    names = ("Ada Prueba", "Berta Otra")
    one, other = (a_person(Role.SUPERVISOR, name=name).as_actor() for name in names)
    return one, other


def _propose(case_id: UUID, by: Actor) -> UUID:
    with acting_as(by):
        return propose_erasure(case_id=case_id, because="time-is-over", basis="retention-period", by=by)


def erase(case_id: UUID) -> None:
    """Erase a case as two supervisors do."""
    one, other = _two()
    change = _propose(case_id, one)
    with acting_as(other):
        confirm_change(change=change, by=other)


def _left(case_id: UUID) -> dict[str, int]:
    with acting_as(SYSTEM):
        return {
            table.__name__: table._default_manager.filter(**{field: case_id}).count()
            for table, field in [
                (models.Case, "pk"), (models.Entry, "case"), (models.Standing, "case"), (models.Gate, "case"),
            ]
        }  # fmt: skip


def test_a_case_that_two_people_erase_is_gone_with_its_key_and_the_trail_stays(ledger: Path) -> None:
    case_id, other = a_case(), a_case(label="Berta")
    with acting_as(SYSTEM):
        wrapped = bytes(models.Case.objects.get(pk=case_id).wrapped_key)

    erase(case_id)

    assert set(_left(case_id).values()) == {0}
    assert all(_left(other).values())
    assert mark_of(case_id) in erased_marks(ledger)
    assert models.ErasedMark.objects.filter(mark=mark_of(case_id)).exists()
    with pytest.raises(vault.RecordErased):
        vault.data_key(case_id, wrapped)
    assert AuditEntry.objects.filter(subject=f"case:{case_id}", event="case.erased").exists()
    assert AuditEntry.objects.filter(subject=f"case:{case_id}", event="case.opened").exists()


def test_what_a_telephone_sent_goes_too_and_does_not_open_the_case_again() -> None:
    a_published_intake()
    device = _device()
    form = a_filled_intake(instance="uuid:5b1c7d0e-0000-4000-8000-000000000001", given="Marcelina")
    with acting_as(device):
        receive_submission(xml=form, attachments={}, incomplete=False, by=device)
    with acting_as(SYSTEM):
        case_id = models.Case.objects.get().pk

    erase(case_id)
    with acting_as(device):
        receipt = receive_submission(xml=form, attachments={}, incomplete=False, by=device)

    with acting_as(SYSTEM):
        assert Submission.objects.count() == 0
        assert models.Case.objects.count() == 0
    assert receipt.complete


def test_the_files_of_a_child_go_with_her_case_and_what_was_copied_before_stays_shut() -> None:
    a_published_intake()
    device = _device()
    with acting_as(device):
        receive_submission(
            xml=a_filled_intake(photo="a.jpg"), attachments={"a.jpg": a_stream(files.a_picture())},
            incomplete=False, by=device,
        )  # fmt: skip
    with acting_as(SYSTEM):
        case_id = models.Case.objects.get().pk
        copied = Attachment.objects.select_related("submission").get()

    erase(case_id)

    with acting_as(SYSTEM):
        assert (Attachment.objects.count(), AttachmentPiece.objects.count()) == (0, 0)
        with pytest.raises(vault.RecordErased):
            vault.data_key(copied.submission_id, copied.submission.wrapped_key)


def test_one_person_alone_erases_nothing() -> None:
    case_id = a_case()
    one, _ = _two()

    change = _propose(case_id, one)

    with pytest.raises(Exception, match="proposer"), acting_as(one):
        confirm_change(change=change, by=one)
    assert all(_left(case_id).values())


def test_the_database_refuses_to_erase_without_two_people() -> None:
    case_id = a_case()
    one, _ = _two()
    _propose(case_id, one)

    for statement in (
        "SELECT cases_erase(%s, ARRAY[]::text[])",
        "DELETE FROM cases_entry WHERE case_id = %s",
        "SET LOCAL amparo.erasing = 'yes'; DELETE FROM cases_entry WHERE case_id = %s",
    ):
        with pytest.raises(DatabaseError), acting_as(SYSTEM), connection.cursor() as cursor:
            cursor.execute(statement.replace("%s", f"'{case_id}'"))

    assert all(_left(case_id).values())


def test_a_legal_hold_refuses_until_it_ends() -> None:
    case_id = a_case()
    one, other = _two()
    change = _propose(case_id, one)
    with acting_as(one):
        hold = hold_case(case_id=case_id, because="proceedings", by=one)

    with pytest.raises(ErasureRefused, match="legal-hold"), acting_as(other):
        confirm_change(change=change, by=other)
    assert all(_left(case_id).values())
    with acting_as(one):
        end_hold(hold=hold, by=one)
    with acting_as(other):
        confirm_change(change=change, by=other)

    assert set(_left(case_id).values()) == {0}


def test_another_reason_than_the_closed_ones_is_refused() -> None:
    case_id = a_case()
    one, _ = _two()

    with pytest.raises(ErasureRefused, match="unknown-reason"), acting_as(one):
        propose_erasure(case_id=case_id, because="Ana asked me", basis="right-to-erasure", by=one)
    assert not Change.objects.exists()


def test_where_the_ledger_cannot_be_written_nothing_is_erased(ledger: Path) -> None:
    case_id = a_case()
    one, other = _two()
    change = _propose(case_id, one)
    ledger.mkdir()
    try:
        with pytest.raises(Exception, match=r"erased\.ledger"), acting_as(other):
            confirm_change(change=change, by=other)
    finally:
        ledger.rmdir()

    assert all(_left(case_id).values())


def test_every_table_that_names_a_case_is_removed_or_says_why_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.columns c"
            " WHERE column_name IN ('case_id', 'child_id') AND table_schema IN ('protection', 'public', 'migration')"
            " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f'"
            " AND k.conrelid = format('%I.%I', table_schema, table_name)::regclass)"
        )
        found = {name for (name,) in cursor.fetchall()}

    assert found - KEPT.keys() == set(), "give it a foreign key to cases_case, or say in KEPT why it stays"


# Tables that name a case without leading to it, and why they stay when it is erased.
KEPT: dict[str, str] = {
    "migration.gate": "a view of the gate, which goes",
    "migration.cases_gate": "a view of the gate, which goes",
}


def _device() -> Actor:
    made = an_enrolled_device()
    from amparo.forms.queries import device_of

    actor = device_of(made.username, made.secret)
    assert actor is not None
    return actor


def test_nothing_came_back_where_nothing_was_restored() -> None:
    a_case()
    erase(a_case())

    with acting_as(SYSTEM):
        assert came_back() == []
