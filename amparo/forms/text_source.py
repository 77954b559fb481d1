"""Read an instrument written as text (YAML), the way our own instruments are kept and reviewed.

Pure: bytes in, sheets of rows out. All scalars are text, so `yes` and `no` stay words. Names that repeat are
a defect,
never silently the last one. The format is described in docs/reference/text-instruments.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import yaml

from amparo.forms.defects import Defect, InstrumentRefused
from amparo.forms.workbook import Language, Row, Workbook
from amparo.places import country_names

TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
CONTAINERS = {"group": ("begin_group", "end_group"), "repeat": ("begin_repeat", "end_repeat")}
LINE = "__line__"
MAX_BYTES = 2_000_000


class _Reader(yaml.BaseLoader):
    """YAML where each mapping knows its line, and repeated keys and aliases are refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[Any, Any]:
        seen: dict[Any, Any] = {LINE: node.start_mark.line + 1}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=deep)
            if not isinstance(key, str) or key in seen:
                raise _Repeated(str(key), key_node.start_mark.line + 1)
            seen[key] = self.construct_object(value_node, deep=deep)
        return seen

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)


class _Repeated(Exception):
    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line


class _Misshapen(Exception):
    def __init__(self, line: int, column: str, reason: str) -> None:
        self.line, self.column, self.reason = line, column, reason


_Reader.add_constructor("tag:yaml.org,2002:map", _Reader.construct_mapping)


@dataclass(slots=True)
class _Sheet:
    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, row: Row, line: int) -> None:
        self.rows.append(row)
        self.lines.append(line)


def read_text(content: bytes, name: str) -> Workbook:
    """Read a text instrument; raise InstrumentRefused with the line for anything that is not one."""
    source = _parsed(content, name)
    try:
        languages = _languages(source)
        titles = {code: text for code, text in source["settings"]["title"].items() if code != LINE}
        sheets = {
            "survey": _survey(source["survey"], languages),
            "choices": _choices(source.get("choices", {}), languages),
            "entities": _plain(source.get("entities", [])),
            "settings": _settings(source["settings"], languages),
        }
    except _Misshapen as error:
        defect = Defect(
            "survey", error.line, error.column, error.reason, "Write it as the other questions are."
        )
        raise InstrumentRefused(name, [defect]) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InstrumentRefused(name, [_shape_defect(error)]) from error
    _announce_unreviewed(sheets["survey"].rows, languages)
    return Workbook(
        PurePath(name).stem,
        {sheet: built.rows for sheet, built in sheets.items()},
        own=True,
        headers={sheet: _headers(built.rows) for sheet, built in sheets.items()},
        lines={sheet: built.lines for sheet, built in sheets.items()},
        languages=languages,
        titles={code: _with_notice(text, languages.get(code)) for code, text in titles.items()},
    )


def _parsed(content: bytes, name: str) -> Mapping[str, Any]:
    if len(content) > MAX_BYTES:
        raise InstrumentRefused(name, [Defect("", 0, "", "The file is too large.", "Split the instrument.")])
    try:
        source = yaml.load(content.decode("utf-8"), _Reader)  # noqa: S506 - a BaseLoader makes only text
    except _Repeated as twice:
        reason = f"The name '{twice.key}' is written twice in the same place."
        raise InstrumentRefused(
            name, [Defect("", twice.line, "name", reason, "Remove or rename one.")]
        ) from twice
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"Not readable as YAML: {error.problem or 'unknown reason'}."
        raise InstrumentRefused(
            name, [Defect("", line, "", what, "Check quotes, indents and colons.")]
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        raise InstrumentRefused(
            name, [Defect("", 0, "", "Not a YAML text in UTF-8.", "Save it so.")]
        ) from error
    if not isinstance(source, dict):
        raise InstrumentRefused(name, [_shape_defect(None)])
    return source


def _shape_defect(error: Exception | None) -> Defect:
    missing = f" Missing or misplaced: {error}." if isinstance(error, KeyError) else ""
    reason = f"The file needs settings, languages and survey as lists and maps.{missing}"
    return Defect("", 0, "", reason, "Compare it with an instrument that compiles.")


def _languages(source: Mapping[str, Any]) -> dict[str, Language]:
    return {
        code: Language(code, one["name"], one.get("reviewed") == "true", one.get("notice", ""))
        for code, one in source["languages"].items()
        if code != LINE
    }


def _survey(entries: Sequence[Mapping[str, Any]], languages: Mapping[str, Language]) -> _Sheet:
    sheet = _Sheet()
    for line, row in _survey_rows(entries, languages):
        sheet.add(row, line)
    return sheet


def _survey_rows(
    entries: Sequence[Mapping[str, Any]], languages: Mapping[str, Language]
) -> Iterator[tuple[int, Row]]:
    for entry in entries:
        _require_shape(entry)
        begin, end = CONTAINERS.get(entry["type"], (entry["type"], ""))
        yield entry[LINE], {**_row(entry, languages), "type": begin}
        if end:
            yield from _survey_rows(entry["children"], languages)
            yield entry[LINE], {"type": end, "name": entry["name"]}


def _require_shape(entry: Mapping[str, Any]) -> None:
    """Raise _Misshapen with the line for a question that lacks its type or name, or whose words are no map."""
    for column in ("type", "name"):
        if not isinstance(entry.get(column), str):
            raise _Misshapen(entry[LINE], column, f"A question without a {column}.")
    for column in TRANSLATED:
        if not isinstance(entry.get(column, {}), dict):
            raise _Misshapen(
                entry[LINE], column, f"The {column} of '{entry['name']}' is not a map of languages."
            )
    if entry["type"] in CONTAINERS and not isinstance(entry.get("children"), list):
        raise _Misshapen(entry[LINE], "children", f"'{entry['name']}' has no list of children.")


def _row(entry: Mapping[str, Any], languages: Mapping[str, Language]) -> Row:
    row: Row = {}
    for key, value in entry.items():
        if key in TRANSLATED:
            row |= _translated(key, value, languages)
        elif key not in (LINE, "children"):
            row[key] = str(value)
    return row


def _translated(column: str, texts: Mapping[str, str], languages: Mapping[str, Language]) -> Row:
    pairs = ((languages[code].column, text) for code, text in texts.items() if code != LINE)
    return {f"{column}::{suffix}": text for suffix, text in pairs}


def _choices(lists: Mapping[str, Any], languages: Mapping[str, Language]) -> _Sheet:
    sheet = _Sheet()
    for list_name, choices in lists.items():
        if list_name == LINE:
            continue
        named = country_names() if choices == "countries" else choices
        for name, texts in named.items():
            if name != LINE:
                row = {"list_name": list_name, "name": name, **_translated("label", texts, languages)}
                sheet.add(row, texts.get(LINE, lists[LINE]))
    return sheet


def _plain(entries: Sequence[Mapping[str, Any]]) -> _Sheet:
    sheet = _Sheet()
    for entry in entries:
        sheet.add({key: str(value) for key, value in entry.items() if key != LINE}, entry[LINE])
    return sheet


def _settings(settings: Mapping[str, Any], languages: Mapping[str, Language]) -> _Sheet:
    """Build the settings row; the form title is the title in the default language."""
    row = {key: str(value) for key, value in settings.items() if key not in (LINE, "title")}
    spoken = languages[row["default_language"]]
    row |= {"form_title": settings["title"][spoken.code], "default_language": spoken.column}
    sheet = _Sheet()
    sheet.add(row, settings[LINE])
    return sheet


def _announce_unreviewed(survey: Sequence[Row], languages: Mapping[str, Language]) -> None:
    """Put the notice of each unreviewed language before the first note, where its reader sees it."""
    first = next((row for row in survey if row.get("type") == "note"), None)
    for language in languages.values():
        column = f"label::{language.column}"
        if first is not None and first.get(column):
            first[column] = _with_notice(first[column], language)


def _with_notice(text: str, language: Language | None) -> str:
    unreviewed = language is not None and not language.reviewed and language.notice
    return f"[{language.notice}] {text}" if language is not None and unreviewed else text


def _headers(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))
