"""Say why a record may be erased, on which ground in law, and what may forbid it: closed words, none about a child.

Pure: no database, no clock. In which article of which law a ground stands is for the country to say; none is written.
Design: security design 3. Decision: 0021.
"""

from collections.abc import Mapping

# Why somebody wants it erased, and the grounds in law on which that can rest.
GROUNDS: Mapping[str, tuple[str, ...]] = {
    "time-is-over": ("retention-period",),
    "child-asked": ("right-to-erasure", "consent-taken-back"),
    "opened-in-error": ("no-ground-to-keep",),
    "court-ordered": ("court-order", "order-of-data-protection-authority"),
}
BECAUSE = tuple(GROUNDS)
BASES = tuple(dict.fromkeys(basis for bases in GROUNDS.values() for basis in bases))
HOLDS = ("proceedings", "complaint", "inspection")


def reason_refusal(because: str, basis: str) -> str:
    """Say what is wrong with a reason and its ground: `unknown-reason`, `ground-does-not-fit`, or empty."""
    if because not in GROUNDS:
        return "unknown-reason"
    return "" if basis in GROUNDS[because] else "ground-does-not-fit"
