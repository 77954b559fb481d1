"""Split a key into three shares on paper, of which any two give it back, and say what is wrong with a share.

A share is 33 words of the standard's list with a check sum; one alone tells nothing. Keeps neither share nor key.
Norm: SLIP-39. Decision: 0022.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORD_INDEX_MAP

SHARES, NEEDED = 3, 2
SHARE_WORDS = 33


class ShareMistyped(Exception):
    """A share has another number of words, a word that is not in the list, or a check sum that does not hold."""


class ShareTwice(Exception):
    """The same share was given twice; another person's is needed."""


class SharesApart(Exception):
    """Two shares were not made together: one belongs to another key."""


@dataclass(frozen=True)
class Split:
    """The shares of one key, and the number that stands in each of them; the number is not secret."""

    shares: tuple[str, ...]
    number: int

    def __repr__(self) -> str:
        return f"Split(number={self.number})"


def split_key(key: bytes) -> Split:
    """Split 32 bytes into three shares of which two are needed."""
    shares = tuple(generate_mnemonics(1, [(NEEDED, SHARES)], key)[0])
    return Split(shares, number_of(shares[0]))


def number_of(share: str) -> int:
    """Return the number that all shares made together have in common; raises ShareMistyped."""
    return int(_read(share).identifier)


def joined_key(shares: Sequence[str]) -> bytes:
    """Return the key that two different shares stand for.

    Raises:
        ShareMistyped: one cannot be read; the message names the word where it can.
        ShareTwice, SharesApart.
    """
    read = [_read(share) for share in shares]
    if len(read) < NEEDED:
        raise SharesApart(f"{NEEDED} shares of different people are needed; this is {len(read)}.")
    if len({share.index for share in read}) < len(read) and len({share.identifier for share in read}) == 1:
        raise ShareTwice("This is the same share twice; the share of another person is needed.")
    try:
        return bytes(combine_mnemonics([share.mnemonic() for share in read]))
    except MnemonicError:
        raise SharesApart("These shares were not made together: one belongs to another key.") from None


def _read(share: str) -> Share:
    words = share.casefold().split()
    for place, word in enumerate(words, start=1):
        if word not in WORD_INDEX_MAP:
            # Words of a share are never repeated back: a message may be logged.
            raise ShareMistyped(f"Word {place} is not in the list of words; look at it again.")
    if len(words) != SHARE_WORDS:
        raise ShareMistyped(f"A share has {SHARE_WORDS} words; this one has {len(words)}.")
    try:
        return Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise ShareMistyped("One word is another word of the list than was written; compare each.") from None
