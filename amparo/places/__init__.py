"""Find a place by its code and vintage, or by a name as a child says it.

Reads the packaged lists on first use, never the network or a database. An unknown code or vintage gives None,
never an error: a record written years ago must stay readable.
"""

from amparo.places.countries import LANGUAGES, country_name, country_names
from amparo.places.gazetteer import CURRENT, VINTAGES, Place, describe, find, load, places_csv
from amparo.places.names import search

__all__ = [
    "CURRENT",
    "LANGUAGES",
    "VINTAGES",
    "Place",
    "country_name",
    "country_names",
    "describe",
    "find",
    "load",
    "places_csv",
    "search",
]
