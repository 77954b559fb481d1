"""Sum up a row of links in one hash that can be shown to have only grown, with few hashes and little memory.

Pure: bytes in, bytes out. A tree over the links of the audit chain; whoever kept the blocks of an earlier tree can
check that a later one begins with the same links, without seeing them. Norm: RFC 9162 section 2.1 (hashes of leaves
and nodes). Decision: 0024.
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()
_LEAF, _NODE = b"\x00", b"\x01"


class GrowthWrong(Exception):
    """Blocks do not cover exactly the links that they should."""


def spans(start: int, end: int) -> list[int]:
    """Return the heights of the full blocks that cover links start+1 to end, from left to right.

    A block of height h covers 2**h links and begins at a multiple of that, so there is only one way to do it.
    """
    heights = []
    while start < end:
        height = (start & -start).bit_length() - 1 if start else end.bit_length()
        while start + (1 << height) > end:
            height -= 1
        heights.append(height)
        start += 1 << height
    return heights


class Tree:
    """The blocks over links start+1 to end; it grows link by link or by blocks of somebody else."""

    def __init__(self, start: int = 0) -> None:
        self._start, self.end = start, start
        self._blocks: list[tuple[int, int, bytes]] = []  # where it begins, height, hash

    @classmethod
    def of(cls, blocks: Sequence[bytes], *, start: int = 0, end: int) -> "Tree":
        """Return the tree of these blocks; raises GrowthWrong."""
        tree = cls(start)
        tree.join(blocks, end=end)
        return tree

    def add(self, link: bytes) -> None:
        """Add the next link."""
        self._push(0, hashlib.sha256(_LEAF + link).digest())

    def join(self, blocks: Sequence[bytes], *, end: int) -> None:
        """Add blocks over the links up to `end`, as `blocks` of a tree that began where this one ends.

        Raises:
            GrowthWrong: too few, too many or of a wrong size; nothing was added.
        """
        heights = spans(self.end, end)
        if end < self.end or len(heights) != len(blocks) or any(len(one) != HASH_BYTES for one in blocks):
            raise GrowthWrong(f"These blocks do not cover links {self.end + 1} to {end}.")
        for height, block in zip(heights, blocks, strict=True):
            self._push(height, block)

    def blocks(self) -> list[bytes]:
        """Return the hashes of the blocks, from left to right: about one for each doubling of the links."""
        return [block for _, _, block in self._blocks]

    def root(self) -> bytes:
        """Return the hash over everything; of a tree that did not begin at the first link it means nothing."""
        return _folded(block for _, _, block in reversed(self._blocks))

    def _push(self, height: int, block: bytes) -> None:
        self._blocks.append((self.end, height, block))
        self.end += 1 << height
        while len(self._blocks) > 1 and self._are_one(*self._blocks[-2:]):
            right, left = self._blocks.pop(), self._blocks.pop()
            self._blocks.append((left[0], left[1] + 1, _joined(left[2], right[2])))

    @staticmethod
    def _are_one(left: tuple[int, int, bytes], right: tuple[int, int, bytes]) -> bool:
        """Test whether two neighbours are the halves of a full block."""
        return left[1] == right[1] and left[0] % (1 << (left[1] + 1)) == 0


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _folded(from_right: Iterable[bytes]) -> bytes:
    result = b""
    for block in from_right:
        result = _joined(block, result) if result else block
    return result or EMPTY
