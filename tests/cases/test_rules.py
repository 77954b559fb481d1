"""Show how entries fold into facts, and what counted as known when something was done."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.cases.rules import Known, child_status, facts_of, known_by

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)


def known(kind: str, name: str, value: Any = None, *, at: int = 0, written: int = 0) -> Known:  # noqa: ANN401
    """One entry; `at` and `written` are minutes after noon."""
    return Known(kind, name, value, NOON + timedelta(minutes=at), NOON + timedelta(minutes=written))


def test_the_newest_statement_of_a_fact_counts() -> None:
    entries = [known("fact", "asylum", "informed", written=5), known("fact", "asylum", "not-informed")]

    assert facts_of(entries, on=DAY, country="MX")["asylum"] == "informed"


def test_evidence_withdrawn_is_not_done() -> None:
    done, back = {"done": True, "by_role": "guardian"}, {"done": False, "by_role": "guardian"}
    entries = [known("evidence", "age-consent", done), known("evidence", "age-consent", back, written=9)]

    assert facts_of(entries, on=DAY, country="MX")["evidence"]["age-consent"]["done"] is False


def test_actions_stand_in_the_order_in_which_they_happened() -> None:
    entries = [
        known("action", "place", {}, at=30, written=31),
        known("action", "interview", {}, at=10, written=60),
    ]

    events = facts_of(entries, on=DAY, country="MX")["events"]

    assert [event["action"] for event in events] == ["interview", "place"]


@given(st.permutations([known("fact", "asylum", str(n), written=n) for n in range(6)]))
def test_the_order_of_rows_does_not_matter(entries: list[Known]) -> None:
    assert facts_of(entries, on=DAY, country="MX")["asylum"] == "5"


def test_honest_typing_after_the_act_counts_when_it_came_first() -> None:
    checked = known("evidence", "needs-checked", {"done": True}, at=0, written=60)
    talked = known("action", "interview", {}, at=30, written=61)

    assert checked in known_by([checked, talked], talked.at)


def test_a_date_put_back_once_the_act_is_on_record_counts_for_nothing() -> None:
    talked = known("action", "interview", {}, at=30, written=31)
    backdated = known("evidence", "needs-checked", {"done": True}, at=0, written=60)

    assert backdated not in known_by([talked, backdated], talked.at)


def test_what_was_so_only_later_was_not_known_then() -> None:
    later = known("fact", "needs_now", [], at=40, written=41)
    talked = known("action", "interview", {}, at=30, written=60)

    assert later not in known_by([later, talked], talked.at)


@pytest.mark.parametrize(
    ("age_status", "shown"),
    [
        ("child", "child"),
        ("claimed-child", "presumed-child"),
        ("doubtful", "presumed-child"),
        ("unknown", "presumed-child"),
        ("adult-established", "adult"),
        ("came-of-age", "adult"),
        ("anything", "presumed-child"),
    ],
)
def test_the_gate_presumes_a_child_while_there_is_any_doubt(age_status: str, shown: str) -> None:
    assert child_status({"age_status": age_status}) == shown
