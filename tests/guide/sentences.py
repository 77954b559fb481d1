"""Collect every sentence in which the code of the Guide says what is wrong, by reading the code.

A sentence is the second value of a Problem (or what a domain error carries to one); it stands in the code as a
literal, or as the value of a name or table of the same file. What is put together otherwise cannot be translated
and is named as astray.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import amparo.guide
import amparo.monitor

FOLDER = Path(amparo.guide.__file__).parent
# Files outside the Guide that say what is wrong with a file of it.
TRYING = [Path(amparo.monitor.__file__).parent / name for name in ("judge.py", "trying.py")]
# Which argument of a call is a sentence; those of _OF_OTHERS are called of something, such as self.
_SAYERS = {
    "Problem": 1,
    "say": 0,
    "_Said": 1,
    "DurationWrong": 0,
    "ConditionNotUnderstood": 0,
    "_fault": 1,
    "_refused": 0,
    "differs": 0,
    "_unlike": 1,
}
_OF_OTHERS = {"_fault", "differs"}
# A sentence handed on from where it was collected.
_HANDED_ON = {"said", "problem", "sentence"}


@dataclass(frozen=True)
class Sentences:
    """English sentence -> where it is used; and the places where none could be found."""

    used: dict[str, str]
    astray: list[str]


def collected(folder: Path = FOLDER) -> Sentences:
    used: dict[str, str] = {}
    astray: list[str] = []
    for path in [*sorted(folder.glob("*.py")), *(TRYING if folder == FOLDER else ())]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = _named(tree)
        for call, argument in _calls(tree):
            found = list(_texts(argument, names))
            place = f"{path.name}:{call.lineno}"
            used.update(dict.fromkeys(found, place))
            if not found and not _is_handed_on(argument):
                astray.append(place)
    return Sentences(used, astray)


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            at = _SAYERS.get(_called(node.func))
            if at is not None and len(node.args) > at:
                yield node, node.args[at]


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(), attr=name) if name in _OF_OTHERS:
            return name
    return ""


def _named(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Return every value each name is given anywhere in the file, also within a loop over a table of pairs."""
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        for target, value in _given(node):
            if isinstance(target, ast.Name):
                names.setdefault(target.id, []).append(value)
    return names


def _given(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.For(target=ast.Tuple(elts=parts), iter=ast.Name() as table):
            yield parts[-1], table


def _texts(node: ast.expr | None, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name):
            for value in names.get(name, ()):
                yield from _texts(value, {k: v for k, v in names.items() if k != name})
        case ast.Dict(values=values) | ast.Tuple(elts=values):
            # In a table of pairs the sentence is the last of each.
            chosen = values if isinstance(node, ast.Dict) or _is_table(values) else values[-1:]
            for value in chosen:
                yield from _texts(value, names)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, names)
            yield from _texts(other, names)
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="get")):
            yield from _texts(table, names)


def _is_table(values: list[ast.expr]) -> bool:
    return all(isinstance(value, ast.Tuple) for value in values)


def _is_handed_on(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in _HANDED_ON
        case ast.Call(func=ast.Name(id="str"), args=[argument]):
            return isinstance(argument, ast.Name | ast.Attribute)
    return False
