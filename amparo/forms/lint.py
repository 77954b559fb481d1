"""Refuse an instrument that would fail a child: untranslated, unbound, with answers the Guide cannot read.

Pure. `structural_defects` holds for every form; `own_defects` only for the instruments we write.
"""

from collections.abc import Iterator, Mapping, Sequence

from amparo.forms.bindings import Property, child_properties
from amparo.forms.defects import Defect
from amparo.forms.text_source import TRANSLATED
from amparo.forms.vocabulary import Vocabulary
from amparo.forms.workbook import Row, Workbook

REQUIRED_LANGUAGES = ("es", "en", "fr", "pt", "ht")
# These rows are never shown, so they need no words.
SILENT = frozenset(
    [
        "calculate",
        "hidden",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "phonenumber",
        "email",
        "simserial",
        "subscriberid",
        "audit",
        "start-geopoint",
        "background-audio",
        "csv-external",
        "xml-external",
        "end_group",
        "end_repeat",
    ]
)
DASHES = frozenset("-–—")
VERSION_CHARACTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz.-")


def structural_defects(workbook: Workbook) -> list[Defect]:
    """Return what no form engine should accept, every occurrence and not only the first."""
    allowed = workbook.settings.get("allow_choice_duplicates", "").strip().lower() in ("yes", "true")
    return [] if allowed else list(_repeated_choices(workbook))


def own_defects(workbook: Workbook, vocabulary: Vocabulary) -> list[Defect]:
    """Return every breach of our own rules: version, words in each language, bindings, answers."""
    return [
        *_settings_defects(workbook),
        *_unreviewed_without_notice(workbook),
        *_words_defects(workbook, "survey"),
        *_words_defects(workbook, "choices"),
        *_binding_defects(workbook, vocabulary),
    ]


def version_defects(form_id: str, version: str, sha256: str, released: Mapping[str, str]) -> list[Defect]:
    """Return a defect when a released version (version → SHA-256 of the form) now has other content."""
    if released.get(version, sha256) == sha256:
        return []
    reason = f"Version {version} of {form_id} was released with other content."
    return [Defect("settings", 0, "version", reason, "Give the changed form a new version.")]


def _repeated_choices(workbook: Workbook) -> Iterator[Defect]:
    first: dict[tuple[str, str], int] = {}
    for number, row in workbook.rows("choices"):
        list_name, name = _cell(row, "list_name", "list name"), _cell(row, "name", "value")
        if not list_name or not name:
            continue
        earlier = first.setdefault((list_name, name), number)
        if earlier != number:
            reason = f"The choice name '{name}' is already used in row {earlier} of the list '{list_name}'."
            todo = "Give each choice of a list its own name, or set allow_choice_duplicates to yes."
            yield Defect("choices", number, "name", reason, todo)


def _cell(row: Row, *columns: str) -> str:
    plain = {key.strip().lower(): value for key, value in row.items()}
    return next((plain[column].strip() for column in columns if plain.get(column)), "")


def _settings_defects(workbook: Workbook) -> Iterator[Defect]:
    settings = workbook.settings
    row = next((number for number, _ in workbook.rows("settings")), 0)
    if not settings.get("form_id"):
        yield Defect("settings", row, "form_id", "The form has no id.", "Write a form_id.")
    version = settings.get("version", "")
    if not version or not set(version.lower()) <= VERSION_CHARACTERS:
        reason = "The form has no version, or one with odd characters."
        yield Defect("settings", row, "version", reason, "Write a version such as 2026112101.")
    for code in REQUIRED_LANGUAGES:
        if workbook.titles and not workbook.titles.get(code, "").strip():
            yield Defect("settings", row, "title", f"The title is missing in '{code}'.", "Write it.")


def _unreviewed_without_notice(workbook: Workbook) -> Iterator[Defect]:
    for language in workbook.languages.values():
        if not language.reviewed and not language.notice:
            reason = f"'{language.code}' is not reviewed and has no notice that says so."
            yield Defect("languages", 0, "notice", reason, "Write the notice in that language.")


def _words_defects(workbook: Workbook, sheet: str) -> Iterator[Defect]:
    for number, row in workbook.rows(sheet):
        for column in TRANSLATED:
            if _must_have(row, column, sheet):
                yield from _missing_words(sheet, number, column, row)


def _must_have(row: Row, column: str, sheet: str) -> bool:
    if any(key.split("::")[0] == column for key in row):
        return True
    silent = _type_of(row) in SILENT or (_type_of(row) == "begin_repeat" and "repeat_count" in row)
    shown = sheet == "choices" or not silent
    # A group without a label is drawn without a heading, which is a fair choice.
    return column == "label" and shown and _type_of(row) != "begin_group" and bool(_cell(row, "name"))


def _type_of(row: Row) -> str:
    return (
        _cell(row, "type").replace(" ", "_")
        if _cell(row, "type").startswith(("begin", "end "))
        else _cell(row, "type")
    )


def _missing_words(sheet: str, number: int, column: str, row: Row) -> Iterator[Defect]:
    said = {_language_of(key): text for key, text in row.items() if key.split("::")[0] == column}
    for code in REQUIRED_LANGUAGES:
        text = said.get(code, "").strip()
        if text and not set(text) <= DASHES:
            continue
        reason = f"The {column} of '{_cell(row, 'name')}' is {'a dash' if text else 'missing'} in '{code}'."
        yield Defect(sheet, number, f"{column}::{code}", reason, "Write it in that language.")


def _language_of(column: str) -> str:
    return column.rpartition("(")[2].rstrip(") ") if column.endswith(")") else ""


def _binding_defects(workbook: Workbook, vocabulary: Vocabulary) -> Iterator[Defect]:
    choices = _choices_by_list(workbook)
    for number, row in workbook.rows("survey"):
        saved = _cell(row, "save_to")
        if not saved:
            continue
        known = child_properties().get(saved)
        if known is None or (known.kind == "fact" and not vocabulary.knows(known.fact)):
            reason = f"'{saved}' is neither a fact of the Guide nor a declared property of a child."
            yield Defect(
                "survey", number, "save_to", reason, "Use a declared name, or declare it in properties.yaml."
            )
        elif row["type"].startswith("select_"):
            yield from _unknown_answers(row, known, choices, vocabulary)


def _choices_by_list(workbook: Workbook) -> Mapping[str, Sequence[tuple[int, str]]]:
    lists: dict[str, list[tuple[int, str]]] = {}
    for number, row in workbook.rows("choices"):
        lists.setdefault(_cell(row, "list_name", "list name"), []).append((number, _cell(row, "name")))
    return lists


def _unknown_answers(
    row: Row, saved: Property, choices: Mapping[str, Sequence[tuple[int, str]]], vocabulary: Vocabulary
) -> Iterator[Defect]:
    allowed = _answers_of(saved, vocabulary)
    if allowed is None:
        return
    list_name = row["type"].split()[1]
    for number, name in choices.get(list_name, ()):
        if name not in allowed and name != saved.empty:
            reason = f"'{name}' in the list '{list_name}' is no answer that '{saved.name}' can hold."
            yield Defect("choices", number, "name", reason, f"Use one of: {', '.join(sorted(allowed)[:12])}.")


def _answers_of(saved: Property, vocabulary: Vocabulary) -> frozenset[str] | None:
    if saved.kind == "evidence":
        return frozenset(vocabulary.evidence)
    return vocabulary.values_of(saved.fact) if saved.kind == "fact" else None
