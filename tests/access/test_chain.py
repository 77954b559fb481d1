"""Attack the audit trail as somebody who owns the database would, and show that each attack is seen."""

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from amparo.access import audit
from amparo.access.actor import acting_as
from amparo.access.chain import verify
from amparo.access.chain_head import Head, read_head
from amparo.access.events import Event
from amparo.access.models import AuditEntry, AuditLink
from amparo.access.rules import Actor
from tests.factories import an_actor

pytestmark = pytest.mark.django_db(transaction=True)


def _trail(rows: int = 6) -> Head:
    for number in range(rows):
        somebody = an_actor()
        with acting_as(somebody):
            audit.record(Event.CASE_READ, by=somebody, subject=f"case:{number}", purpose="casework")
    return verify().head


def _as_owner(dsn: str, *statements: str) -> None:
    """Do what a database administrator could: switch the triggers off and change rows."""
    with psycopg.connect(dsn) as owner:
        for table in ("access_auditentry", "access_auditlink"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            owner.execute(statement)
        for table in ("access_auditentry", "access_auditlink"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_trail_holds() -> None:
    head = _trail()

    verdict = verify(head)

    assert verdict.breaks == ()
    assert verdict.head.number == 6


THIRD = "(SELECT entry FROM access_auditlink WHERE number = 3)"
FOURTH = "(SELECT entry FROM access_auditlink WHERE number = 4)"
COLUMNS = {
    "at": "at + interval '1 second'",
    "event": "'gate.read'",
    "allowed": "NOT allowed",
    "actor": "gen_random_uuid()",
    "role": "'supervisor'",
    "agency": "'mx-albergue'",
    "subject": "'case:other'",
    "purpose": "'hearing'",
    "reasons": "'[\"x\"]'",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_is_seen(owner_dsn: str, column: str) -> None:
    _trail()

    _as_owner(owner_dsn, f"UPDATE access_auditentry SET {column} = {COLUMNS[column]} WHERE id = {THIRD}")

    assert "row 3" in verify().breaks[0]


SHIFTS = {
    "two values glued into one": "role = role || E'\\x1f' || agency, agency = subject, subject = purpose,"
    " purpose = NULL",
    "a value moved over a gap": "purpose = NULL, subject = purpose",
    "an emptied value": "purpose = NULL",
}


def test_values_moved_between_columns_are_seen(owner_dsn: str) -> None:
    _trail()

    for number, shift in enumerate(SHIFTS.values(), start=2):
        row = f"(SELECT entry FROM access_auditlink WHERE number = {number})"
        _as_owner(
            owner_dsn,
            "ALTER TABLE access_auditentry ALTER purpose DROP NOT NULL",
            f"UPDATE access_auditentry SET {shift} WHERE id = {row}",
        )
    breaks = verify().breaks

    _as_owner(
        owner_dsn,
        "UPDATE access_auditentry SET purpose = '' WHERE purpose IS NULL",
        "ALTER TABLE access_auditentry ALTER purpose SET NOT NULL",
    )
    assert [text.split(" (")[0] for text in breaks] == ["row 2", "row 3", "row 4"]


def test_an_emptied_trail_is_seen_against_a_head_noted_earlier(owner_dsn: str) -> None:
    head = _trail()

    _as_owner(owner_dsn, "TRUNCATE access_auditentry, access_auditlink")

    assert verify().head.number == 0
    assert "head" in verify(head).breaks[0]


@pytest.mark.parametrize(
    "attack",
    [
        (f"DELETE FROM access_auditentry WHERE id = {THIRD}",),
        (
            f"DELETE FROM access_auditentry WHERE id = {THIRD}",
            "DELETE FROM access_auditlink WHERE number = 3",
        ),
        (
            f"UPDATE access_auditlink SET entry = gen_random_uuid() WHERE entry = {THIRD}",
            "UPDATE access_auditlink SET hash = sha256('x') WHERE number = 3",
        ),
        (
            "INSERT INTO access_auditentry SELECT gen_random_uuid(), at, event, allowed, actor, role, agency,"
            f" subject, purpose, reasons FROM access_auditentry WHERE id = {FOURTH}",
        ),
        ("UPDATE access_auditlink SET number = number + 100 WHERE number = 3",),
    ],
    ids=["removed", "removed with its link", "link forged", "inserted", "moved to the end"],
)
def test_removal_insertion_and_reordering_are_seen(owner_dsn: str, attack: tuple[str, ...]) -> None:
    _trail()

    _as_owner(owner_dsn, *attack)

    assert verify().breaks


def test_a_cut_at_the_end_is_seen_against_a_head_noted_earlier(owner_dsn: str) -> None:
    head = _trail()

    _as_owner(
        owner_dsn,
        "DELETE FROM access_auditentry WHERE id IN (SELECT entry FROM access_auditlink WHERE number > 4)",
        "DELETE FROM access_auditlink WHERE number > 4",
    )

    assert verify().breaks == ()
    assert "head" in verify(head).breaks[0]


def test_the_application_can_neither_change_a_row_nor_write_a_link() -> None:
    _trail(2)

    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEntry.objects.update(allowed=False)
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEntry.objects.all().delete()
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditLink.objects.update(number=9)
    assert verify().breaks == ()


def _fail_after_writing(somebody: Actor) -> None:
    with acting_as(somebody):
        audit.record(Event.CASE_READ, by=somebody, subject="case:1")
        raise RuntimeError


def test_a_transaction_that_fails_leaves_no_row() -> None:
    somebody = an_actor()

    with pytest.raises(RuntimeError):
        _fail_after_writing(somebody)

    assert verify().head.number == 0


def test_a_head_is_read_as_it_is_printed() -> None:
    head = _trail(1)

    assert read_head(f"{head.number}:{head.hash}\n") == head


@pytest.mark.parametrize("text", ["", "1", "1:xyz", "-1:" + "0" * 64])
def test_a_head_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a head looks like"):
        read_head(text)
