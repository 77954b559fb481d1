"""Add durations by the calendar, and compare them whatever their units."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.guide.durations import DurationWrong, duration, may_outlast


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P3M", "2026-03-02T19:00:00-06:00", "2026-06-02T19:00:00-06:00"),
        ("P1M", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"),
        ("P1Y", "2024-02-29T00:00:00Z", "2025-02-28T00:00:00Z"),
        ("P2W", "2026-12-25T00:00:00Z", "2027-01-08T00:00:00Z"),
        ("PT36H", "2026-03-02T00:00:00Z", "2026-03-03T12:00:00Z"),
        ("P1DT30M", "2026-03-02T00:00:00Z", "2026-03-03T00:30:00Z"),
    ],
)
def test_duration_is_added_by_the_calendar(text: str, start: str, end: str) -> None:
    assert duration(text).after(datetime.fromisoformat(start)) == datetime.fromisoformat(end)


@pytest.mark.parametrize("text", ["", "P", "PT", "3M", "P3", "P-3M", "P1.5D", "p3m", "P1DT", "PT1D", "P3M "])
def test_text_that_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        duration(text)


@pytest.mark.parametrize(
    ("left", "right", "longer"),
    [
        ("P3M", "P3M", False),
        ("P89D", "P3M", False),
        ("P90D", "P3M", True),
        ("P12W", "P3M", False),
        ("P13W", "P3M", True),
        ("P3M", "P92D", False),
        ("P3M", "P91D", True),
        ("P12M", "P1Y", False),
        ("P366D", "P1Y", True),
        ("PT24H", "P1D", False),
        ("PT25H", "P1D", True),
    ],
)
def test_longer_is_judged_over_every_starting_day(left: str, right: str, longer: bool) -> None:
    assert may_outlast(duration(left), duration(right)) is longer


@given(st.integers(0, 48), st.integers(1, 400), st.integers(0, 200 * 365))
def test_more_time_is_never_sooner(months: int, days: int, start: int) -> None:
    given_time = datetime(1950, 1, 1, 8, tzinfo=UTC) + timedelta(days=start)

    end = duration(f"P{months}M{days}D").after(given_time)

    assert end >= given_time + timedelta(days=days)
    assert duration(f"P{months + 1}M{days}D").after(given_time) > end


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("P1Y2W", "weeks stand alone"),
        ("P1W1D", "weeks stand alone"),
        ("P0D", "no time at all"),
        ("PT0S", "no time at all"),
        ("P0Y0M", "no time at all"),
        ("P101Y", "longer than a hundred years"),
        ("P9999999Y", "longer than a hundred years"),
        ("P9999999W", "longer than a hundred years"),
        ("P10000000D", "not an ISO 8601"),
        ("P1.5M", "not an ISO 8601"),
        ("-P1D", "not an ISO 8601"),
        ("P\u0663M", "not an ISO 8601"),
        ("PP1D", "not an ISO 8601"),
        ("PT1H ", "not an ISO 8601"),
    ],
)
def test_duration_nobody_can_mean_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DurationWrong, match=reason):
        duration(text)
