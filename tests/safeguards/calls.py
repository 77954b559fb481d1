"""Read from the code who calls whom, so that a test can say what can be reached without passing a safeguard.

Every mention of a function counts as a call, so the picture has rather too many ways than too few. Names are whole:
`amparo.cases.actions.perform_act`.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Function:
    """One function or method: its code, and the whole names of what it mentions."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    mentions: frozenset[str]

    @property
    def is_public(self) -> bool:
        """Tell whether other rooms may call it."""
        return not any(part.startswith("_") for part in self.name.split(".")[1:])


@cache
def functions() -> Mapping[str, Function]:
    """Return every function of the product, by whole name."""
    found: dict[str, Function] = {}
    for path in sorted((ROOT / "amparo").rglob("*.py")):
        if "migrations" not in path.parts:
            found |= _functions_in(path)
    return found


def reachable(starts: Iterable[str], *, without: Collection[str] = ()) -> frozenset[str]:
    """Return what can be reached from some functions without passing through others."""
    known, seen = functions(), set[str]()
    waiting = [name for name in starts if name in known and name not in without]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [each for each in known[name].mentions if each in known and each not in without]
    return frozenset(seen)


def lines_of(function: Function, name: str) -> list[int]:
    """Return the lines of a function in which it calls another by its last name."""
    calls = (node for node in ast.walk(function.node) if isinstance(node, ast.Call))
    return sorted(call.lineno for call in calls if _last(call.func) == name)


def _functions_in(path: Path) -> dict[str, Function]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = _imported(tree) | {name: f"{module}.{name}" for name in _own(tree)}
    return {
        f"{module}.{name}": Function(f"{module}.{name}", node, frozenset(_mentioned(node, known)))
        for name, node in _defined(tree)
    }


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
            yield from ((f"{node.name}.{method.name}", method) for method in methods)


def _own(tree: ast.Module) -> Iterator[str]:
    yield from (name for name, _ in _defined(tree) if "." not in name)
    yield from (node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for; a folder that passes a name on is followed to where it is made."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("amparo"):
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            found |= {each.asname or each.name: each.name for each in node.names}
    return found


def _mentioned(function: ast.AST, known: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in known:
            yield from _with_methods(known[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{known.get(node.value.id, node.value.id)}.{node.attr}"


def _with_methods(name: str) -> Iterator[str]:
    yield name
    yield f"{name}.__init__"


def _last(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
