"""Tell the lint and the record which facts and evidence the Guide knows.

Pure: reads the Guide's packaged data through `amparo.guide`, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from amparo.guide.document import region


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The facts schema of the Guide and, per evidence key, the roles that may attest it."""

    facts_schema: Mapping[str, Any]
    evidence: Mapping[str, frozenset[str]]

    def knows(self, fact: str) -> bool:
        """Test whether the Guide has a fact of this name."""
        return fact in self.facts_schema["properties"]

    def values_of(self, fact: str) -> frozenset[str] | None:
        """Return the closed answers of a fact, or None when it is open (dates, codes, numbers)."""
        said = self.facts_schema["properties"][fact]
        choices = said.get("enum") or said.get("items", {}).get("enum")
        return frozenset(choices) if choices else None


@cache
def guide_vocabulary() -> Vocabulary:
    """Return the vocabulary of the regional Guide that this product carries."""
    document = region()
    attest = {key: frozenset(said["attest"]) for key, said in document.evidence.items()}
    return Vocabulary(document.schema, attest)
