"""Let Honduras witness Mexico's audit trail over a real connection, and see what it does when the trail was bent."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.models import AuditEntry
from amparo.exchange import checkpoints, models, witnessing
from amparo.exchange.vouching import verify_trail
from tests.exchange.nodes import TwoNodes
from tests.factories import an_actor
from tests.trust.trail import bend, recompute


def _write(rows: int) -> None:
    somebody = an_actor()
    with acting_as(somebody):
        for number in range(rows):
            audit.record(Event.CASE_READ, by=somebody, subject=f"case:{number}", purpose="casework")


@pytest.fixture
def witnessed(nodes: TwoNodes) -> Iterator[TwoNodes]:
    """Mexico with a trail that Honduras has cosigned up to its fifth row, and three more rows.

    Honduras never forgets, and each test begins with an empty trail here: its memory is emptied as its owner.
    """
    _forget(nodes)
    _write(5)
    checkpoints.make_checkpoint()
    assert checkpoints.ask_witness("hn") == "ok"
    _write(3)
    yield nodes
    _forget(nodes)


def _forget(nodes: TwoNodes) -> None:
    owner = json.loads(nodes.hn.database_secrets("owner").read_text("utf-8"))
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], dbname=owner["NAME"], user=owner["USER"], password=owner["PASSWORD"]
    ) as connection:  # fmt: skip
        connection.execute("TRUNCATE exchange_witnessed")


def test_each_checkpoint_is_cosigned_and_the_next_goes_on_from_it(witnessed: TwoNodes) -> None:
    checkpoints.make_checkpoint()

    said = checkpoints.ask_witness("hn")

    report = verify_trail()
    assert (said, report.verdict.breaks) == ("ok", ())
    assert [(one.witness, one.number) for one in report.proven] == [("hn", 8)]
    assert not report.well_witnessed, "one witness is not two"


def test_a_trail_without_news_asks_nobody_and_makes_no_checkpoint(witnessed: TwoNodes) -> None:
    checkpoints.make_checkpoint()
    checkpoints.ask_witness("hn")

    checkpoints.make_checkpoint()
    checkpoints.ask_witness("hn")

    with acting_as(SYSTEM):
        assert models.Checkpoint.objects.count() == 2
        assert models.WitnessAnswer.objects.count() == 2


def test_a_node_that_forgot_what_was_cosigned_is_told_where_to_begin(
    witnessed: TwoNodes, owner_dsn: str
) -> None:
    bend(owner_dsn, "DELETE FROM exchange_witnessanswer")
    checkpoints.make_checkpoint()

    assert checkpoints.ask_witness("hn") == "ok"
    assert [one.number for one in verify_trail().proven] == [8]


def test_a_trail_put_back_to_an_earlier_time_is_refused_and_told(witnessed: TwoNodes, owner_dsn: str) -> None:
    bend(
        owner_dsn,
        "DELETE FROM access_auditentry WHERE id IN (SELECT entry FROM access_auditlink WHERE number > 3)",
        "DELETE FROM access_auditlink WHERE number > 3",
        "DELETE FROM exchange_checkpoint",
        "DELETE FROM exchange_witnessanswer",
    )
    unseen = verify_trail().verdict.breaks
    checkpoints.make_checkpoint()

    said = checkpoints.ask_witness("hn", again=True)

    assert (unseen, said) == ((), "rewound")
    assert any("hn" in found for found in verify_trail().verdict.breaks)
    assert AuditEntry.objects.filter(event=Event.TRAIL_ALARM, reasons=["rewound"]).count() == 1


def test_a_chain_written_anew_is_a_fork(witnessed: TwoNodes, owner_dsn: str) -> None:
    bend(
        owner_dsn,
        "UPDATE access_auditentry SET subject = 'case:other' WHERE id = (SELECT entry FROM access_auditlink"
        " WHERE number = 2)",
        "DELETE FROM exchange_checkpoint",
        "DELETE FROM exchange_witnessanswer",
    )
    recompute(owner_dsn)
    unseen = verify_trail().verdict.breaks
    checkpoints.make_checkpoint()

    said = checkpoints.ask_witness("hn", again=True)

    assert (unseen, said) == ((), "forked")
    assert verify_trail().verdict.breaks


def test_over_a_trail_that_lost_rows_nothing_is_signed(witnessed: TwoNodes, owner_dsn: str) -> None:
    bend(owner_dsn, "DELETE FROM access_auditlink WHERE number > 3")

    with pytest.raises(checkpoints.TrailRewound):
        checkpoints.make_checkpoint()


def test_a_witness_that_is_away_is_asked_again_next_time(witnessed: TwoNodes) -> None:
    assert checkpoints.ask_witness("region") == checkpoints.UNREACHED


def test_strangers_and_nonsense_are_not_cosigned_and_leave_nothing(witnessed: TwoNodes) -> None:
    made = checkpoints.make_checkpoint()
    assert made is not None
    asked = checkpoints.question(made, 0)
    changed = made.text[:-4] + ("AAAA" if made.text[-4:] != "AAAA" else "BBBB")

    answers = [
        witnessing.cosign(content)
        for content in (
            b"",
            b"[]",
            b"\xff",
            json.dumps(asked | {"head": changed}).encode(),
            json.dumps(asked | {"start": -1}).encode(),
            json.dumps(asked | {"start": True}).encode(),
            json.dumps(asked | {"blocks": ["zz"]}).encode(),
            json.dumps(asked | {"head": 7}).encode(),
            json.dumps(asked).encode(),  # our own head: we are no witness of ourselves
        )
    ]

    assert answers == [{"code": "unreadable"}] * 8 + [{"code": "not-a-peer"}]
    with acting_as(SYSTEM):
        assert models.Witnessed.objects.count() == 0


def test_no_person_writes_or_changes_a_checkpoint(witnessed: TwoNodes) -> None:
    somebody = an_actor()

    with acting_as(somebody):
        assert models.Checkpoint.objects.count() == 0
    with pytest.raises(ProgrammingError), acting_as(SYSTEM), transaction.atomic():
        models.Checkpoint.objects.update(root="0" * 64)
