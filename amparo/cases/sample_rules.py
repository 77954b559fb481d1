"""Say which cases a random sample of oversight holds, so that anybody with its numbers can draw it again.

Pure: no database, no clock, no chance: the random bytes come in. Each case gets a place by a hash over them and its id;
the first places are the sample. Whoever knew the cases could not choose among them, and whoever drew cannot draw again
while a sample stands. Design: security design 5. Decision: 0028.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

RANDOM_BYTES = 32
MOST = 10
LASTS = timedelta(days=14)


class About(StrEnum):
    """What oversight looks into: a closed word, on the trail."""

    HEARD = "how-children-are-heard"
    SAFE = "where-children-live"
    IN_TIME = "whether-duties-are-met-in-time"
    READ = "who-reads-and-why"


def in_order(cases: Iterable[UUID], random: bytes) -> list[UUID]:
    """Return cases in the order in which they are drawn with these random bytes."""
    return sorted(cases, key=lambda one: (_place(one, random), one))


def is_as_drawn(chosen: Collection[UUID], passed_over: int, *, cases: Iterable[UUID], random: bytes) -> bool:
    """Test whether a sample is what these bytes draw, where so many were passed over for a mark of the child."""
    first = in_order(cases, random)[: len(chosen) + passed_over]
    return len(set(chosen)) == len(chosen) and set(chosen) <= set(first)


def digest_of(cases: Iterable[UUID]) -> str:
    """Return the SHA-256 over the ids of all cases that could be drawn, sorted, as hexadecimal digits."""
    return hashlib.sha256(b"".join(sorted(one.bytes for one in cases))).hexdigest()


def draw_refusal(size: int, *, standing: bool, possible: Collection[UUID]) -> str:
    """Return why no sample is drawn: a closed word, or empty.

    `standing`: this person has one that is not over; who could draw again would draw until she has whom she wants.
    """
    if not 1 <= size <= MOST:
        return "size"
    if standing:
        return "standing"
    return "" if possible else "nobody"


def _place(case_id: UUID, random: bytes) -> bytes:
    return hashlib.sha256(random + case_id.bytes).digest()
