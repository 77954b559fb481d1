"""Make the facts of invented cases short to write."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from amparo.guide import Evaluation, Guide, load
from amparo.guide.document import DATA
from amparo.guide.reading import read_file

NOON = "2026-03-02T12:00:00-06:00"


@cache
def the_guide() -> Guide:
    return load()


@cache
def examples() -> dict[str, dict[str, Any]]:
    return {path.stem: read_file(path) for path in sorted((DATA / "examples").glob("*.yaml"))}


def ana(**changed: object) -> dict[str, Any]:
    """Return the facts of Ana at first contact, with some answers changed."""
    return {**examples()["01-ana-first-contact"]["facts"], **changed}


def facts(**known: object) -> dict[str, Any]:
    """Return the facts of a child of whom nothing but the given answers is known."""
    return {"on": "2026-03-02", "country": "MX", **known}


def done(*keys: str, at: str = NOON, guide: Guide | None = None) -> dict[str, Any]:
    """Return evidence entries, each by the first role that may attest it."""
    catalogue = (guide or the_guide()).evidence
    return {key: {"done": True, "at": at, "by_role": catalogue[key].attest[0]} for key in keys}


def states(evaluation: Evaluation, *wanted: str) -> list[str]:
    return [status.id for status in evaluation.obligations if status.state in wanted]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def written(folder: Path, text: str, name: str = "overlay.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
