"""Name what can be wrong with the Guide, with facts or with a question, so that a person can put it right.

Messages say where and what to do; they never repeat the value of an answer, which may concern a child.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True, init=False)
class Problem:
    """One thing to put right: `place` is a file and line, or a path inside a document.

    `said` is an English sentence with {names} for `values`; other languages translate the sentence.
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

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Faulty(Exception):
    """Carry every problem found, so that they can be put right in one go."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class GuideFaulty(Faulty):
    """A file of the Guide or of an overlay cannot be read or does not hold together."""


class OverlayWeakens(Faulty):
    """A country overlay takes away protection that the regional Guide gives."""


class FactsRefused(Faulty):
    """The facts of a case do not fit the facts schema."""


class ActionUnknown(Exception):
    """The action asked about is not in the closed vocabulary."""

    def __init__(self, action: str, known: Iterable[str]) -> None:
        self.action, self.known = action, tuple(known)
        super().__init__(f"Unknown action {action!r}. Known actions: {', '.join(self.known)}")
