"""Read a place from its p-code, in the vintage in which the code was written down.

Pure but for reading the packaged lists once. Codes change owner between vintages, so no function here
guesses the vintage.
Source of the codes and their defects: data/README.md.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from amparo.places.countries import country_name

CURRENT = "2025"
VINTAGES = (CURRENT, "older")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of level 1 (department, state, province) or 2 (municipality, district)."""

    code: str
    name: str
    level: int
    parent: str  # code of the level 1 unit; empty at level 1
    country: str  # ISO 3166 alpha-2
    vintage: str


@cache
def load(vintage: str = CURRENT) -> Mapping[str, Place]:
    """Return code → place for one vintage; empty for a vintage we do not have."""
    if vintage not in VINTAGES:
        return MappingProxyType({})
    text = files("amparo.places").joinpath(f"data/pcodes_{vintage}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return MappingProxyType({row["code"]: _place(row, vintage) for row in rows})


def _place(row: dict[str, str], vintage: str) -> Place:
    return Place(row["code"], row["name"], int(row["level"]), row["parent"], row["country"], vintage)


def find(code: str, vintage: str = CURRENT) -> Place | None:
    """Return the place of a code, or None when this vintage does not know it."""
    return load(vintage).get(code.strip().upper())


def describe(code: str, vintage: str = CURRENT, language: str = "es") -> str | None:
    """Write a place for a reader, smallest first: "Santa Ana, Francisco Morazan, Honduras".

    None for an unknown code; the caller then shows the code itself, which is never lost.
    """
    place = find(code, vintage)
    if place is None:
        return None
    parent = find(place.parent, vintage) if place.parent else None
    parts = [place.name, parent.name if parent else None, country_name(place.country, language)]
    return ", ".join(part for part in parts if part)


@cache
def places_csv(vintage: str = CURRENT) -> bytes:
    """Render a vintage as the list an instrument picks from: name, label, parent, level, country.

    The same bytes each time, because phones compare their hash.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "label", "parent", "level", "country"])
    for place in sorted(load(vintage).values(), key=lambda one: (one.country, one.level, one.name, one.code)):
        writer.writerow([place.code, place.name, place.parent, place.level, place.country])
    return out.getvalue().encode()
