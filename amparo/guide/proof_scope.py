"""Say what an overlay changed that only a proof can show to be no weaker.

Pure and light: it decides whether the solver is loaded at all. Decision: 11.
"""

from collections.abc import Iterator

from amparo.guide.engine import Condition
from amparo.guide.expressions import Expression, Or, Truth
from amparo.guide.grammar import parse
from amparo.guide.model import Guide, Obligation


def to_be_proved(region: Guide, country: Guide) -> Iterator[tuple[str, str]]:
    """Walk through what was changed and has to be proved: an obligation, entry or guards, and the field."""
    for key, old in region.obligations.items():
        yield from ((key, name) for name in _changed_conditions(old, country.obligations[key]))
    for key, entry in region.evidence.items():
        now = country.evidence[key]
        for name in ("attest", "needed_when", "contradicts"):
            if getattr(entry, name) != getattr(now, name):
                yield f"evidence.{key}", name
    if region.vocabulary.guards != country.vocabulary.guards:
        yield "vocabulary", "fact_guards"


def _changed_conditions(old: Obligation, new: Obligation) -> Iterator[str]:
    for name in ("applies", "due"):
        if not _holds_whenever(getattr(old, name), getattr(new, name)):
            yield name
    if old.reopen_while is not None and not _holds_whenever(old.reopen_while, new.reopen_while, absent=False):
        yield "reopen_while"
    if old.block_when != new.block_when:
        yield "block_when"
    # A hold more is stricter; one that is gone or says something else has to be proved.
    if any(new.hold_while.get(action) != said for action, said in old.hold_while.items()):
        yield "hold_while"


def _holds_whenever(old: Condition | None, new: Condition | None, *, absent: bool = True) -> bool:
    """Tell whether the new condition plainly holds whenever the old one does: the same, always, or `old || more`."""
    if old == new or (new is None and absent):
        return True
    if old is None or new is None:
        return new is not None and parse(new.text) == Truth(True)
    before, now = parse(old.text), parse(new.text)
    return now == Truth(True) or (isinstance(now, Or) and set(_parts(before)) <= set(now.parts))


def _parts(said: Expression) -> tuple[Expression, ...]:
    return said.parts if isinstance(said, Or) else (said,)
