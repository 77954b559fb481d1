"""Say a source of the Guide the same way everywhere, and which reason of a refusal weighs most.

Only verified, direct sources are ever given as the ground of a refusal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from amparo.desk.guide_words import place_word, source_word, the_guide
from amparo.guide import Citation, Refusal


@dataclass(frozen=True)
class SourceLine:
    """One source as people read it, as HTML; `norm` is what it says there, where the Guide has kept it.

    `brief` is the short title and the place, for narrow screens and refusals; `norm` is in English.
    """

    title: SafeString
    ref: SafeString
    brief: SafeString
    norm: str


def source_lines(citations: Iterable[Citation]) -> tuple[SourceLine, ...]:
    """Put citations into words, each once."""
    return tuple(dict.fromkeys(_line(cite) for cite in citations))


def _line(cite: Citation) -> SourceLine:
    source, place = the_guide().sources.get(cite.id), place_word(cite)
    short = source_word(cite.id, short=True)
    brief = format_html("{}, {}", short, place) if place else short
    norms = source.norms if source else ()
    norm = next((norm["norm"] for norm in norms if norm.get("ref") == cite.ref), "")
    return SourceLine(source_word(cite.id), place, brief, norm)


def weight(refusal: Refusal) -> tuple[bool, bool, bool, int]:
    """Order reasons: never possible, what the child needs now, a verified norm, the duty closest to this act."""
    duty = the_guide().obligations[refusal.obligation]
    return (not refusal.absolute, "needs_now" not in duty.reads, not refusal.norms, len(duty.blocks))
