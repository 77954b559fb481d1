"""Name what can be wrong with the Guide, with facts or with a question, so that a person can put it right.

Messages say where and what to do; they never repeat the value of an answer, which may concern a child.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True, init=False)
class Problem:
    """One thing to put right: `place` is `file:line: key.path`, or a part of that where less is known.

    `said` is an English sentence with {names} for `values`; other languages translate the sentence
    (`saying.told`). Who finds a fault need not know its line: `placing.lines_of` adds it.
    """

    place: str
    said: str
    values: tuple[tuple[str, str], ...]

    def __init__(self, place: str, said: str, **values: object) -> None:
        object.__setattr__(self, "place", place)
        object.__setattr__(self, "said", said)
        object.__setattr__(self, "values", tuple((name, str(value)) for name, value in values.items()))

    @property
    def reason(self) -> str:
        """Say in English what is wrong and what to do."""
        return self.said.format_map(dict(self.values)) if self.values else self.said

    def moved(self, place: str) -> "Problem":
        """Return the same problem with its place told better."""
        return Problem(place, self.said, **dict(self.values))

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Faulty(Exception):
    """Carry every problem found, each once and in the order of the files, to be put right in one go."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=_by_file_and_line))
        super().__init__("\n".join(map(str, self.problems)))


def _by_file_and_line(problem: Problem) -> list[tuple[str, int]]:
    # Line 9 comes before line 10: numbers are compared as numbers.
    pieces = re.split(r"(\d{1,9})", f"{problem.place}\0{problem.reason}")
    return [(piece, 0) if at % 2 == 0 else ("", int(piece)) for at, piece in enumerate(pieces)]


class GuideFaulty(Faulty):
    """A file of the Guide or of an overlay cannot be read or does not hold together."""


class FileUnreadable(GuideFaulty):
    """A file is not there, or may not be opened."""


class OverlayWeakens(Faulty):
    """A country overlay takes away protection that the regional Guide gives."""


class FactsRefused(Faulty):
    """The facts of a case do not fit the facts schema."""


class ActionUnknown(Exception):
    """The action asked about is not in the closed vocabulary."""

    def __init__(self, action: str, known: Iterable[str]) -> None:
        self.action, self.known = action, tuple(known)
        self.problem = Problem(
            "ACTION",
            "{action} is no action of the Guide. Known actions: {known}",
            action=repr(action),
            known=", ".join(self.known),
        )
        super().__init__(f"Unknown action {action!r}. Known actions: {', '.join(self.known)}")
