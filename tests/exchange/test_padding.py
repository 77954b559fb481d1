"""Show that filling hides length, costs little, and comes off in one way only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.exchange import padding


@given(st.binary(max_size=6000))
def test_unpad_returns_what_was_padded(content: bytes) -> None:
    assert padding.unpad(padding.pad(content)) == content


@given(st.integers(2048, 2**21))
def test_filling_costs_at_most_twelve_per_cent(length: int) -> None:
    assert length < padding.padded_size(length) <= 1.12 * (length + 1)


@given(st.integers(0, 2**21))
def test_longer_content_never_gets_a_shorter_size(length: int) -> None:
    assert padding.padded_size(length) <= padding.padded_size(length + 1)


def test_sizes_are_few() -> None:
    assert len({padding.padded_size(length) for length in range(65_536)}) == 1 + 5 * 16
    assert {padding.padded_size(length) for length in range(2048)} == {2048}


def test_sizes_are_those_of_padme() -> None:
    # Worked by hand: 2049 is 2^11 + 1, the last 7 of its 11 bits are cleared upwards; and so on.
    assert [padding.padded_size(n - 1) for n in (2049, 9000, 100_000, 1_048_577)] == [
        2176,
        9216,
        100_352,
        1_081_344,
    ]


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        bytes(2048),
        b"a" * 2048,
        b"a\x80" + bytes(2045),
        b"a\x80" + bytes(2047),
        b"a\x80" + bytes(2000) + b"b" + bytes(45),
        b"a\x80" + bytes(2174),
    ],
)
def test_unpad_refuses_every_other_filling(padded: bytes) -> None:
    with pytest.raises(padding.PaddingWrong):
        padding.unpad(padded)
