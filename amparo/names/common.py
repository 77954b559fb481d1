"""Know which sounds are so common that a copied index would show them by their number alone.

Read from `data/common_names.txt`, public lists of the commonest names of the region; no row of this node is counted.
"""

from functools import cache
from importlib.resources import files

from amparo.names.parts import parts_of
from amparo.names.sounds import sound_of

# Over so many words of the index a common sound is spread.
SPREAD = 16


def is_common(sound: str) -> bool:
    """Test whether a sound is that of a name on the public lists."""
    return sound in _sounds()


@cache
def _sounds() -> frozenset[str]:
    text = files("amparo.names").joinpath("data/common_names.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(sound_of(part) for line in lines for part in parts_of(line) if len(part) > 1)
