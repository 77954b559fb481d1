"""Read an instrument, spreadsheet or text, into one plain shape: sheets of rows.

No database, no network. A spreadsheet keeps its row numbers; a text source keeps the line of each row, so
that a defect
is shown where its author wrote it.
"""

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from pyxform.errors import PyXFormError, PyXFormReadError
from pyxform.xls2json_backends import get_xlsform

from amparo.forms.defects import Defect, InstrumentRefused, defect_of

SHEETS = ("survey", "choices", "settings", "entities", "external_choices", "osm")
MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of an instrument; `notice` warns the reader while nobody has reviewed the translation."""

    code: str
    name: str
    reviewed: bool
    notice: str = ""

    @property
    def column(self) -> str:
        """The suffix of its columns, as XLSForm writes it: "Français (fr)"."""
        return f"{self.name} ({self.code})"


@dataclass(frozen=True, slots=True)
class Workbook:
    """An instrument as sheets of rows. `own`: written by us, so every rule of ours holds."""

    name: str
    sheets: Mapping[str, Sequence[Row]]
    own: bool
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def rows(self, sheet: str) -> Sequence[tuple[int, Row]]:
        """Return each row with its number in the source; the heading of a spreadsheet is row 1."""
        lines = self.lines.get(sheet)
        return [(lines[at] if lines else at + 2, row) for at, row in enumerate(self.sheets.get(sheet, ()))]

    @property
    def settings(self) -> Row:
        """The one row of settings; empty when there is none."""
        return next(iter(self.sheets.get("settings", ())), {})


def read_spreadsheet(content: bytes, name: str, *, own: bool = False) -> Workbook:
    """Read an XLSX or XLS file; raise InstrumentRefused when it is not one."""
    _refuse_bombs(content, name)
    try:
        with warnings.catch_warnings():
            # What openpyxl says of fonts, headers and extensions is nothing an author of a form can use.
            warnings.filterwarnings("ignore", module="openpyxl")
            read = get_xlsform(io.BytesIO(content), file_type=PurePath(name).suffix.lower())
    except (PyXFormError, PyXFormReadError) as error:
        raise InstrumentRefused(name, [defect_of(str(error))]) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        # The readers of damaged files raise whatever they stumble over.
        raise InstrumentRefused(name, [_unreadable()]) from error
    sheets = {sheet: [dict(row) for row in getattr(read, sheet) or ()] for sheet in SHEETS}
    headers = {
        sheet: [key for row in getattr(read, f"{sheet}_header") or () for key in row] for sheet in SHEETS
    }
    return Workbook(PurePath(name).stem, sheets, own, headers)


def _unreadable() -> Defect:
    return Defect(
        "", 0, "", "The file cannot be read as a spreadsheet.", "Save it again as .xlsx and try once more."
    )


def _refuse_bombs(content: bytes, name: str) -> None:
    too_big = Defect("", 0, "", "The file is too large for a form.", "Remove pictures and unused sheets.")
    if len(content) > MAX_BYTES:
        raise InstrumentRefused(name, [too_big])
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
                raise InstrumentRefused(name, [too_big])
