"""Tell the time: the one place where the software reads a clock.

Rules never call this; actions and pages read it once and pass the moment down. It promises aware times only.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this moment in UTC, with its zone."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Return the day it is in a place; `zone` is an IANA name such as `America/Tegucigalpa`.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    return datetime.now(ZoneInfo(zone)).date()
