"""Offer passphrases that people can say and type, and tell why one of their own is too weak.

Words are made of syllables that Spanish, Portuguese, Haitian Creole and English speakers can all read: no list of
words to license. It keeps no passphrase. Design: security design 3 and 6 (four words, at least 51 bits).
"""

import math
import secrets
import unicodedata

WORDS = 4
LEAST_BITS = 51.0
# A language gives a reader about this much for each letter that she chose herself.
_BITS_OF_A_LETTER = 2.0
_CONSONANTS = ("b", "ch", "d", "f", "g", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "y", "z")
_SYLLABLES = tuple(consonant + vowel for consonant in _CONSONANTS for vowel in "aeiou")
_RUDE = frozenset({"puta", "puto", "kaka", "kuka", "pipi", "kulo", "joto", "fuku", "fode", "pika", "pito"})


def offered_passphrase() -> str:
    """Return four fresh words of two syllables with blanks between, such as `lunocha ...`; 51 bits of chance."""
    words: list[str] = []
    while len(words) < WORDS:
        word = secrets.choice(_SYLLABLES) + secrets.choice(_SYLLABLES)
        if word not in _RUDE and word not in words:
            words.append(word)
    return " ".join(words)


def offered_bits() -> float:
    """Return how many bits of chance `offered_passphrase` has."""
    kinds = len(_SYLLABLES) ** 2 - len(_RUDE)
    return sum(math.log2(kinds - drawn) for drawn in range(WORDS))


def plain_passphrase(text: str) -> str:
    """Return a passphrase the one way it is used: small letters, one blank between words, one form of accents."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def passphrase_refusals(text: str) -> list[str]:
    """Return what is wrong with a passphrase of somebody's own, as codes; one that was offered need not be asked about.

    Codes: `few-words` (fewer than four different ones), `short` (less chance than 51 bits).
    """
    different = set(plain_passphrase(text).split())
    refusals = ["few-words"] if len(different) < WORDS else []
    if sum(len(word) for word in different) * _BITS_OF_A_LETTER < LEAST_BITS:
        refusals.append("short")
    return refusals
