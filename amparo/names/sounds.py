"""Say how a part of a name sounds, coarsely enough that the clerks of five language families agree.

One code for all languages, because nobody at a border knows in which one a name was written down. The table below is
read from top to bottom. Where a spelling has two readings (ll of Castillo and of Kelly, ou, final consonants), the
index holds the first and a question asks for both. Norms: ALMG spelling of Mayan languages, official Kreyòl spelling.
"""

import re
from functools import lru_cache

# (what is written, how it sounds): x stands for sh and ch, j for y, ll and soft g, k for c and q.
_RULES: tuple[tuple[str, str], ...] = (
    # Names that clerks write in very many ways.
    (r"^(?:gh?e|ye|je|yei|jei|ya|ja)y?ss?on$", "jason"),
    (r"^m(?:ai|i|ay)(?:k|ch|qu|c)(?:ae|e|o)ll?$", "maikel"),
    (r"^br(?:a|ai|ay|i|y)[iy]?an$", "brian"),
    (r"^x(?=[iy]m)", "j"),
    (r"^x(?=[iy]o)", "s"),
    (r"^xi(?=[aeu])", "si"),
    # French and Kreyòl vowels, Portuguese nasals.
    (r"^chr", "kr"),
    (r"cques$", "k"),
    (r"pt(?=[aeiou])", "t"),
    (r"eau|aux?$|au(?=[bcdfglmnrst])", "o"),
    (r"ao$|oes$", "on"),
    (r"ou|oo", "u"),
    (r"oi|oy(?=[aeiou])", "ua"),
    (r"(?<=[aeiou])ne$", "n"),
    (r"w(?=o)", "r"),
    (r"(?:ai|ei|e|i|y)[nm]m?(?=[bcdfgjklpqrstvxz]|s?t?$)", "en"),
    (r"(?:ea|a)[nm](?=[bcdfgjklpqrstvxz]|s?t?$)", "en"),
    (r"ean", "an"),
    # Consonants.
    (r"t?sch|tch|tx|sh|ch", "x"),
    (r"kh", "k"),
    (r"ph", "f"),
    (r"th", "t"),
    (r"tz|ts", "s"),
    (r"dj|dz", "j"),
    (r"cc(?=[ei])|ks|cs|xs", "x"),
    (r"sc(?=[ei])|c(?=[eiy])|z", "s"),
    (r"qu(?=[eiy])|ck|q|c", "k"),
    (r"gn|nh(?=[aeiou])|n[iy](?=[aeou])", "n"),
    (r"lh", "ll"),
    (r"g[uü](?=[eiy])", "g0"),
    (r"^h?u(?=[aeo])|^gu(?=[ao])|^w", "u"),
    (r"g(?=[eiy])|^j|^[yi](?=[aeou])|(?<=[aeou])i(?=[aeou])|(?<=[aeiou])y(?=[aeou])", "j"),
    (r"0", ""),
    (r"(?<=ba|ca|ga|va|ka|fa)ll(?=[aeo])|ill(?=[aeo])|^ll|ell(?=[aeo](?!$))|ell(?=o$)", "ij"),
    (r"h|j(?=[bcdfgklmnpqrstvxz])", ""),
    (r"[bv]$", "p"),
    (r"v|w(?=[^aeiou])", "b"),
    (r"m(?=[bpfv])|m$", "n"),
    # What is not heard at the end.
    (r"e$", ""),
    (r"(?<=[aeiouyn])(?:r?[sdtx]|st)$|(?<=[aeiouy])r+$", ""),
    # Vowels in three classes, nothing twice.
    (r"[ey]", "i"),
    (r"[ow]", "u"),
    (r"ij", "j"),
    (r"(.)\1+", r"\1"),
)  # fmt: skip
_SOUNDS = tuple((re.compile(written), heard) for written, heard in _RULES)

# Second readings: how else the same letters may have been meant.
_READINGS: tuple[tuple[str, str], ...] = (
    (r"ll", "l"),
    (r"ll", "y"),
    (r"^j", "y"),
    (r"^j", "h"),
    (r"^g(?=[ei])", "h"),
    (r"^h(?=[aeiou])", "j"),
    (r"^ch", "s"),
    (r"x", "ks"),
    (r"x", "s"),
    (r"x", "j"),
    (r"^w", "v"),
    (r"^gu(?=[aeio])", "w"),
    (r"^hu(?=[aeio])", "gu"),
    (r"^s(?=[ktpmnlf])", "es"),
    (r"(?<=[aeiou])r(?=[bcdfgklmnpqstvz])", ""),
    (r"r(?=[aeiou])", "w"),
    (r"k", "g"),
    (r"ito$", "o"),
    (r"ita$", "a"),
    (r"c?ito$", ""),
    (r"c?ita$", ""),
)
_OTHERWISE = tuple((re.compile(written), meant) for written, meant in _READINGS)


@lru_cache(maxsize=20_000)
def sound_of(part: str) -> str:
    """Return how a part in normal form sounds, in the letters a, b, d, f, g, i, j, k, l, m, n, p, r, s, t, u, x."""
    heard = part
    for written, sound in _SOUNDS:
        heard = written.sub(sound, heard)
    return heard or part


@lru_cache(maxsize=20_000)
def sounds_of(part: str) -> frozenset[str]:
    """Return every way a part may sound: as the index holds it, and by its second readings."""
    readings = {part} | {written.sub(meant, part, count=1) for written, meant in _OTHERWISE}
    return frozenset(sound_of(reading) for reading in readings if len(reading) > 1 or reading == part)
