"""Compile an instrument, spreadsheet or text, to the exact bytes that every phone will get.

No database, no network, no clock: the same source gives the same bytes, because phones compare their hash.
Norms: ODK XForms and OpenRosa form list. Decision: instruments are XLSForms compiled by pyxform.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from pyxform.errors import PyXFormError
from pyxform.xls2xform import ConvertResult, convert

from amparo.forms import lint
from amparo.forms.bindings import Bindings, read_bindings
from amparo.forms.defects import Defect, InstrumentRefused, defect_of, in_source
from amparo.forms.media import MediaFile, needed_media
from amparo.forms.text_source import read_text
from amparo.forms.vocabulary import Vocabulary, guide_vocabulary
from amparo.forms.workbook import Language, Row, Workbook, read_spreadsheet

TEXT_SUFFIXES = (".yaml", ".yml")
SPREADSHEET_SUFFIXES = (".xlsx", ".xls")
LANGUAGE_OF_FORM = re.compile(r'<translation(?: default="true\(\)")? lang="([^"]*)"')
TITLE_OF_FORM = re.compile(r"<h:title>([^<]*)</h:title>")


@dataclass(frozen=True, slots=True)
class Compiled:
    """An instrument ready to be stored and served.

    `xform` must never be serialised again: phones know the form by the MD5 of these bytes.
    """

    form_id: str
    version: str
    titles: Mapping[str, str]  # language code → title; "" for a form without languages
    xform: bytes
    sha256: str
    md5: str
    languages: tuple[str, ...]  # as the XForm writes them: "Español (es)"
    unreviewed: tuple[str, ...]  # language codes nobody has reviewed
    bindings: Bindings
    media: tuple[MediaFile, ...]
    warnings: tuple[str, ...]


def compile_instrument(
    content: bytes, *, name: str, own: bool | None = None, vocabulary: Vocabulary | None = None
) -> Compiled:
    """Compile the file `name` with this content; raise InstrumentRefused with every defect found.

    `own`: hold it to the rules of our instruments (default: text sources, which only we write).
    """
    workbook = read_instrument(content, name, own=own)
    defects = lint.structural_defects(workbook)
    if workbook.own:
        defects += lint.own_defects(workbook, vocabulary or guide_vocabulary())
    if defects:
        raise InstrumentRefused(name, defects)
    return _compiled(_with_identity(workbook, content), name)


def read_instrument(content: bytes, name: str, *, own: bool | None = None) -> Workbook:
    """Read a source by the suffix of its name; raise InstrumentRefused when it is not one we know."""
    suffix = PurePath(name).suffix.lower()
    if suffix in TEXT_SUFFIXES:
        workbook = read_text(content, name)
        return workbook if own is None else replace(workbook, own=own)
    if suffix in SPREADSHEET_SUFFIXES:
        return read_spreadsheet(content, name, own=bool(own))
    reason = f"'{suffix or name}' is not a kind of form that can be compiled."
    raise InstrumentRefused(name, [Defect("", 0, "", reason, "Use .xlsx, .xls or .yaml.")])


def _with_identity(workbook: Workbook, content: bytes) -> Workbook:
    """Give a foreign form the id and version it lacks; the version follows from its content."""
    settings: Row = dict(workbook.settings)
    if not settings.get("id_string"):
        settings.setdefault("form_id", re.sub(r"[^A-Za-z0-9_.-]+", "_", workbook.name) or "form")
    settings.setdefault("version", f"sha-{hashlib.sha256(content).hexdigest()[:12]}")
    sheets = {**workbook.sheets, "settings": [settings]}
    return replace(workbook, sheets=sheets, headers={**workbook.headers, "settings": list(settings)})


def _compiled(workbook: Workbook, name: str) -> Compiled:
    warnings: list[str] = []
    made = _convert(workbook, name, warnings)
    xform = made.xform.encode("utf-8")
    languages = tuple(LANGUAGE_OF_FORM.findall(made.xform))
    settings = workbook.settings
    return Compiled(
        form_id=settings.get("id_string") or settings["form_id"],
        version=settings["version"],
        titles=workbook.titles or {"": _title(made.xform)},
        xform=xform,
        sha256=hashlib.sha256(xform).hexdigest(),
        md5=hashlib.md5(xform, usedforsecurity=False).hexdigest(),
        languages=languages,
        unreviewed=_unreviewed(workbook.languages),
        bindings=read_bindings(xform),
        media=needed_media(xform, itemsets=made.itemsets),
        warnings=tuple(warnings),
    )


def _convert(workbook: Workbook, name: str, warnings: list[str]) -> ConvertResult:
    sheets = {sheet: rows for sheet, rows in workbook.sheets.items() if rows}
    headers = {f"{sheet}_header": [dict.fromkeys(workbook.headers.get(sheet, ()))] for sheet in sheets}
    shape = {**sheets, **headers, "sheet_names": list(sheets), "fallback_form_name": workbook.name}
    try:
        return convert(shape, warnings=warnings)
    except PyXFormError as error:
        raise InstrumentRefused(name, [in_source(defect_of(str(error)), workbook.lines)]) from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # On sheets of a shape it does not expect pyxform stumbles with errors of Python itself.
        reason = "The form has a shape that the compiler does not understand."
        todo = "Compare it with the reference template of XLSForm."
        raise InstrumentRefused(name, [Defect("survey", 0, "", reason, todo)]) from error


def _title(xform: str) -> str:
    found = TITLE_OF_FORM.search(xform)
    return found[1] if found else ""


def _unreviewed(languages: Mapping[str, Language]) -> tuple[str, ...]:
    return tuple(code for code, language in languages.items() if not language.reviewed)
