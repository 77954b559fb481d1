"""Show that a sealed file opens whole and unchanged, or not at all."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.base import pieces, seal
from amparo.base.pieces import open_pieces, sealed_pieces

PLACE = "attachment:case:submission:file"
KEY = seal.new_key()


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> object:
    """Pieces of 16 bytes, so that a short text has many."""
    usual, pieces.PIECE = pieces.PIECE, 16
    yield
    pieces.PIECE = usual


def _sealed(content: bytes, key: bytes = KEY, place: str = PLACE) -> list[bytes]:
    return list(sealed_pieces(key, io.BytesIO(content), place=place))


def _refused(changed: list[bytes], key: bytes = KEY, place: str = PLACE) -> bool:
    try:
        open_pieces(key, changed, place=place)
    except seal.SealBroken:
        return True
    return False


@given(st.binary(max_size=100))
def test_what_was_sealed_opens_as_it_was(content: bytes) -> None:
    sealed = _sealed(content)

    assert open_pieces(KEY, sealed, place=PLACE).read() == content
    assert len(sealed) == max(1, -(-len(content) // 16))


@settings(max_examples=300)
@given(st.binary(max_size=70), st.data())
def test_any_bit_that_is_changed_is_found(content: bytes, data: st.DataObject) -> None:
    sealed = _sealed(content)
    which = data.draw(st.integers(0, len(sealed) - 1))
    bit = data.draw(st.integers(0, len(sealed[which]) * 8 - 1))

    changed = bytearray(sealed[which])
    changed[bit // 8] ^= 1 << bit % 8

    assert _refused([*sealed[:which], bytes(changed), *sealed[which + 1 :]])


@settings(max_examples=300)
@given(st.binary(min_size=1, max_size=100), st.data())
def test_pieces_that_are_missing_moved_doubled_or_cut_are_found(content: bytes, data: st.DataObject) -> None:
    sealed = _sealed(content)

    chosen = data.draw(st.lists(st.sampled_from(range(len(sealed))), max_size=len(sealed) + 2))
    cut = data.draw(st.integers(1, len(sealed[-1])))

    if chosen != list(range(len(sealed))):
        assert _refused([sealed[one] for one in chosen])
    assert _refused([*sealed[:-1], sealed[-1][:-cut]])


@given(st.binary(max_size=60), st.binary(max_size=60), st.data())
def test_a_piece_of_another_file_is_found_even_under_the_same_key(
    one: bytes, other: bytes, data: st.DataObject
) -> None:
    mine, theirs = _sealed(one), _sealed(other, place="attachment:case:submission:other")
    at = data.draw(st.integers(0, min(len(mine), len(theirs)) - 1))

    assert _refused([*mine[:at], theirs[at], *mine[at + 1 :]])
    assert _refused(theirs)
    assert _refused([*mine, *mine])


@given(st.binary(max_size=60))
def test_another_key_or_another_case_opens_nothing(content: bytes) -> None:
    sealed = _sealed(content)

    assert _refused(sealed, key=seal.new_key())
    assert _refused(sealed, place="attachment:another-case:submission:file")
    assert _refused([])


@given(st.binary(max_size=60))
def test_two_pieces_of_the_same_bytes_never_look_alike(content: bytes) -> None:
    assert _sealed(content) != _sealed(content)
    assert all(piece[:1] == b"\x01" for piece in _sealed(content)), "each begins with the version"
