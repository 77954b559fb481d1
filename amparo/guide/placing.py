"""Find the line of every problem in the files it came from: `file:line: key.path`.

Only when something is wrong: files are read a second time, as nodes with lines, so that reading a sound
Guide costs nothing. A path that leads nowhere gets the line of the nearest thing that is there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import yaml

from amparo.guide.errors import Faulty, Problem
from amparo.guide.reading import compose, read_text


@dataclass(frozen=True)
class Source:
    """One file, read as nodes when it is asked; `over` when it lies over the others, as an overlay does."""

    name: str
    text: Callable[[], str]
    over: bool = False

    @cached_property
    def root(self) -> yaml.Node | None:
        """The nodes of the file; None where it cannot be read, which is among the problems already."""
        try:
            return compose(self.text())
        except Faulty:
            return None


@contextmanager
def lines_of(*paths: Path, over: Path | None = None) -> Iterator[None]:
    """Tell every problem raised inside by its line in one of these files; `over` is asked before the others."""
    try:
        yield
    except Faulty as fault:
        sources = [Source(path.name, partial(read_text, path)) for path in paths]
        if over is not None:
            sources.insert(0, Source(over.name, partial(read_text, over), over=True))
        raise type(fault)(located(fault.problems, sources)) from fault


def located(problems: Iterable[Problem], sources: Sequence[Source]) -> list[Problem]:
    """Return the problems with the lines of what they speak of, where a source has it."""
    return [_located(problem, sources) for problem in problems]


def _located(problem: Problem, sources: Sequence[Source]) -> Problem:
    named = [source for source in sources if problem.place.startswith((f"{source.name}:", f"{source.name}."))]
    rest = problem.place[len(named[0].name) :] if named else problem.place
    known = re.match(r":(\d+)(.*)", rest) if named else None
    if known is not None:
        return _nearer(problem, named[0], int(known[1]), known[2])
    path = rest.removeprefix(":").removeprefix(".").lstrip() if named else rest
    over = [source for source in sources if source.over]
    for source in [*over, *(named or sources)] if path else []:
        line = None if source.root is None else _line(source.root, path)
        if line is not None:
            return problem.moved(f"{source.name}:{line}: {path}")
    return problem.moved(f"{named[0].name}: {path}") if named and rest.startswith(".") else problem


def _nearer(problem: Problem, source: Source, line: int, rest: str) -> Problem:
    """Follow a path that begins at an item on a known line, as `cases.yaml:12.expect.open` does."""
    if not rest.startswith("."):
        return problem
    begins = next((node for node in _items(source.root) if node.start_mark.line + 1 == line), None)
    if begins is None:
        return problem
    return problem.moved(f"{source.name}:{_deepest(begins, rest[1:]) or line}: {rest[1:]}")


def _items(root: yaml.Node | None) -> Iterator[yaml.Node]:
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
    return (
        isinstance(key, str) and path.startswith(key) and path[len(key) : len(key) + 1] in ("", ".", "[", " ")
    )


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
