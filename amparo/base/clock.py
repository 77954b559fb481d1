"""Tell the time, and write it the one way it travels: the only place where the software reads a clock.

Rules never call `now` or `today`; actions and pages read the clock once and pass the moment down.
Norm: RFC 3339, in UTC, to the second.
"""

import re
import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class MomentWrong(Exception):
    """A text is no moment in the form 2026-11-21T10:00:00Z."""


def now() -> datetime:
    """Return this moment in UTC, with its zone."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Return the day it is in a place; `zone` is an IANA name such as `America/Tegucigalpa`.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    return datetime.now(ZoneInfo(zone)).date()


def ticks() -> float:
    """Return seconds of a clock that never goes back, to measure how much time has passed."""
    return time.monotonic()


def moment_text(moment: datetime) -> str:
    """Write an aware moment as `2026-11-21T10:00:00Z`; parts of a second are dropped.

    Raises:
        MomentWrong: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise MomentWrong("A moment without a zone could be any of twenty-four.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: object) -> datetime:
    """Read what `moment_text` wrote, and no other way to write a moment; raises `MomentWrong`."""
    if not isinstance(text, str) or _WRITTEN.fullmatch(text) is None:
        raise MomentWrong("A moment is written 2026-11-21T10:00:00Z.")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise MomentWrong("There is no such day or hour.") from None
