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
