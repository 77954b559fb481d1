"""Keep the house small: no function over 60 lines, no file over 400 (STYLE section 4). `python -m tests.sizes`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST_FUNCTION, LONGEST_FILE = 60, 400
FOLDERS = ("amparo", "tests", "bench")
TYPES = ("*.py", "*.ts", "*.vue", "*.mjs")


def too_long(root: Path = ROOT) -> list[str]:
    """Return every function and file over the limit, with its place and its size in lines."""
    return [complaint for path in _sources(root) for complaint in _complaints(path, root)]


def _sources(root: Path) -> Iterator[Path]:
    for folder in (*FOLDERS, "web"):
        for kind in TYPES:
            found = (root / folder).rglob(kind)
            yield from (
                path for path in found if not {"migrations", "node_modules", "static"} & set(path.parts)
            )


def _complaints(path: Path, root: Path) -> Iterator[str]:
    text, place = path.read_text(encoding="utf-8"), path.relative_to(root)
    if (lines := text.count("\n")) > LONGEST_FILE:
        yield f"{place}: {lines} lines"
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield f"{place}:{node.lineno} {node.name}: {length} lines"


if __name__ == "__main__":
    found = too_long()
    sys.stdout.write("".join(f"{one}\n" for one in found) or "Sizes: all within the limits.\n")
    sys.exit(bool(found))
