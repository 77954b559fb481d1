"""Find duties of the Guide by what people write: without accents, in any order, with a slip of the pen.

Pure: texts in, ids out. Which texts a duty has is told by `Entry`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

_WORD = re.compile(r"\w+")
_SHORTEST_GUESS = 4  # a shorter word is close to too many others


@dataclass(frozen=True)
class Entry:
    """What can be searched of one duty: its title, and everything else that is said of it."""

    id: str
    title: str
    rest: str


@dataclass(frozen=True)
class Found:
    """The duties found, best first, and the words that were looked for in place of a misspelt one."""

    ids: tuple[str, ...]
    instead: tuple[str, ...] = ()


def folded(text: str) -> str:
    """Return a text without accents and capitals: "Niñez" and "ninez" are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def find(query: str, entries: Sequence[Entry]) -> Found:
    """Return the duties that hold every word of a query, those that hold it in the title first."""
    wanted = _words(query)
    if not wanted:
        return Found(tuple(entry.id for entry in entries))
    ids = _holding(wanted, entries)
    if ids:
        return Found(ids)
    guessed = _guessed(wanted, entries)
    return Found(_holding(guessed, entries), tuple(guessed)) if guessed != wanted else Found(())


def _holding(wanted: Sequence[str], entries: Iterable[Entry]) -> tuple[str, ...]:
    ranked = []
    for entry in entries:
        title, rest = folded(entry.title), folded(entry.rest)
        if all(word in title or word in rest for word in wanted):
            ranked.append((sum(word not in title for word in wanted), entry.id))
    order = {id_: at for at, (_, id_) in enumerate(ranked)}
    return tuple(id_ for _, id_ in sorted(ranked, key=lambda pair: (pair[0], order[pair[1]])))


def _guessed(wanted: Sequence[str], entries: Iterable[Entry]) -> list[str]:
    known = {word for entry in entries for word in _words(f"{entry.title} {entry.rest}")}
    return [_closest(word, known) for word in wanted]


def _closest(word: str, known: set[str]) -> str:
    if len(word) < _SHORTEST_GUESS or any(word in each for each in known):
        return word
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.7)), word)


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
