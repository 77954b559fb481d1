"""Cut a name into its parts in normal form: small letters without accents, hyphens, apostrophes and particles.

The order of the parts is kept here; nothing that compares names relies on it.
"""

import re
import unicodedata

# What stands between names and is left out as often as written: Spanish, Portuguese, French.
PARTICLES = frozenset({
    "de", "del", "la", "las", "lo", "los", "el", "y", "e", "da", "das", "do", "dos",
    "di", "du", "des", "le", "les", "al", "von", "van",
})  # fmt: skip
# A name as told may be a whole sentence; nobody has more parts than this.
MOST_PARTS = 10
LONGEST_PART = 30

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u02bb\u00b4`\u02c8]")
# Delacruz and De la Cruz are one name.
_WITH_PARTICLE = re.compile(r"^(?:dela|delos|delas)(?=[a-z]{3})")
_BETWEEN = re.compile(r"[^a-z]+")


def parts_of(name: str) -> tuple[str, ...]:
    """Return the parts of a name, at most ten of thirty letters; a single letter is an initial.

    A name that is nothing but particles keeps them, so that nobody disappears.
    """
    split = (_WITH_PARTICLE.sub("", word) for word in _BETWEEN.split(_plain(name)))
    words = tuple(word[:LONGEST_PART] for word in split if word)
    return (tuple(word for word in words if word not in PARTICLES) or words)[:MOST_PARTS]


def _plain(name: str) -> str:
    """Write a name in the letters a to z; what is no Latin letter is left out."""
    kept = name[:400].casefold().replace("ç", "ss").replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    spread = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", kept))
    return "".join(sign for sign in spread if not unicodedata.combining(sign))
