"""Say where the Guide differs from a scenario: duties, acts, evidence and facts by what they are called.

The names that a file needs for them are kept apart. Nothing is decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amparo.desk.guide_words import the_guide
from amparo.desk.secretariat.words import language
from amparo.guide import Problem, text_of
from amparo.guide.saying import languages, say

# What a value of a sentence names; a list holds several, "-" none.
_NAMED = {
    "obligation": "obligation",
    "action": "action",
    "entries": "evidence",
    "facts": "fact",
    "by": "role",
}
# What `wanted` and `found` name, by the English sentence; what is not here names duties.
_LISTED = {
    "{obligation}: expected missing {wanted}, the Guide says {found}": "evidence",
    "{obligation}: expected to ask {wanted}, the Guide asks {found}": "fact",
    "{obligation}: expected to block {wanted}, the Guide blocks {found}": "action",
    "not counted: expected {wanted}, the Guide says {found}": "evidence",
    "believed only with proof: expected {wanted}, the Guide says {found}": "fact",
}


@dataclass(frozen=True)
class Told:
    """One sentence of the check as people read it, and what its things are called in a file: (words, name)."""

    words: str
    names: tuple[tuple[str, str], ...]


def told(problem: Problem) -> Told:
    """Say one difference, or one reason of the Guide, in the reader's language or else in English."""
    tongue = language() if language() in languages() else "en"
    values, names = dict(problem.values), dict[str, str]()
    listed = _LISTED.get(problem.said, "obligation")
    kinds = _NAMED | {"wanted": listed, "found": listed}
    for value in [each for each in values if each in kinds]:
        values[value] = _in_words(str(values[value]), _word_for(kinds[value], tongue, names))
    return Told(_said(problem, tongue, values), tuple((words, name) for name, words in names.items()))


def _said(problem: Problem, tongue: str, values: Mapping[str, object]) -> str:
    try:
        return say(problem.said, tongue, **values)
    except (KeyError, IndexError, ValueError):
        # A sentence whose blanks do not fit its values is still better than no answer.
        return problem.said


def _word_for(kind: str, tongue: str, names: dict[str, str]) -> Callable[[str], str]:
    """Return what says one name in words, and keeps it; what the Guide does not know stays as it was written."""

    def word(name: str) -> str:
        found = text_of(the_guide(), kind, name, tongue)
        if not found.language:
            return name
        names[name] = found.text
        return f"«{found.text}»" if tongue == "es" else f"“{found.text}”"

    return word


def _in_words(listed: str, word: Callable[[str], str]) -> str:
    return ", ".join(word(name) for name in listed.split(", "))
