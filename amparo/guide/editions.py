"""Find the versions of the Guide that are kept here: the region now, each country's overlay, earlier versions.

Earlier versions are frozen files in `data/versions`, never changed again: their digest stands in `index.yaml`.
They are kept to be compared and read, not to judge a case by; no evaluation.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from amparo.guide.document import DATA, Document, Raw, region
from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.overlay import lay_over, read_overlay
from amparo.guide.reading import read_file

VERSIONS = DATA / "versions"
REGION = "region"


@dataclass(frozen=True, eq=False)
class Edition:
    """One version of the Guide: its name in addresses, its document, and since when it is kept where it is frozen.

    `overlay` is what a country's file says, as plain values; None for the region.
    """

    name: str
    version: str
    status: str
    document: Document
    country: str | None = None
    published: date | None = None
    overlay: Raw | None = None

    @property
    def frozen(self) -> bool:
        """Tell whether this is an earlier version, kept as it was."""
        return self.published is not None


@cache
def editions() -> tuple[Edition, ...]:
    """Return the region, the countries in the order of their codes, then earlier versions, newest first."""
    now = region()
    head = Edition(REGION, now.guide["version"], now.guide["status"], now)
    return (head, *_countries(now), *_kept())


def edition(name: str) -> Edition | None:
    """Return the edition of that name: `region`, a country's code or the number of an earlier version."""
    return next((each for each in editions() if each.name == name), None)


def countries() -> tuple[str, ...]:
    """Return the codes of the countries that have an overlay here (ISO 3166 alpha-2)."""
    return tuple(each.country for each in editions() if each.country is not None)


def digest_of(folder: Path) -> str:
    """Return one SHA-256 over names and contents of all files of a version, so that no byte changes unseen."""
    sums = hashlib.sha256()
    for file in sorted(folder.rglob("*.*")):
        sums.update(f"{file.relative_to(folder).as_posix()}\n".encode() + file.read_bytes() + b"\n")
    return sums.hexdigest()


def _countries(now: Document) -> Iterator[Edition]:
    for path in sorted((DATA / "overlays").glob("*.yaml")):
        raw = read_overlay(path)
        head = raw["overlay"]
        document = lay_over(now, raw)
        yield Edition(path.stem, head["version"], head["status"], document, head["country"], overlay=raw)


def _kept() -> Iterator[Edition]:
    for raw in reversed(read_file(VERSIONS / "index.yaml")["versions"]):
        folder = VERSIONS / raw["version"]
        if digest_of(folder) != raw["sha256"]:
            raise GuideFaulty(
                [Problem("versions/index.yaml", "{version} was changed after it was kept", **raw)]
            )
        document = _as_it_was(folder)
        published = date.fromisoformat(raw["published"])
        yield Edition(raw["version"], raw["version"], document.guide["status"], document, published=published)


def _as_it_was(folder: Path) -> Document:
    """Read an earlier version without today's checks: it was checked by the rules of its own time."""
    parts: Raw = {}
    for name in ("guide", "vocabulary", "evidence", "sources"):
        parts |= read_file(folder / f"{name}.yaml")
    stages = [read_file(folder / "obligations" / f"{stage}.yaml") for stage in parts["vocabulary"]["stages"]]
    obligations = {raw["id"]: raw for stage in stages for raw in stage["obligations"]}
    schema = json.loads((folder / "facts.schema.json").read_text(encoding="utf-8"))
    return Document(**parts, obligations=obligations, schema=schema)
