"""Let strangers leave only so many rows on the audit trail, so that nobody can make it grow from outside.

Kept in the memory of one process and lost with it: what is bounded is the writing down, never the refusal itself.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from amparo.base.clock import now

MINUTE = timedelta(minutes=1)


class OncePer:
    """Say yes once per key and span of time, and to at most so many keys within one span."""

    def __init__(
        self, span: timedelta = MINUTE, *, most: int = 60, clock: Callable[[], datetime] = now
    ) -> None:
        """Make it; `most` bounds both the memory and the number of yeses in any one span."""
        self._span, self._most, self._clock = span, most, clock
        self._given: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def first(self, key: str) -> bool:
        """Test whether this is the first time in this span for the key, and whether there is still room."""
        with self._lock:
            at = self._clock()
            self._forget_before(at - self._span)
            if key in self._given or len(self._given) >= self._most:
                return False
            self._given[key] = at
            return True

    def _forget_before(self, moment: datetime) -> None:
        """Drop what is over; keys stand in the order of their time."""
        while self._given and next(iter(self._given.values())) <= moment:
            self._given.popitem(last=False)
