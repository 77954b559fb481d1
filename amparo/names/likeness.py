"""Say how alike two names are, between 0 and 1, whatever the order of their parts.

For the few candidates that an index gave; it reads both names in clear. The distance of two spellings is rapidfuzz's.
"""

from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA, JaroWinkler

from amparo.names.common import is_common
from amparo.names.parts import parts_of
from amparo.names.short_forms import related_to
from amparo.names.sounds import sound_of, sounds_of

# How much two parts are alike that are not written the same.
_SAME_SOUND, _OTHER_READING, _SHORT_FORM, _INITIAL = 0.97, 0.93, 0.9, 0.8
# Below this two spellings say nothing of each other.
_FLOOR = 0.55
# A common name tells less of who she is.
_COMMON = 0.75
# Each part of hers that nobody asked for; breaks ties only.
_UNASKED = 0.01


def likeness(asked: str, name: str) -> float:
    """Return how well a name answers what was asked: 1 is the same parts in any order, 0 nothing in common."""
    # Names are told more than once, as given names and again as told.
    wanted, left = parts_of(asked), tuple(dict.fromkeys(parts_of(name)))
    if not wanted or not left:
        return 0.0
    wanted, left = _joined(wanted, left), _joined(left, wanted)
    whole = sum(_weight(part) for part in wanted)
    pairs = ((_alike(part, other), part, other) for part in wanted for other in left)
    got = 0.0
    for alike, part, other in sorted(pairs, reverse=True):
        if alike and part in wanted and other in left:
            wanted, left = _without(wanted, part), _without(left, other)
            got += alike * _weight(part)
    return max(0.0, got / whole - _UNASKED * len(left))


def _joined(parts: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Join neighbours that stand as one part in the other name: María José and Mariajosé."""
    heard = {sound_of(other) for other in others}
    for place, (left, right) in enumerate(pairwise(parts)):
        if min(len(left), len(right)) > 1 and sound_of(left + right) in heard:
            return (*parts[:place], left + right, *parts[place + 2 :])
    return parts


def _without(parts: tuple[str, ...], part: str) -> tuple[str, ...]:
    place = parts.index(part)
    return parts[:place] + parts[place + 1 :]


def _weight(part: str) -> float:
    if len(part) == 1:
        return 0.3
    return _COMMON if is_common(sound_of(part)) else 1.0


@lru_cache(maxsize=50_000)
def _alike(part: str, other: str) -> float:
    """Return how alike two parts in normal form are."""
    if part == other:
        return 1.0
    if len(part) == 1 or len(other) == 1:
        return _INITIAL if part[0] == other[0] else 0.0
    if sound_of(part) == sound_of(other):
        return _SAME_SOUND
    if sound_of(other) in sounds_of(part):
        return _OTHER_READING
    if other in related_to(part):
        return _SHORT_FORM
    return _near(part, other)


def _near(part: str, other: str) -> float:
    """Compare spellings and sounds letter by letter; what is far apart is nothing."""
    written = max(OSA.normalized_similarity(part, other), JaroWinkler.similarity(part, other) - 0.05)
    heard = OSA.normalized_similarity(sound_of(part), sound_of(other))
    alike = 0.9 * (0.6 * max(written, heard) + 0.4 * min(written, heard))
    return alike if alike >= _FLOOR else 0.0
