"""Find duties of the Guide by what people write: everyday words, no accents, any order, a slip of the pen.

Pure: texts in, ids out. Which texts a duty has is told by `Entry`; which duties an everyday word means, by the caller.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

Everyday = Mapping[
    str, tuple[str, ...]
]  # a folded word or phrase, and the ids of the duties it means, nearest first

_WORD = re.compile(r"\w+")
_SHORTEST_GUESS = 4  # a shorter word is close to too many others
_CLOSE = 0.85  # one slip in a word of seven letters; less, and a word of another meaning is taken
_LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Entry:
    """What can be searched of one duty: its title, what else is said of it, and the acts and articles it names."""

    id: str
    title: str
    rest: str
    named: str = ""


@dataclass(frozen=True)
class Found:
    """The duties found, best first, and the words that were looked for in place of a misspelt one."""

    ids: tuple[str, ...]
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Term:
    """Words that are looked for as one, and the duties they mean in everyday speech."""

    words: tuple[str, ...]
    meant: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Indexed:
    """The words of one duty, by how much they weigh."""

    id: str
    levels: tuple[frozenset[str], ...]  # title, named, all


def folded(text: str) -> str:
    """Return a text without accents and capitals: "Niñez" and "ninez" are the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def find(query: str, entries: Sequence[Entry], everyday: Everyday | None = None) -> Found:
    """Return the duties that hold every word of a query: meant by it first, then titled, then naming it as an act."""
    wanted, means = words_of(query), everyday or {}
    if not wanted:
        return Found(tuple(entry.id for entry in entries))
    indexed = [_indexed(entry) for entry in entries]
    ids = _holding(list(_terms(wanted, means)), indexed)
    if ids:
        return Found(ids)
    guessed = _guessed(wanted, entries, means)
    return (
        Found(_holding(list(_terms(guessed, means)), indexed), tuple(guessed))
        if guessed != wanted
        else Found(())
    )


def _terms(words: Sequence[str], everyday: Everyday) -> Iterator[_Term]:
    """Take a query apart: the longest everyday phrase at each place, else one word."""
    at = 0
    while at < len(words):
        sizes = range(min(_LONGEST_PHRASE, len(words) - at), 0, -1)
        parts = (tuple(words[at : at + size]) for size in sizes)
        found = next((_Term(part, meant) for part in parts if (meant := _meant(part, everyday))), None)
        term = found or _Term((words[at],))
        yield term
        at += len(term.words)


def _meant(part: Sequence[str], everyday: Everyday) -> tuple[str, ...]:
    """Return the duties an everyday phrase means, also where its last word is written in the plural."""
    said = " ".join(part)
    forms = [said] + [said.removesuffix(ending) for ending in ("s", "es") if said.endswith(ending)]
    return next((everyday[form] for form in forms if form in everyday), ())


def _holding(terms: Sequence[_Term], entries: Iterable[_Indexed]) -> tuple[str, ...]:
    ranked = []
    for at, entry in enumerate(entries):
        ranks = [_rank(term, entry) for term in terms]
        known = [rank for rank in ranks if rank is not None]
        if len(known) == len(ranks):
            ranked.append((sum(known), at, entry.id))
    return tuple(id_ for _, _, id_ in sorted(ranked))


def _rank(term: _Term, entry: _Indexed) -> int | None:
    """Return how near a term is to a duty, 0 the nearest; None where the duty does not hold it."""
    if entry.id in term.meant:
        return term.meant.index(entry.id)
    levels = (
        level for level, known in enumerate(entry.levels) if all(_in(word, known) for word in term.words)
    )
    level = next(levels, None)
    return None if level is None else len(term.meant) + level


def _in(word: str, known: frozenset[str]) -> bool:
    # A number is meant whole: 3 is not 37.
    return word in known or (not word.isdigit() and any(each.startswith(word) for each in known))


def _indexed(entry: Entry) -> _Indexed:
    title, named, rest = (frozenset(words_of(text)) for text in (entry.title, entry.named, entry.rest))
    return _Indexed(entry.id, (title, named, title | named | rest | frozenset(words_of(entry.id))))


def _guessed(wanted: Sequence[str], entries: Iterable[Entry], everyday: Everyday) -> list[str]:
    # Ids are English: a word of another language that is close to one means something else.
    texts = [text for entry in entries for text in (entry.title, entry.named, entry.rest)]
    known = frozenset(word for text in (*texts, *everyday) for word in words_of(text))
    return [_closest(word, known) for word in wanted]


def _closest(word: str, known: frozenset[str]) -> str:
    if len(word) < _SHORTEST_GUESS or word.isdigit() or _in(word, known):
        return word
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=_CLOSE)), word)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return _WORD.findall(folded(text))
