"""Decide whether a witness may cosign the head that another node shows, and which promise a trail has.

Pure: no database, no clock, no network. A witness cosigns only what continues the head it cosigned last.
Design: security design 5 (audit). Decision: 0024.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from amparo.access.merkle import GrowthWrong, Tree
from amparo.exchange.heads import SignedHead


class WitnessCode(StrEnum):
    """Why a witness does not cosign."""

    UNREADABLE = "unreadable"
    NOT_A_PEER = "not-a-peer"
    EMPTY = "empty"  # nothing to cosign yet
    START = "start"  # the blocks do not begin where the last cosigned head ended: send them again from there
    REWOUND = "rewound"  # fewer rows than were cosigned before
    FORKED = "forked"  # other rows than were cosigned before


# What an honest node never shows: people are told.
ALARMING = frozenset({WitnessCode.REWOUND, WitnessCode.FORKED})
ENOUGH_WITNESSES = 2  # one of them the oversight body


@dataclass(frozen=True)
class Seen:
    """The head of a node's trail that a witness cosigned last; `blocks` as in the tree."""

    number: int = 0
    root: str = ""
    blocks: Sequence[bytes] = ()


class NotCosigned(Exception):
    """A witness does not cosign a head; `code` says why."""

    def __init__(self, code: WitnessCode) -> None:
        super().__init__(f"The head is not cosigned: {code}.")
        self.code = code


def continued(seen: Seen, head: SignedHead, *, start: int, blocks: Sequence[bytes]) -> Seen:
    """Return what the witness has seen after this head.

    Args:
        seen: the head it cosigned last; the empty one for a node it sees for the first time.
        head: the head that is shown now.
        start: after how many rows the blocks begin.
        blocks: of the tree over the rows from there to the head.

    Raises:
        NotCosigned: the head is empty, rewound or forked, or the blocks begin elsewhere.
    """
    if head.number < seen.number:
        raise NotCosigned(WitnessCode.REWOUND)
    if head.number == 0:
        raise NotCosigned(WitnessCode.EMPTY)
    if start != seen.number:
        raise NotCosigned(WitnessCode.START)
    try:
        tree = Tree.of(seen.blocks, end=seen.number)
        tree.join(blocks, end=head.number)
    except GrowthWrong:
        raise NotCosigned(WitnessCode.UNREADABLE) from None
    if tree.root().hex() != head.root:
        raise NotCosigned(WitnessCode.FORKED)
    return Seen(head.number, head.root, tree.blocks())


def is_well_witnessed(witnesses: Collection[str], overseers: Collection[str]) -> bool:
    """Test whether enough witnesses vouch for a head, one of them the oversight body."""
    return len(set(witnesses)) >= ENOUGH_WITNESSES and bool(set(witnesses) & set(overseers))
