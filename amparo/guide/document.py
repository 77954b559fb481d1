"""Gather the files of a Guide into one plain document: the shape before it means anything.

Reads a folder like `data/` (one file per stage) or one single file that holds everything. No evaluation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from amparo.guide import shape
from amparo.guide.errors import Faulty, GuideFaulty, Problem
from amparo.guide.placing import lines_of
from amparo.guide.reading import is_folder, read_file

DATA = Path(__file__).parent / "data"
Raw = dict[str, Any]
_SECTIONS = ("guide", "vocabulary", "evidence", "sources")
_SCHEMA = "facts.schema.json"


@dataclass(frozen=True)
class Document:
    """A Guide as plain values, checked for shape.

    `places` says from which file an obligation came, `files` where the lines of a problem can be found.
    """

    guide: Raw
    vocabulary: Raw
    obligations: dict[str, Raw]
    evidence: dict[str, Raw]
    sources: dict[str, Raw]
    schema: Raw
    places: dict[str, str] = field(default_factory=dict)
    country: str | None = None
    overlay: str | None = None
    authorities: dict[str, Raw] = field(default_factory=dict)
    coming_of_age_horizon: str | None = None
    on_call: Raw | None = None
    unverified: tuple[Raw, ...] = ()
    files: tuple[Path, ...] = ()


def read_document(path: Path = DATA) -> Document:
    """Read and check a Guide's files; GuideFaulty naming every place that is wrong, in every file."""
    files = _files(path)
    with lines_of(*files):
        return _read_folder(path, files) if is_folder(path) else _read_whole(path, files)


@cache
def region() -> Document:
    """Return the regional Guide that comes with the product, read once per process."""
    return read_document(DATA)


def _files(path: Path) -> tuple[Path, ...]:
    if not is_folder(path):
        return (path, DATA / _SCHEMA)
    stages = sorted((path / "obligations").glob("*.yaml"))
    return (*(path / f"{name}.yaml" for name in _SECTIONS), *stages, path / _SCHEMA)


def _read_folder(path: Path, files: tuple[Path, ...]) -> Document:
    found: dict[Path, Any] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            found[file] = read_file(file)
        except Faulty as fault:
            problems += fault.problems
    for name in _SECTIONS:
        file = path / f"{name}.yaml"
        if file in found and not _is_section(found[file], name):
            problems.append(Problem(file.name, "must hold one mapping named {name}", name=name))
    if problems:
        raise GuideFaulty(problems)
    parts = {name: found[path / f"{name}.yaml"][name] for name in _SECTIONS}
    stages = {file.name: found[file] for file in files if file.parent != path}
    return _document(parts, stages, found[path / _SCHEMA], files)


def _is_section(raw: object, name: str) -> bool:
    return isinstance(raw, dict) and set(raw) == {name} and isinstance(raw[name], dict)


def _read_whole(path: Path, files: tuple[Path, ...]) -> Document:
    whole = read_file(path)
    if not isinstance(whole, dict) or not {"guide", "vocabulary", "evidence", "obligations"} <= whole.keys():
        raise GuideFaulty([Problem(path.name, "must hold guide, vocabulary, obligations and evidence")])
    whole.setdefault("sources", region().sources)
    return _document(whole, {path.name: whole}, read_file(DATA / _SCHEMA), files)


def _document(parts: Raw, stages: Mapping[str, Any], schema: Raw, files: tuple[Path, ...]) -> Document:
    problems = shape.GUIDE(parts["guide"], "guide") + shape.VOCABULARY(parts["vocabulary"], "vocabulary")
    problems += shape.map_of(shape.EVIDENCE, keys=shape.key)(parts["evidence"], "evidence")
    problems += shape.map_of(shape.SOURCE, keys=shape.key)(parts["sources"], "sources")
    problems += shape.facts_schema(schema, _SCHEMA)
    if len(files) > len(_SECTIONS) and not problems:
        problems += _astray(parts["vocabulary"]["stages"], stages)
        stages = {
            name: stages[name] for name in _stage_files(parts["vocabulary"]["stages"]) if name in stages
        }
    obligations: dict[str, Raw] = {}
    places: dict[str, str] = {}
    for name, found in stages.items():
        problems += _collect(name, found, obligations, places)
    if problems:
        raise GuideFaulty(problems)
    sections = {name: parts[name] for name in _SECTIONS}
    return Document(**sections, obligations=obligations, schema=schema, places=places, files=files)


def _stage_files(stages: list[str]) -> list[str]:
    return [f"{stage}.yaml" for stage in stages]


def _astray(stages: list[str], found: Mapping[str, Any]) -> list[Problem]:
    """Name the files of stages that are missing, belong to no stage, or hold what belongs to another."""
    wanted = _stage_files(stages)
    problems = [Problem(name, "there is no such file") for name in wanted if name not in found]
    problems += [Problem(name, "is no stage of the vocabulary") for name in found if name not in wanted]
    for name, raw in found.items():
        listed = raw.get("obligations") if isinstance(raw, dict) else None
        for at, one in enumerate(listed if isinstance(listed, list) else ()):
            stage = one.get("stage") if isinstance(one, dict) else None
            if isinstance(stage, str) and stage in stages and f"{stage}.yaml" != name:
                place = f"{name}: obligations[{at}].stage"
                problems.append(Problem(place, "stands in the file of another stage"))
    return problems


def _collect(name: str, found: object, obligations: dict[str, Raw], places: dict[str, str]) -> list[Problem]:
    listed = found.get("obligations") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        return [Problem(name, "must hold a list named obligations")]
    problems = []
    for at, raw in enumerate(listed):
        wrong = shape.OBLIGATION(raw, f"{name}: obligations[{at}]")
        if not wrong and raw["id"] in obligations:
            wrong = [Problem(f"{name}: obligations[{at}].id", "{id} is there already", id=raw["id"])]
        if not wrong:
            obligations[raw["id"]], places[raw["id"]] = raw, name
        problems += wrong
    return problems
