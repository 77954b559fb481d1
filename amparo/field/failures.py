"""Write down where a door for devices failed, so that it can be mended, and nothing of what was sent to it.

The text of an exception can quote an answer of a child; its kind and the lines of our code cannot.
"""

import logging
import traceback
from collections.abc import Iterator

logger = logging.getLogger(__name__)


def log_failure(failure: BaseException, *, door: str) -> None:
    """Log the kind of a failure and of what caused it, first cause last, each with its lines of code."""
    logger.error("The door %s failed.\n%s", door, "".join(_told(failure)))


def _told(failure: BaseException) -> Iterator[str]:
    """Yield an exception without its text, then what it came from."""
    seen: set[int] = set()
    current: BaseException | None = failure
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"{type(current).__module__}.{type(current).__qualname__}, at:\n"
        yield from traceback.format_tb(current.__traceback__)
        current = current.__cause__ or current.__context__
