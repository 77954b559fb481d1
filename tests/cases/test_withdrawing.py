"""Show that a fact that changes withdraws what rested on it, and that only doing it again brings it back.

Planted faults tried, each seen to turn a test here red: withdrawing at `now` instead of when the fact was so, a fold
that counts a signature dated before the news, a desk that takes one.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, queries
from amparo.cases.models import Entry
from amparo.cases.rules import Known, facts_of, known_by
from amparo.cases.withdrawing import DoneBeforeTheNews
from tests.factories import ANA, a_case, an_actor

pytestmark = pytest.mark.django_db

RISK = "risk-screened-individually"
CALM = {**ANA, "fear_or_risk": "none-stated", "destination_country": "HN"}


def _sign(
    case_id: UUID, by: Actor, *, at: datetime | None = None, key: str = RISK, done: bool = True
) -> None:
    with acting_as(by):
        actions.attest_evidence(
            case_id=case_id, evidence=key, done=done, by=by, at=at or now(), entry_id=uuid7()
        )


def _say(
    case_id: UUID,
    by: Actor,
    value: Any,  # noqa: ANN401
    *,
    name: str = "fear_or_risk",
    at: datetime | None = None,
    entry_id: UUID | None = None,
) -> None:
    with acting_as(by):
        actions.record_fact(
            case_id=case_id, name=name, value=value, by=by, at=at or now(), entry_id=entry_id or uuid7()
        )


def _holds(case_id: UUID, by: Actor, key: str = RISK) -> bool:
    with acting_as(by):
        facts = queries.case_for(by, case_id, purpose="casework").facts
    return bool(facts["evidence"].get(key, {}).get("done"))


def _withdrawals(case_id: UUID, by: Actor) -> list[Entry]:
    with acting_as(by):
        return list(Entry.objects.filter(case_id=case_id, source="guide").order_by("recorded_at", "id"))


def test_new_fear_withdraws_the_risk_screening_and_says_why() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)

    _say(case_id, worker, "stated")

    (one,) = _withdrawals(case_id, worker)
    assert (one.name, one.role) == (RISK, "system")
    assert one.value == {"done": False, "by_role": "system", "because": ["fear_or_risk"]}
    assert not _holds(case_id, worker)


def test_the_withdrawn_entry_is_asked_again_and_blocks_again() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)

    _say(case_id, worker, "stated")

    with acting_as(worker):
        status = queries.case_for(worker, case_id, purpose="casework").evaluation.status("non-refoulement")
    assert RISK in status.missing
    assert "return-child" in status.blocks


def test_the_system_leaves_a_trace_of_what_it_withdrew() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)

    _say(case_id, worker, "stated")

    trace = AuditEntry.objects.get(event="case.evidence-withdrawn")
    assert (trace.role, trace.subject, trace.reasons) == ("system", f"case:{case_id}", [RISK])


def test_signed_again_after_the_news_it_counts() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)
    _say(case_id, worker, "stated")

    _sign(case_id, worker)

    assert _holds(case_id, worker)


def test_what_was_done_before_the_news_cannot_be_signed_after_it() -> None:
    case_id, worker, before = a_case(CALM), an_actor(), now() - timedelta(minutes=30)
    _sign(case_id, worker, at=before)
    _say(case_id, worker, "stated", at=now() - timedelta(minutes=10))

    with pytest.raises(DoneBeforeTheNews) as refused:
        _sign(case_id, worker, at=before)

    assert refused.value.because == ("fear_or_risk",)
    assert not _holds(case_id, worker)


def test_an_old_signature_that_comes_in_by_another_way_does_not_count_either() -> None:
    moments = [datetime.fromisoformat(f"2026-03-02T{hour}:00:00+00:00") for hour in ("08", "09", "10", "11")]
    eight, nine, ten, eleven = moments
    signed = {"done": True, "by_role": "child-protection-authority"}
    gone = {"done": False, "by_role": "system", "because": ["fear_or_risk"]}
    entries = [
        Known("evidence", RISK, signed, eight, eight),
        Known("evidence", RISK, gone, ten, ten),
        Known("evidence", RISK, signed, nine, eleven),
    ]

    folded = facts_of(entries, on=eight.date(), country="MX")["evidence"][RISK]
    later = facts_of([*entries, Known("evidence", RISK, signed, ten, eleven)], on=eight.date(), country="MX")

    assert not folded["done"]
    assert later["evidence"][RISK]["done"]


def test_sending_the_old_answer_again_brings_nothing_back() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)
    _say(case_id, worker, "stated")

    _say(case_id, worker, "none-stated")

    assert not _holds(case_id, worker)


def test_a_fact_toggled_back_and_forth_withdraws_once_for_each_signature() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)

    for value in ("GT", "HN", "GT", "HN"):
        _say(case_id, worker, value, name="destination_country")
    once = len(_withdrawals(case_id, worker))
    _sign(case_id, worker)
    _say(case_id, worker, "GT", name="destination_country")

    assert (once, len(_withdrawals(case_id, worker))) == (1, 2)
    assert not _holds(case_id, worker)


def test_the_same_answer_and_the_same_click_withdraw_nothing_twice() -> None:
    case_id, worker, click = a_case(CALM), an_actor(), uuid7()
    _sign(case_id, worker)

    for _ in range(2):
        _say(case_id, worker, "stated", entry_id=click, at=now() - timedelta(minutes=1))
    _say(case_id, worker, "stated")

    assert len(_withdrawals(case_id, worker)) == 1


def test_a_fact_dated_back_withdraws_too_because_whoever_signed_could_not_have_read_it() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker, at=now() - timedelta(minutes=20))

    _say(case_id, worker, "stated", at=now() - timedelta(minutes=40))

    assert not _holds(case_id, worker)


def test_after_a_fact_dated_back_what_was_done_since_it_was_so_may_be_signed() -> None:
    case_id, worker, done_at = a_case(CALM), an_actor(), now() - timedelta(minutes=20)
    _sign(case_id, worker, at=done_at)
    _say(case_id, worker, "stated", at=now() - timedelta(minutes=40))

    _sign(case_id, worker, at=done_at)

    assert _holds(case_id, worker)


def test_an_act_is_judged_by_what_was_known_when_it_was_written_down() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker, at=now() - timedelta(minutes=50))
    acted = now() - timedelta(minutes=30)
    with acting_as(worker):
        actions.report_found(
            case_id=case_id,
            action="return-child",
            by=worker,
            at=acted,
            found_by_role="migration-authority",
            entry_id=uuid7(),
        )

    _say(case_id, worker, "stated", at=now() - timedelta(minutes=40))

    with acting_as(worker):
        rows = Entry.objects.filter(case_id=case_id).order_by("recorded_at", "at", "id")
        known = [Known(*row) for row in rows.values_list("kind", "name", "value", "at", "recorded_at")]
    then = facts_of(known_by(known, acted), on=acted.date(), country="MX")
    assert then["evidence"][RISK]["done"], "what the node learned later does not reach back"


def test_what_came_in_one_message_is_not_withdrawn_by_it() -> None:
    case_id = a_case({**ANA, "fear_or_risk": "stated", "destination_country": "GT"})

    assert _withdrawals(case_id, an_actor()) == []


def test_the_words_of_the_child_and_her_hearing_stay() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker, key="child-heard-on-risk")
    with acting_as(worker):
        actions.add_words(
            case_id=case_id, kind="words", words="No quiero volver.", by=worker, at=now(), entry_id=uuid7()
        )

    _say(case_id, worker, "stated")

    assert _holds(case_id, worker, "child-heard-on-risk")
    with acting_as(worker):
        assert queries.case_for(worker, case_id, purpose="casework").told("words")


def test_a_write_that_changes_no_fact_withdraws_nothing() -> None:
    case_id, worker = a_case(CALM), an_actor()
    _sign(case_id, worker)

    _sign(case_id, worker, key="chain-risk-considered")

    assert _withdrawals(case_id, worker) == []
