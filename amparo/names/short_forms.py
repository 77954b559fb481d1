"""Know which names are said for which: Pancho for Francisco, Jhon for John. Read from `data/short_forms.csv`.

Used when somebody asks, never when a name is kept: what a child calls herself stays hers. The list holds only forms
that its sources give; each row names its source, the sources stand at the head of the file.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from amparo.names.parts import parts_of


def related_to(part: str) -> frozenset[str]:
    """Return the other names that a part in normal form may stand for or be called, in normal form."""
    return _table().get(part, frozenset())


@cache
def _table() -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = defaultdict(set)
    text = files("amparo.names").joinpath("data/short_forms.csv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, forms, _source = line.split(",")
            (full,) = parts_of(name)
            for form in forms.split():
                (short,) = parts_of(form)
                known[full].add(short)
                known[short].add(full)
    return {name: frozenset(others - {name}) for name, others in known.items()}
