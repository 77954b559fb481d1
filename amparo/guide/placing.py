"""Find the line of every problem in the files it came from: `file:line: key.path`.

Only when something is wrong: files are read a second time, as nodes with lines, so that reading a sound
Guide costs nothing. A path that leads nowhere gets the line of the nearest thing that is there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from amparo.guide.errors import Faulty, Problem
from amparo.guide.reading import compose, read_text


@dataclass(frozen=True)
class Source:
    """One file as nodes; `first` when it lies over the others, as an overlay does."""

    name: str
    root: yaml.Node
    first: bool


@contextmanager
def lines_of(*paths: Path) -> Iterator[None]:
    """Tell every problem raised inside by its line in one of these files; an overlay among them comes first."""
    try:
        yield
    except Faulty as fault:
        sources = [source for path in paths for source in _sources(path)]
        raise type(fault)(located(fault.problems, sources)) from fault


def located(problems: Iterable[Problem], sources: Sequence[Source]) -> list[Problem]:
    """Return the problems with the lines of what they speak of, where a source has it."""
    return [_located(problem, sources) for problem in problems]


def source_of(name: str, text: str) -> list[Source]:
    """Return a text as a source, or nothing where it cannot be read as YAML or JSON."""
    root = compose(text)
    return [] if root is None else [Source(name, root, first=_entry(root, "overlay") is not None)]


def _sources(path: Path) -> list[Source]:
    try:
        return source_of(path.name, read_text(path))
    except Faulty:
        return []  # why it cannot be read is among the problems already


def _located(problem: Problem, sources: Sequence[Source]) -> Problem:
    named = [source for source in sources if problem.place.startswith((f"{source.name}:", f"{source.name}."))]
    rest = problem.place[len(named[0].name) :] if named else problem.place
    known = re.match(r":(\d+)(.*)", rest) if named else None
    if known is not None:
        return _nearer(problem, named[0], int(known[1]), known[2])
    path = rest.removeprefix(":").removeprefix(".").lstrip() if named else rest
    over = [source for source in sources if source.first]
    for source in [*over, *(named or sources)]:
        line = _line(source.root, path)
        if line is not None:
            return problem.moved(f"{source.name}:{line}: {path}")
    return problem


def _nearer(problem: Problem, source: Source, line: int, rest: str) -> Problem:
    """Follow a path that begins at an item on a known line, as `cases.yaml:12.expect.open` does."""
    begins = next((node for node in _items(source.root) if node.start_mark.line + 1 == line), None)
    if not rest.startswith(".") or begins is None:
        return problem
    return problem.moved(f"{source.name}:{_deepest(begins, rest[1:]) or line}: {rest[1:]}")


def _items(root: yaml.Node) -> Iterator[yaml.Node]:
    for _, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if isinstance(value, yaml.SequenceNode):
            yield from value.value


def _line(root: yaml.Node, path: str) -> int | None:
    """Return the line a path leads to, from 1; None when not even its beginning is there."""
    starts = [(root, path)]
    listed = _entry(root, "obligations")
    if listed is not None:
        starts.append((listed[1], path))  # a path may begin with the id of an obligation
    if path.startswith("facts."):
        starts.append((root, path[len("facts.") :]))
    for start, rest in starts:
        line = _deepest(start, rest)
        if line is not None:
            return line
    return None


def _deepest(node: yaml.Node, path: str) -> int | None:
    line = None
    while path:
        step = _step(node, path)
        if step is None:
            return line
        line, node, path = step
    return line


def _step(node: yaml.Node, path: str) -> tuple[int, yaml.Node, str] | None:
    """Go one key or item further: its line, its node, the rest of the path."""
    if isinstance(node, yaml.MappingNode):
        fitting = [(key, value) for key, value in node.value if _begins(path, key.value)]
        if not fitting:
            return None
        key, value = max(fitting, key=lambda pair: len(pair[0].value))
        return key.start_mark.line + 1, value, path[len(key.value) :].removeprefix(".")
    if isinstance(node, yaml.SequenceNode):
        return _item(node, path)
    return None


def _begins(path: str, key: object) -> bool:
    return isinstance(key, str) and path.startswith(key) and path[len(key) : len(key) + 1] in ("", ".", "[")


def _item(node: yaml.SequenceNode, path: str) -> tuple[int, yaml.Node, str] | None:
    number, closed, rest = path[1:].partition("]")
    if path.startswith("[") and closed and number.isdigit() and int(number) < len(node.value):
        item = node.value[int(number)]
        return item.start_mark.line + 1, item, rest.removeprefix(".")
    for item in node.value:
        named = _entry(item, "id")
        if named is not None and _begins(path, named[1].value):
            return item.start_mark.line + 1, item, path[len(named[1].value) :].removeprefix(".")
    return None


def _entry(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in node.value if key.value == name), None)
