"""Check the answers to OWASP ASVS 5.0.0 in docs/reference/asvs.csv: whole, honest, and each named test there.

`python -m tests.asvs` prints what is wrong. Answered are chapters 8, 11, 14 and 16 whole, and 2.3.5 and 4.1.5; the
numbers are those of the standard, the words ours. Reads files and runs no test. Norm: OWASP ASVS 5.0.0.
"""

import ast
import csv
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "reference" / "asvs.csv"
ANSWERS = ("met", "partly", "not met", "not applicable")
# How many requirements each section of the answered chapters has in release 5.0.0.
SECTIONS = {
    "8.1": 4, "8.2": 4, "8.3": 3, "8.4": 2,
    "11.1": 4, "11.2": 5, "11.3": 5, "11.4": 4, "11.5": 2, "11.6": 2, "11.7": 2,
    "14.1": 2, "14.2": 8, "14.3": 3,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 4,
}  # fmt: skip
ALONE = ("2.3.5", "4.1.5")
# What shows by itself that something is met: a test, a contract of the build.
SHOWN_BY = ("tests/", ".importlinter")
Line = dict[str, str]


def lines() -> list[Line]:
    """Return the answers as the file has them."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def problems(found: list[Line]) -> list[str]:
    """Return what is wrong with the answers; none means that they are whole and name what exists."""
    ids = [one["id"] for one in found]
    missing = [f"{each} has no answer" for each in _wanted() if each not in ids]
    extra = [f"{each} is no requirement asked here, or twice" for each in ids if ids.count(each) > 1]
    extra += [f"{each} is no requirement asked here" for each in ids if each not in _wanted()]
    return [*missing, *extra, *(f"{one['id']} {fault}" for one in found for fault in _faults(one))]


def _wanted() -> list[str]:
    return [*ALONE, *(f"{name}.{n}" for name, count in SECTIONS.items() for n in range(1, count + 1))]


def _faults(one: Line) -> Iterator[str]:
    shown = one["shown by"].split()
    if one["answer"] not in ANSWERS:
        yield f"is answered {one['answer']!r}; say one of {', '.join(ANSWERS)}"
    if one["answer"] == "met" and not any(each.startswith(SHOWN_BY) for each in shown):
        yield "is met by no test"
    if one["answer"] != "met" and not one["note"]:
        yield f"is {one['answer']} without a reason"
    yield from (f"names {each}, which is not there" for each in shown if not _exists(each))


def _exists(name: str) -> bool:
    path, _, test = name.partition("::")
    file = ROOT / path
    return file.is_file() and (not test or test in _tests_of(file))


@cache
def _tests_of(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def main() -> int:
    """Print what is wrong; 1 when something is."""
    found = lines()
    wrong = problems(found)
    said = ", ".join(f"{sum(one['answer'] == each for one in found)} {each}" for each in ANSWERS)
    sys.stdout.write("".join(f"asvs.csv: {each}\n" for each in wrong) or f"ASVS: {said}.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
