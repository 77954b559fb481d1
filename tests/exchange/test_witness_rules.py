"""Show that a witness cosigns only a trail that goes on from what it cosigned before, and that such texts hold."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.merkle import Tree
from amparo.base import seal
from amparo.exchange.heads import (
    Cosignature,
    HeadWrong,
    SignedHead,
    make_cosignature,
    make_head,
    read_cosignature,
    read_head,
    read_own_head,
)
from amparo.exchange.witness_rules import NotCosigned, Seen, WitnessCode, continued, is_well_witnessed
from tests.exchange.world import NOW, sign_pair, trust_list

LINKS = [hashlib.sha256(str(number).encode()).digest() for number in range(40)]


def _tree(start: int, end: int, links: list[bytes] = LINKS) -> Tree:
    tree = Tree(start)
    for link in links[start:end]:
        tree.add(link)
    return tree


def _head(number: int, links: list[bytes] = LINKS) -> SignedHead:
    return SignedHead("mx", number, "a" * 64, _tree(0, number, links).root().hex(), NOW)


def _seen(number: int) -> Seen:
    tree = _tree(0, number)
    return Seen(number, tree.root().hex(), tree.blocks()) if number else Seen()


@given(st.integers(0, 39), st.integers(1, 40))
def test_a_trail_that_goes_on_is_cosigned(early: int, more: int) -> None:
    late = min(early + more, 40)

    seen = continued(_seen(early), _head(late), start=early, blocks=_tree(early, late).blocks())

    assert (seen.number, seen.root) == (late, _head(late).root)


@given(st.integers(1, 38), st.data())
def test_a_trail_with_another_past_is_a_fork(early: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, early - 1))
    other = [*LINKS[:place], b"\x00" * 32, *LINKS[place + 1 :]]

    with pytest.raises(NotCosigned) as refused:
        continued(_seen(early), _head(40, other), start=early, blocks=_tree(early, 40, other).blocks())

    assert refused.value.code is WitnessCode.FORKED


@pytest.mark.parametrize(
    ("number", "start", "code"),
    [(10, 20, WitnessCode.REWOUND), (30, 10, WitnessCode.START), (30, 0, WitnessCode.START)],
)
def test_a_trail_that_went_back_or_begins_elsewhere_is_refused(
    number: int, start: int, code: WitnessCode
) -> None:
    with pytest.raises(NotCosigned) as refused:
        continued(_seen(20), _head(number), start=start, blocks=_tree(start, max(start, number)).blocks())

    assert refused.value.code is code


def test_an_empty_trail_is_not_cosigned() -> None:
    with pytest.raises(NotCosigned) as refused:
        continued(Seen(), _head(0), start=0, blocks=[])

    assert refused.value.code is WitnessCode.EMPTY


def test_a_head_is_read_back_and_only_by_the_key_of_its_node() -> None:
    head = _head(7)
    text, forged = make_head(head, sign_pair("mx")), make_head(head, sign_pair("hn"))

    assert read_head(text, trust=trust_list(), now=NOW) == head
    assert read_own_head(text, {sign_pair("mx").id: sign_pair("mx").public}) == head
    with pytest.raises(HeadWrong):
        read_head(forged, trust=trust_list(), now=NOW)
    with pytest.raises(HeadWrong):
        read_own_head(forged, {sign_pair("mx").id: sign_pair("mx").public})


def test_a_cosignature_counts_for_its_witness_and_node_alone() -> None:
    said = Cosignature("hn", "mx", 7, "a" * 64, "b" * 64, NOW)
    text, trust = make_cosignature(said, sign_pair("hn")), trust_list()

    assert read_cosignature(text, node="mx", witness="hn", trust=trust, now=NOW) == said
    for node, witness in (("hn", "hn"), ("mx", "mx")):
        with pytest.raises(HeadWrong):
            read_cosignature(text, node=node, witness=witness, trust=trust, now=NOW)
    with pytest.raises(HeadWrong):
        read_cosignature(
            make_cosignature(said, sign_pair("mx")), node="mx", witness="hn", trust=trust, now=NOW
        )


@pytest.mark.parametrize(
    "change",
    [
        {"number": -1},
        {"number": "7"},
        {"root": "x"},
        {"hash": None},
        {"at": "now"},
        {"node": 1},
        {"former": 1},
    ],
    ids=str,
)
def test_a_signed_text_that_is_no_head_is_refused(change: dict[str, object]) -> None:
    fields: dict[str, object] = {
        "node": "mx", "number": 7, "hash": "a" * 64, "root": "b" * 64, "at": "2026-11-21T10:00:00Z", "former": "",
    }  # fmt: skip
    pair = sign_pair("mx")

    with pytest.raises(HeadWrong):
        read_head(
            seal.sign(pair.private, fields | change, kid=pair.id, typ="amparo-head+1"),
            trust=trust_list(),
            now=NOW,
        )


def test_two_witnesses_are_needed_and_one_of_them_oversees() -> None:
    assert is_well_witnessed(["hn", "region"], ["region"])
    assert not is_well_witnessed(["hn", "gt"], [])
    assert not is_well_witnessed(["region", "region"], ["region"])
