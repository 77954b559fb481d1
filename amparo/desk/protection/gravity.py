"""Put acts in the order in which they can hurt a child; the page shows the gravest first.

Our choice, not a source's: what takes her away, locks her up or parts her from family stands on top.
"""

from collections.abc import Iterable

from amparo.guide import Evaluation

GRAVEST = (
    "return-child",
    "detain",
    "separate-from-family",
    "separate-siblings",
    "refuse-entry",
    "penalise",
    "decide-adult",
    "disclose-to-enforcement",
    "contact-consulate",
)


def by_gravity(actions: Iterable[str]) -> list[str]:
    """Return the acts, the gravest first; the others keep their order."""
    known = list(actions)
    return [act for act in GRAVEST if act in known] + [act for act in known if act not in GRAVEST]


def is_never(evaluation: Evaluation, action: str) -> bool:
    """Test whether a duty that nobody can lift bars this act."""
    bars = (status.bars.get(action) for status in evaluation.obligations)
    return any(bar is not None and bar.absolute for bar in bars)
