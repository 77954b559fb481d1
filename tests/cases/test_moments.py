"""Date things in the future, in another century and at the ends of the calendar: none of it is believed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.actor import acting_as
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import actions, queries
from amparo.cases.refused import EntryWrong
from amparo.cases.rules import FURTHEST_BACK, earliest, has_come
from tests.factories import a_case, an_actor

pytestmark = pytest.mark.django_db
MOMENTS = ("first_contact_at", "care_since", "missing_since", "guardian_requested_at")


def _attest(case_id: UUID, at: datetime) -> None:
    worker = an_actor()
    with acting_as(worker):
        actions.attest_evidence(
            case_id=case_id, evidence="contact-recorded", done=True, by=worker, at=at, entry_id=uuid7()
        )


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1990, 1, 1, tzinfo=UTC),
        now() - FURTHEST_BACK - timedelta(days=1),
    ],
)
def test_nothing_is_dated_further_back_than_a_way_here_takes(at: datetime) -> None:
    with pytest.raises(EntryWrong):
        _attest(a_case(), at)


def test_years_on_the_way_may_be_written_down_late() -> None:
    _attest(a_case(), now() - timedelta(days=4 * 365))


def _know(name: str, value: str) -> None:
    worker, case_id = an_actor(), a_case()
    with acting_as(worker):
        actions.record_fact(case_id=case_id, name=name, value=value, by=worker, at=now(), entry_id=uuid7())


@pytest.mark.parametrize("name", MOMENTS)
def test_a_fact_that_is_a_moment_must_have_come(name: str) -> None:
    _know(name, (now() - timedelta(days=1)).isoformat())

    with pytest.raises(EntryWrong):
        _know(name, (now() + timedelta(hours=1)).isoformat())


@pytest.mark.parametrize(
    "value",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-03-02T08:00:00",
        "soon",
        "1989-12-31T00:00:00Z",
    ],
)
def test_a_fact_at_the_end_of_the_calendar_is_refused(value: str) -> None:
    with pytest.raises(EntryWrong):
        _know("first_contact_at", value)


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)), st.timedeltas())  # noqa: DTZ001
def test_what_has_come_never_lies_ahead(at: datetime, ahead: timedelta) -> None:
    try:
        moment = at + ahead
    except OverflowError:
        return

    assert has_come(moment.isoformat(), at=at) == (moment <= at and moment.year >= 1990)
    assert earliest(at) < at


@pytest.mark.parametrize(
    "due", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-02T08:00:00", "0001-01-01"]
)
def test_a_list_key_that_nobody_made_starts_at_the_top(due: str) -> None:
    case_id, worker = a_case(), an_actor()

    with acting_as(worker):
        page = queries.open_cases_of(worker, after=f"32000|{due}|{uuid7()}")

    assert [line.id for line in page.lines] == [case_id]
