"""Find where words are said in a way that `catalog extract` does not hear, so that they would stay in English unseen.

Extract knows functions by the names in `catalog.KEYWORDS` and reads the folders of the doors only. A function under
another name, one with a context, or words said elsewhere are refused. Reads code and templates, imports none of it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_MODULE = "django.utils.translation"
# Every function of Django that takes words to translate.
_FAMILY = re.compile(r"^u?(n?p?)gettext(_lazy|_noop)?$")
# What a template with a context becomes, as Django turns it into code.
_WITH_CONTEXT = re.compile(r"\bn?pgettext\(")
Known = Mapping[str, object]


def unheard_in_code(text: str, *, known: Known, heard: bool) -> Iterator[tuple[int, str]]:
    """Yield line and fault of every translating function that extract misses; `heard`: extract reads this file."""
    tree = ast.parse(text)
    ours = {alias: name for _, name, alias in _imported(tree)}
    for line, name, alias in _imported(tree):
        if not heard:
            yield line, f"says words with {name}, where extract does not look"
        elif alias not in known or known.get(name, known[alias]) != known[alias]:
            yield line, f"calls {name} by the name {alias}, which extract does not know as such"
    for node in ast.walk(tree):
        yield from _renamed(node, ours)
        if isinstance(node, ast.Attribute) and _FAMILY.match(node.attr) and node.attr not in known:
            yield node.lineno, f"calls {node.attr}, which extract does not know"


def unheard_in_template(code: str) -> Iterator[tuple[int, str]]:
    """Yield line and fault of every word with a context in what a template became as code."""
    for number, line in enumerate(code.splitlines(), start=1):
        if _WITH_CONTEXT.search(line):
            yield number, "gives words a context, which extract does not know"


def python_files(root: Path) -> list[Path]:
    """Return every Python file below a folder, in one order."""
    return sorted(root.rglob("*.py"))


def _imported(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == _MODULE:
            for one in node.names:
                if _FAMILY.match(one.name):
                    yield node.lineno, one.name, one.asname or one.name


def _renamed(node: ast.AST, ours: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Find `say = gettext`: a second name that no import shows."""
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return
    value = node.value
    called = (
        value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    )
    if called in ours or _FAMILY.match(called):
        yield node.lineno, f"gives {ours.get(called, called)} a second name"
