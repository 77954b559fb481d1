"""Find places by a name as it was said: without accents, in any case, in any order, with a small slip.

Pure: the packaged lists, no network. It proposes and a person picks; a place told in free words is always
accepted elsewhere.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from amparo.places.countries import LANGUAGES, country_name
from amparo.places.gazetteer import CURRENT, Place, load

# "Tegucigalpa" with one letter missing or swapped scores about 0.91; two different towns seldom reach 0.85.
CLOSE_ENOUGH = 0.85
NO_MATCH = 9


def words_of(text: str) -> tuple[str, ...]:
    """Split a name into plain lower-case words: "Ocotepeque, HONDURAS" → ("ocotepeque", "honduras")."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", bare.casefold()))


def search(text: str, country: str | None = None, limit: int = 10, vintage: str = CURRENT) -> Sequence[Place]:
    """Return the best places for a said name, best first, at most `limit`.

    Words may also name the department or the country ("Choluteca Honduras"), but at least one must belong
    to the place itself.
    """
    wanted = words_of(text)
    if not wanted or limit < 1:
        return ()
    candidates = (
        place for place in load(vintage).values() if country is None or place.country == country.upper()
    )
    ranked = [(_rank(wanted, place), place.level, place.name, place.code, place) for place in candidates]
    return tuple(row[-1] for row in sorted(row for row in ranked if row[0] < NO_MATCH)[:limit])


def _rank(wanted: tuple[str, ...], place: Place) -> int:
    """Grade a place: 0 same name, 1 same words, 2 with surroundings, 3 beginnings of words, 4 a slip."""
    own = words_of(place.name)
    if wanted == own:
        return 0
    if sorted(wanted) == sorted(own):
        return 1
    return _loose_rank(set(wanted), own, place)


def _loose_rank(wanted: set[str], own: tuple[str, ...], place: Place) -> int:
    around = _surroundings(place.parent, place.country, place.vintage)
    if wanted & set(own) and wanted <= set(own) | around:
        return 2
    mine = {word for word in wanted if any(part.startswith(word) for part in own)}
    if mine and wanted - mine <= around:
        return 3
    return 4 if _nearly(" ".join(sorted(wanted - around)), " ".join(sorted(own))) else NO_MATCH


@cache
def _surroundings(parent: str, country: str, vintage: str) -> frozenset[str]:
    above = load(vintage).get(parent)
    names = [above.name if above else "", country, *(country_name(country, one) or "" for one in LANGUAGES)]
    return frozenset(word for name in names for word in words_of(name))


def _nearly(wanted: str, own: str) -> bool:
    pair = SequenceMatcher(None, wanted, own)
    return len(wanted) > 3 and pair.real_quick_ratio() >= CLOSE_ENOUGH and pair.ratio() >= CLOSE_ENOUGH
