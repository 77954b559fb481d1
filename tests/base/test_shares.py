"""Split and join keys: any two of three, and a clear word for each mistake a person can make with paper."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from amparo.base.shares import ShareMistyped, SharesApart, ShareTwice, joined_key, number_of, split_key

KEY = bytes(range(32))


@settings(max_examples=5)
@given(st.binary(min_size=32, max_size=32))
def test_any_two_shares_give_the_key_back(key: bytes) -> None:
    split = split_key(key)

    assert {joined_key(pair) for pair in combinations(split.shares, 2)} == {key}


def test_all_shares_of_a_key_carry_its_number_and_say_nothing_when_printed() -> None:
    split = split_key(KEY)

    assert {number_of(share) for share in split.shares} == {split.number}
    assert not any(share in repr(split) for share in split.shares)


def test_a_share_is_read_in_any_case_and_over_several_lines() -> None:
    one, two, _ = split_key(KEY).shares

    assert joined_key([one.upper(), two.replace(" ", "\n")]) == KEY


def test_the_same_share_twice_is_said() -> None:
    one, _, _ = split_key(KEY).shares

    with pytest.raises(ShareTwice):
        joined_key([one, one])


def test_shares_of_two_keys_are_said() -> None:
    ours, theirs = split_key(KEY), split_key(KEY[::-1])

    for share in theirs.shares:
        with pytest.raises(SharesApart):
            joined_key([ours.shares[0], share])


def test_a_word_outside_the_list_is_named_by_its_place_and_not_repeated() -> None:
    words = split_key(KEY).shares[0].split()
    words[6] = "secretword"

    with pytest.raises(ShareMistyped, match="Word 7") as said:
        number_of(" ".join(words))

    assert "secretword" not in str(said.value)


def test_every_other_word_of_the_list_in_one_place_is_noticed() -> None:
    words = split_key(KEY).shares[0].split()
    others = [word for word in WORDLIST if word != words[20]]

    for other in others[::40]:
        with pytest.raises(ShareMistyped):
            number_of(" ".join([*words[:20], other, *words[21:]]))


def test_a_share_cut_short_is_said_with_its_number_of_words() -> None:
    words = split_key(KEY).shares[0].split()

    with pytest.raises(ShareMistyped, match="has 32"):
        number_of(" ".join(words[:-1]))


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_shares_are_said_to_be_too_few(count: int) -> None:
    split = split_key(bytes(32))

    with pytest.raises(SharesApart, match=f"2 shares .* this is {count}"):
        joined_key(split.shares[:count])
