"""Put acts in the order in which they can hurt a child; the page shows the gravest first.

Our choice, not a source's: what takes her away, locks her up or parts her from family stands on top.
"""

from collections.abc import Iterable

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
