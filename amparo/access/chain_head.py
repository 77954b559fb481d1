"""Say how the end of the audit chain is written down: NUMBER:HASH, to be kept outside the node."""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many rows, and the hash of the last, as 64 hexadecimal signs."""

    number: int
    hash: str


def read_head(text: str) -> Head:
    """Read a head as the command prints it.

    Raises:
        ValueError: it is not NUMBER:HASH.
    """
    parts = _WRITTEN.fullmatch(text.strip())
    if parts is None:
        raise ValueError("a head looks like 120:9f86d0...; copy it from an earlier check")
    return Head(int(parts[1]), parts[2])
