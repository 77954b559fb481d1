"""Say a source of the Guide the same way everywhere, and which reason of a refusal weighs most.

Only verified, direct sources are ever given as the ground of a refusal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from amparo.desk.guide_words import the_guide
from amparo.guide import Citation, Refusal


@dataclass(frozen=True)
class SourceLine:
    """One source as people read it; `norm` is what it says there, where the Guide has kept it."""

    title: str
    ref: str
    norm: str


def source_lines(citations: Iterable[Citation]) -> tuple[SourceLine, ...]:
    """Put citations into words, each once."""
    return tuple(dict.fromkeys(_line(cite) for cite in citations))


def _line(cite: Citation) -> SourceLine:
    source = the_guide().sources.get(cite.id)
    if source is None:
        return SourceLine(cite.id, cite.ref, "")
    norm = next((norm["norm"] for norm in source.norms if norm.get("ref") == cite.ref), "")
    # Some titles already name the place.
    return SourceLine(source.title, "" if cite.ref in source.title else cite.ref, norm)


def weight(refusal: Refusal) -> tuple[bool, bool, int]:
    """Order reasons: never possible, then with a verified norm, then the duty that speaks most of this act."""
    return (not refusal.absolute, not refusal.norms, len(the_guide().obligations[refusal.obligation].blocks))
