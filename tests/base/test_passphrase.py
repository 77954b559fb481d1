"""Offer and judge passphrases: what is offered is strong enough, what is weak is told why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.base.passphrase import (
    LEAST_BITS,
    offered_bits,
    offered_passphrase,
    passphrase_refusals,
    plain_passphrase,
)


def test_what_is_offered_has_four_different_words_and_chance_enough() -> None:
    offered = [offered_passphrase() for _ in range(200)]

    assert offered_bits() >= LEAST_BITS
    assert len(set(offered)) == 200
    assert all(len(set(one.split())) == 4 for one in offered)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", ["few-words", "short"]),
        ("contraseña", ["few-words", "short"]),
        ("una sola una sola una sola una sola", ["few-words", "short"]),
        ("el sol la mar", ["short"]),
        ("mariposas amarillas sobrevolando", ["few-words"]),
        ("mesa luna sopa rata", ["short"]),
        ("mariposas amarillas sobre Macondo", []),
    ],
)
def test_a_passphrase_of_ones_own_is_told_what_it_lacks(text: str, because: list[str]) -> None:
    assert passphrase_refusals(text) == because


@given(st.text(max_size=60))
def test_writing_a_passphrase_plainly_twice_changes_nothing(text: str) -> None:
    once = plain_passphrase(text)

    assert plain_passphrase(f"  {once}\n") == plain_passphrase(once)


def test_capitals_blanks_and_the_two_ways_of_writing_an_accent_are_one_passphrase() -> None:
    assert plain_passphrase("  El  Árbol\tverde ") == plain_passphrase("el A\u0301rbol verde".lower())
