"""Make the few small words under which a name is kept in an index, and those under which a question looks for it.

Two indexes. PART holds the sound of each part of the name. PAIR holds the sound of one part with the first sound of
another: rare enough to be read fast among a million, and it still meets a name of which any one part was spoilt.
Neither knows the order of the parts. An initial alone has no key. What is very common is spread over sixteen words
by a number of the row, so that a copied index does not show who is called María. Decision: 0023.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from amparo.names.common import SPREAD, is_common
from amparo.names.parts import parts_of
from amparo.names.short_forms import related_to
from amparo.names.sounds import sound_of, sounds_of

# So many different sounds of one person are kept; a question may have as many parts.
MOST_SOUNDS = 6
# The letter of an initial -> how names that are written with it may begin to sound.
_BEGINS = {
    "a": "ao", "b": "b", "c": "ksx", "d": "d", "e": "ei", "f": "f", "g": "gju", "h": "aijuo", "i": "ijae", "j": "jx",
    "k": "k", "l": "lj", "m": "m", "n": "n", "o": "uoi", "p": "pf", "q": "k", "r": "ru", "s": "sxi", "t": "txs",
    "u": "u", "v": "b", "w": "urb", "x": "xjs", "y": "jiu", "z": "s",
}  # fmt: skip


class Index(IntEnum):
    """Which index a key belongs to; each has a key of its own where it becomes blind."""

    PART = 1
    PAIR = 2


class Key(NamedTuple):
    """One word of an index."""

    kind: Index
    word: str


@dataclass(frozen=True)
class Asked:
    """A key that a question looks for; keys of one `slot` are readings of the same thing and count once."""

    slot: int
    key: Key


def keys_of(names: Iterable[str], *, row: int) -> frozenset[Key]:
    """Return the keys under which one person is kept.

    Args:
        names: her names as written, the most certain first; any order of parts.
        row: any number of the row; it chooses one of the words over which a common name is spread.
    """
    sounds = _sounds_in(names)
    keys = {_spread(Key(Index.PART, sound), sound, row) for sound in sounds}
    return frozenset(keys | {
        _spread(Key(Index.PAIR, f"{sound} {other[0]}"), sound, row)
        for sound in sounds for other in sounds if other != sound
    })  # fmt: skip


def asked_keys(asked: str) -> tuple[Asked, ...]:
    """Return what to look for when somebody asks for a name: every reading, in every word it may be spread over."""
    heard = [_heard(part) for part in parts_of(asked)[:MOST_SOUNDS]]
    begins = [_beginnings(part) for part in parts_of(asked)[:MOST_SOUNDS]]
    found: list[Asked] = []
    for one, sounds in enumerate(heard):
        found += _slot(len(heard) * one, ((Key(Index.PART, sound), sound) for sound in sounds))
        for other, firsts in enumerate(begins):
            if one != other:
                pairs = (
                    (Key(Index.PAIR, f"{sound} {first}"), sound)
                    for sound in sorted(sounds)
                    for first in sorted(firsts)
                )
                slot = len(heard) * one + (other if other > one else other + 1)
                found += _slot(slot, pairs)
    return (*found, *_joined(asked, len(heard) ** 2))


def _joined(asked: str, slot: int) -> Iterator[Asked]:
    """Look for neighbours written as one: María José as Mariajosé."""
    parts = [part for part in parts_of(asked) if len(part) > 1]
    for place, (left, right) in enumerate(pairwise(parts)):
        sound = sound_of(left + right)
        yield from _slot(slot + place, [(Key(Index.PART, sound), sound)])


def _slot(slot: int, keys: Iterable[tuple[Key, str]]) -> Iterator[Asked]:
    for key, sound in keys:
        if is_common(sound):
            yield from (Asked(slot, _spread(key, sound, row)) for row in range(SPREAD))
        else:
            yield Asked(slot, key)


def _sounds_in(names: Iterable[str]) -> tuple[str, ...]:
    """Return the sounds of the names, each once; an initial sounds like nothing."""
    parts = (part for name in names for part in parts_of(name) if len(part) > 1)
    return tuple(dict.fromkeys(sound_of(part) for part in parts))[:MOST_SOUNDS]


def _heard(part: str) -> frozenset[str]:
    if len(part) == 1:
        return frozenset()
    return sounds_of(part) | {sound_of(other) for other in related_to(part)}


def _beginnings(part: str) -> frozenset[str]:
    if len(part) == 1:
        return frozenset(_BEGINS[part])
    return frozenset(sound[0] for sound in _heard(part))


def _spread(key: Key, sound: str, row: int) -> Key:
    return Key(key.kind, f"{key.word}/{row % SPREAD}") if is_common(sound) else key
