"""Show that a tree of links can only grow, whoever joins it and however it is cut into parts."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.merkle import EMPTY, GrowthWrong, Tree, spans

LINKS = [hashlib.sha256(str(number).encode()).digest() for number in range(80)]
CUTS = st.lists(st.integers(0, len(LINKS)), min_size=2, max_size=2).map(sorted)


def _tree(start: int, end: int, links: list[bytes] = LINKS) -> Tree:
    tree = Tree(start)
    for link in links[start:end]:
        tree.add(link)
    return tree


def _by_definition(links: list[bytes]) -> bytes:
    """The root as RFC 9162 defines it, by recursion."""
    if len(links) == 1:
        return hashlib.sha256(b"\x00" + links[0]).digest()
    half = 1 << ((len(links) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _by_definition(links[:half]) + _by_definition(links[half:])).digest()


def test_a_tree_of_nothing_has_the_root_of_nothing() -> None:
    assert Tree().root() == EMPTY


@given(st.integers(1, len(LINKS)))
def test_the_root_is_that_of_the_standard(count: int) -> None:
    assert _tree(0, count).root() == _by_definition(LINKS[:count])


@given(CUTS)
def test_a_tree_grown_by_blocks_is_the_tree_grown_by_links(cut: list[int]) -> None:
    early, late = cut

    grown = _tree(0, early)
    grown.join(_tree(early, late).blocks(), end=late)

    assert grown.root() == _tree(0, late).root()
    assert len(grown.blocks()) == len(spans(0, late))


@given(CUTS, st.integers(0, len(LINKS) - 1))
def test_a_changed_link_anywhere_gives_another_root(cut: list[int], place: int) -> None:
    late = cut[1]
    changed = [*LINKS[:place], b"\x00" * 32, *LINKS[place + 1 :]]

    forged = _tree(0, late, changed).root()

    assert (forged == _tree(0, late).root()) == (place >= late)


@given(CUTS)
def test_blocks_that_cover_something_else_are_refused(cut: list[int]) -> None:
    early, late = cut
    grown, blocks = _tree(0, early), _tree(early, late).blocks()

    for wrong, end in [([*blocks, b"\x00" * 32], late), (blocks, early - 1), ([b"short"], early + 1)]:
        with pytest.raises(GrowthWrong):
            grown.join(wrong, end=end)

    assert grown.root() == _tree(0, early).root()
