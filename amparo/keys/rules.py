"""Say who asks for keys, how many cases one asker may open in a minute, and why a key is not given.

Pure: no database, no clock, no file. Design: security design 3. Decision: 0021.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

WINDOW = 60.0  # seconds
BATCH = 50  # as many labels as a list shows; also of keys that are wrapped anew
# Work of the node itself and what telephones send in: nobody sits before it and reads.
_NODE_ROLES = frozenset({"system", "device"})


class Why(StrEnum):
    """Why the holder of the keys does not do what it was asked."""

    RATE = "rate"
    ERASED = "erased"
    WRONG_KEY = "wrong-key"
    KEYS_UNUSABLE = "keys-unusable"
    LOG_UNWRITABLE = "log-unwritable"
    NOT_UNDERSTOOD = "not-understood"
    NOT_ALLOWED = "not-allowed"
    BUSY = "busy"


@dataclass(frozen=True)
class Asker:
    """Who asks for a key and what for, as the node says: ids and codes, never a name."""

    actor: UUID
    role: str
    purpose: str

    @property
    def is_node(self) -> bool:
        """Test whether the node itself, or a telephone, asks."""
        return self.role in _NODE_ROLES


@dataclass(frozen=True)
class Limits:
    """How many different cases, and how many labels, may be opened in any 60 seconds."""

    officer_cases: int = 20
    officer_labels: int = 12_000  # forty searches or as many lists as anybody looks at
    node_cases: int = 1_200
    node_labels: int = 60_000
    all_cases: int = 3_000  # whoever asks: the node that names the askers could name as many as it likes


@dataclass
class Allowance:
    """What was opened in the last minute, by asker. Moments are seconds of a clock that never goes back."""

    limits: Limits
    _cases: dict[str, OrderedDict[UUID, float]] = field(default_factory=dict)
    _labels: dict[str, OrderedDict[int, tuple[float, int]]] = field(default_factory=dict)
    _number: int = 0

    def may_open(self, asker: Asker, owner: UUID, at: float) -> bool:
        """Count one more case for this asker, unless that is too many; the same case again counts once."""
        whose = _whose(asker)
        limit = self.limits.node_cases if asker.is_node else self.limits.officer_cases
        mine, everybody = self._of(whose, at), self._of("", at)
        if owner in mine:
            mine[owner] = at
            mine.move_to_end(owner)
            return True
        if len(mine) >= limit or (owner not in everybody and len(everybody) >= self.limits.all_cases):
            return False
        mine[owner] = everybody[owner] = at
        everybody.move_to_end(owner)
        return True

    def may_read_labels(self, asker: Asker, count: int, at: float) -> bool:
        """Count labels that are opened for a list, unless they are too many."""
        whose = _whose(asker)
        limit = self.limits.node_labels if asker.is_node else self.limits.officer_labels
        kept = self._labels.setdefault(whose, OrderedDict())
        while kept and next(iter(kept.values()))[0] <= at - WINDOW:
            kept.popitem(last=False)
        if sum(one for _, one in kept.values()) + count > limit:
            return False
        self._number += 1
        kept[self._number] = (at, count)
        return True

    def remember(self, asker: Asker, owners: Iterable[UUID], at: float) -> None:
        """Take in what was opened before a restart, so that a restart gives nobody a fresh minute."""
        for owner in owners:
            self._of(_whose(asker), at)[owner] = at
            self._of("", at)[owner] = at

    def forget_idle(self, at: float) -> None:
        """Drop askers who opened nothing in the last minute, so that memory stays bounded."""
        for whose in list(self._cases):
            if not self._of(whose, at):
                del self._cases[whose]
        self._labels = {
            whose: kept
            for whose, kept in self._labels.items()
            if kept and next(reversed(kept.values()))[0] > at - WINDOW
        }

    def _of(self, whose: str, at: float) -> OrderedDict[UUID, float]:
        kept = self._cases.setdefault(whose, OrderedDict())
        while kept and next(iter(kept.values())) <= at - WINDOW:
            kept.popitem(last=False)
        return kept


def _whose(asker: Asker) -> str:
    return "node" if asker.is_node else str(asker.actor)
