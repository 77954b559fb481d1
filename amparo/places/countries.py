"""Name a country in the five languages of the product.

Reads one packaged file on first use. Codes are ISO 3166 alpha-2; ZZ stands for "another, or not known",
as in the Guide's facts.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("es", "en", "fr", "pt", "ht")


@cache
def country_names() -> Mapping[str, Mapping[str, str]]:
    """Return code → language → name, in the order of the file (by code, ZZ last)."""
    text = files("amparo.places").joinpath("data/countries.csv").read_text(encoding="utf-8")
    names = {row.pop("code"): MappingProxyType(row) for row in csv.DictReader(text.splitlines())}
    return MappingProxyType(names)


def country_name(code: str, language: str = "es") -> str | None:
    """Name a country, in Spanish where the language is not one of ours; None for a code we do not know."""
    names = country_names().get(code)
    return names.get(language, names["es"]) if names else None
