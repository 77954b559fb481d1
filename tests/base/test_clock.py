"""Show that times are aware and that a day is the day of a place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from amparo.base import clock


def test_now_is_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_day_of_the_place() -> None:
    before = datetime.now(UTC)

    day = clock.today("Pacific/Kiritimati")

    assert day in {
        moment.astimezone(ZoneInfo("Pacific/Kiritimati")).date() for moment in (before, datetime.now(UTC))
    }


def test_today_refuses_a_place_without_zone() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        clock.today("America/Nowhere")


def test_moment_is_written_in_utc_to_the_second() -> None:
    noon = datetime(2026, 11, 21, 12, 0, 0, 999_999, tzinfo=ZoneInfo("America/Tegucigalpa"))

    assert clock.moment_text(noon) == "2026-11-21T18:00:00Z"
    assert clock.read_moment("2026-11-21T18:00:00Z") == noon.replace(microsecond=0)


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(clock.MomentWrong):
        clock.moment_text(datetime(2026, 11, 21))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026-11-21T18:00:00",
        "2026-11-21T18:00:00+00:00",
        "2026-11-21t18:00:00z",
        "2026-11-21T18:00:00.5Z",
        "2026-02-30T18:00:00Z",
        "2026-11-21T25:00:00Z",
        "2026-11-21T18:00:00Z\n",
        "٢٠٢٦-11-21T18:00:00Z",
        None,
        20261121,
    ],
)
def test_every_other_way_to_write_a_moment_is_refused(text: object) -> None:
    with pytest.raises(clock.MomentWrong):
        clock.read_moment(text)
