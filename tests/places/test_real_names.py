"""Search with the names of real places as people write them, accents and all (GeoNames), in the official codes."""

import csv
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from amparo import places

GEONAMES = Path(__file__).parent / "data" / "geonames.csv"
EVERY = 3  # a search reads the whole gazetteer: a third of the names says enough


def plain(text: str) -> str:
    """The letters of a name without accents, small; written here apart from the code under test."""
    marks = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in marks if not unicodedata.combining(letter)).lower().strip()


@cache
def written_in(country: str) -> tuple[str, ...]:
    """Names of GeoNames that are also names of official units of a country, some with accents the codes lack."""
    official = {plain(one.name) for one in places.load().values() if one.country == country}
    with GEONAMES.open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file) if row["country"] == country}
    return tuple(sorted(name for name in names if plain(name) in official))[::EVERY]


@pytest.mark.parametrize("country", ["HN", "GT", "SV"])
def test_a_place_is_found_by_the_name_as_people_write_it(country: str) -> None:
    missed = []
    for name in written_in(country):
        found = places.search(name, country=country)
        if plain(name) not in [plain(one.name) for one in found]:
            missed.append(name)

    assert len(written_in(country)) > 3  # El Salvador merged most of its municipalities in 2024
    assert missed == []


def test_among_them_are_names_whose_accents_the_codes_have_lost() -> None:
    accented = [
        name for country in ("HN", "GT", "SV") for name in written_in(country) if plain(name) != name.lower()
    ]

    assert len(accented) > 20
