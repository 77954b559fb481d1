"""Read ISO 8601 durations and add them to moments by the calendar, so that three months is three months.

Pure: no clock. A month that lacks the day ends on its last day.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_SHAPE = re.compile(
    "P(?=[0-9T])(?:(N)Y)?(?:(N)M)?(?:(N)W)?(?:(N)D)?(?:T(?=[0-9])(?:(N)H)?(?:(N)M)?(?:(N)S)?)?".replace(
        "N", "[0-9]{1,7}"
    )
)
_LONGEST_DAYS = 100 * 366


class DurationWrong(ValueError):
    """A text is no length of time that a deadline can have."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: calendar months, and an exact rest."""

    text: str
    months: int
    rest: timedelta

    def after(self, start: datetime) -> datetime:
        """Return the moment this long after `start`, in the same offset."""
        return _months_on(start, self.months) + self.rest

    def before(self, end: datetime) -> datetime:
        """Return the moment this long before `end`, in the same offset."""
        return _months_on(end, -self.months) - self.rest


def duration(text: str) -> Duration:
    """Read a duration such as P3M or PT24H; DurationWrong (a ValueError) when it is none."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise DurationWrong("not an ISO 8601 duration such as P3M, P10D or PT24H")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if weeks and any((years, months, days, hours, minutes, seconds)):
        raise DurationWrong("weeks stand alone in an ISO 8601 duration: write P16D, not P2W2D")
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if (years * 12 + months) * 365 // 12 + rest.days > _LONGEST_DAYS:
        raise DurationWrong("is longer than a hundred years")
    if not (years or months or rest):
        raise DurationWrong("is no time at all: write how long, such as PT1H")
    return Duration(text, years * 12 + months, rest)


def may_outlast(left: Duration, right: Duration) -> bool:
    """Test whether `left` is longer than `right` from any starting day, whatever the units.

    Eight years around 2100 are tried: ordinary and leap years, and a century that is no leap year.
    """
    first = date(2095, 1, 1)
    starts = (datetime.combine(first + timedelta(days=day), datetime.min.time()) for day in range(8 * 366))
    return any(left.after(start) > right.after(start) for start in starts)


def _months_on(moment: datetime, months: int) -> datetime:
    count = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(count, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
