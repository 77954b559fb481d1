"""Refuse a citation by which a country claims that more was read than is on record.

Pure. What is verified can ground a refusal, so it must have been read under that very number: the region says so
itself, or a row of the source carries that reference and a mark that begins with V. Guide: sources.
"""

import re
from collections.abc import Iterator, Mapping

from amparo.guide.document import Document, Raw
from amparo.guide.errors import Problem

_NOT_READ = (
    "{id} {ref} is on no record as read: write verified: false, or, for a source of the country, "
    "a row of its norms with ref: {ref} and a mark that begins with V"
)
_OTHERWISE = "{id} {ref} is cited here by the region already, and may not be cited otherwise"


def unread(region: Document, country: Document) -> Iterator[Problem]:
    """Walk through every citation of the country that claims more than the region, or its own sources, show."""
    known = {_number(cited) for cited in _of_region(region) if cited["verified"]}
    for place, cited in _added(region, country):
        if cited["verified"] and _number(cited) not in known and not _is_read(country, cited):
            yield Problem(place, _NOT_READ, id=cited["id"], ref=cited["ref"])
    for key, raw in region.obligations.items():
        own = {_number(cited) for cited in raw["sources"]}
        for place, cited in _new_in(key, raw["sources"], country.obligations.get(key, raw)["sources"]):
            if _number(cited) in own:
                yield Problem(place, _OTHERWISE, id=cited["id"], ref=cited["ref"])


def _of_region(region: Document) -> Iterator[Raw]:
    for raw in region.obligations.values():
        yield from raw["sources"]


def _added(region: Document, country: Document) -> Iterator[tuple[str, Raw]]:
    """Walk through the citations that only the country makes, each with its place in the file."""
    for key, raw in country.obligations.items():
        yield from _new_in(key, region.obligations.get(key, {}).get("sources", []), raw["sources"])
    for role, authority in country.authorities.items():
        yield from _new_in(f"authorities.{role}", [], authority.get("sources", []))
    yield from _new_in("on_call", [], (country.on_call or {}).get("sources", []))


def _new_in(place: str, old: list[Raw], new: list[Raw]) -> Iterator[tuple[str, Raw]]:
    for at, cited in enumerate(new):
        if cited not in old:
            yield f"{place}.sources[{at}]", cited


def _number(cited: Raw) -> tuple[str, str]:
    return cited["id"], cited["ref"]


def _is_read(country: Document, cited: Raw) -> bool:
    source = country.sources.get(cited["id"])
    if source is None:
        return True  # the check of the merged Guide says that there is no such source
    return any(
        str(row.get("mark", "")).startswith("V") and _stands_for(row, source, cited["ref"])
        for row in source["norms"]
        if isinstance(row, Mapping)
    )


def _stands_for(row: Raw | Mapping[str, str], source: Raw, ref: str) -> bool:
    """Tell whether a row is about this reference; one without a reference is about what the title names."""
    if row.get("ref"):
        return bool(row["ref"] == ref)
    return re.search(rf"(?<!\w){re.escape(ref)}(?!\w)", source["title"]) is not None
