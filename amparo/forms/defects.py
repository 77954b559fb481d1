"""Say what is wrong with an instrument: sheet, row, column, reason and what to do.

Pure. Turns the messages of pyxform into our own defects; never shows a traceback.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

MESSAGE = re.compile(
    r"(?:\[row : (?P<row>\d+)\]\s*)?(?:On the '(?P<sheet>\w+)' sheet, )?(?P<rest>.*)", re.DOTALL
)
COLUMN = re.compile(r"the '(?P<column>[^']+)' value")
LEARN_MORE = re.compile(r"\s*Learn more: \S+")


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing a form author can put right.

    row: the row of the sheet, or the line of a text source; 0 when it concerns the whole sheet.
    """

    sheet: str
    row: int
    column: str
    reason: str
    what_to_do: str

    def __str__(self) -> str:
        known = (("sheet", self.sheet), ("row", self.row or ""), ("column", self.column))
        place = ", ".join(f"{name} {value}" for name, value in known if value)
        return f"{place}: {self.reason} {self.what_to_do}".removeprefix(": ")


class InstrumentRefused(Exception):
    """An instrument cannot be used as it is; `defects` says why, place by place."""

    def __init__(self, name: str, defects: Sequence[Defect]) -> None:
        self.name = name
        self.defects = tuple(defects)
        super().__init__("\n".join(f"{name}: {defect}" for defect in self.defects))


def defect_of(message: str) -> Defect:
    """Read sheet, row and column out of a message of pyxform; what cannot be read stays empty."""
    first = LEARN_MORE.sub("", message.strip().split("\n[row")[0])
    found = MESSAGE.fullmatch(first)
    assert found is not None  # noqa: S101 - every part of the pattern may be empty
    column = COLUMN.search(first)
    reason = found["rest"].strip() or "The form cannot be read."
    return Defect(
        sheet=found["sheet"] or _sheet_named_in(first),
        row=int(found["row"] or 0),
        column=column["column"] if column else "",
        reason=reason[0].upper() + reason[1:],
        what_to_do="Correct this cell and compile again."
        if found["row"]
        else "Correct the form and compile again.",
    )


def _sheet_named_in(message: str) -> str:
    return next((one for one in ("survey", "choices", "settings", "entities") if one in message.lower()), "")


def in_source(defect: Defect, lines: Mapping[str, Sequence[int]]) -> Defect:
    """Move a defect from the row of the built sheet to the line where the author wrote it."""
    known = lines.get(defect.sheet, ())
    position = defect.row - 2
    return replace(defect, row=known[position]) if 0 <= position < len(known) else defect
