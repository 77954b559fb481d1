"""Hold the rules on clearing a return to their promises: final, accepted, for a while, and never by one alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.custody.clearance_rules import (
    LONGEST,
    OVER,
    Accepted,
    State,
    Step,
    Terms,
    second_refusal,
    state_of,
    terms_refusals,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TERMS = Terms(date(2026, 10, 1), date(2026, 11, 1), NOW + timedelta(days=10))
ACCEPTED = Accepted(
    "hn-proteccion", "hn", "MX-7Q2K-4F9P", NOW - timedelta(days=1), NOW + timedelta(days=20), "a" * 64
)


def codes(terms: Terms = TERMS, accepted: Accepted = ACCEPTED) -> set[str]:
    found = terms_refusals(terms, accepted, reference="MX-7Q2K-4F9P", node="mx", on=TODAY, at=NOW)
    return {one.code for one in found}


def test_whole_terms_are_taken() -> None:
    assert codes() == set()


@pytest.mark.parametrize(
    ("terms", "accepted", "code"),
    [
        (replace(TERMS, determined_on=date(2026, 11, 23)), ACCEPTED, "determined-ahead"),
        (replace(TERMS, appeal_over_on=date(2026, 9, 30)), ACCEPTED, "appeal-before"),
        (replace(TERMS, appeal_over_on=TODAY), ACCEPTED, "appeal-open"),
        (replace(TERMS, valid_until=NOW), ACCEPTED, "over-already"),
        (replace(TERMS, valid_until=NOW + LONGEST + timedelta(seconds=1)), ACCEPTED, "too-long"),
        (TERMS, replace(ACCEPTED, reference="MX-0000-0000"), "accepted-other"),
        (TERMS, replace(ACCEPTED, node="mx"), "accepted-here"),
        (TERMS, replace(ACCEPTED, made=NOW + timedelta(hours=1)), "accepted-ahead"),
        (TERMS, replace(ACCEPTED, ends=NOW + timedelta(days=9)), "accepted-shorter"),
    ],
)
def test_each_thing_that_is_wrong_has_its_own_reason(terms: Terms, accepted: Accepted, code: str) -> None:
    assert code in codes(terms, accepted)


@given(st.uuids(), st.uuids(), st.sampled_from(["caseworker", "supervisor", "migration-officer", "system"]))
def test_only_another_person_who_supervises_decides(first: UUID, second: UUID, role: str) -> None:
    refusal = second_refusal(first=first, second=second, role=role)

    assert (refusal is None) is (first != second and role == "supervisor")


def test_one_person_never_decides_alone_even_as_a_supervisor() -> None:
    refusal = second_refusal(first=UUID(int=1), second=UUID(int=1), role="supervisor")

    assert refusal is not None
    assert refusal.code == "same-person"


@given(st.sets(st.sampled_from(Step)), st.booleans(), st.booleans())
def test_a_clearance_stands_only_when_confirmed_and_nothing_else_happened(
    steps: set[Step], spent: bool, over: bool
) -> None:
    until = NOW - timedelta(seconds=1) if over else NOW + timedelta(days=1)

    state = state_of(steps, spent=spent, valid_until=until, at=NOW)

    assert (state is State.CONFIRMED) is (steps == {Step.CONFIRMED} and not spent and not over)
    assert (state in OVER) is (spent or over or bool(steps & {Step.DECLINED, Step.WITHDRAWN}))
