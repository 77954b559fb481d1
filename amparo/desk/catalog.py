"""Keep the translations of the desk: extract what pages say, check that no language lacks it, compile.

`python -m amparo.desk.catalog extract|check|compile`. Babel reads and writes; GNU gettext is not needed.
`check` fails on a missing, doubtful or broken translation in any language, on words no page says, and on words said
in a way that extract does not hear.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from amparo.desk.unheard import python_files, unheard_in_code, unheard_in_template

Words = str | tuple[str, ...] | list[str]
DESK = Path(__file__).parent
LOCALE = DESK / "locale"
# The field door speaks to telephones in the same five languages.
OTHER_DOORS = ("field", "api")
LANGUAGES = ("es", "en", "fr", "pt", "ht")
# Nobody who grew up with the language has read these yet; the pages say so.
UNREVIEWED = ("fr", "pt", "ht")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
_BLANK = re.compile(r"%\(\w+\)[sd]")


def _doors() -> list[Path]:
    return [DESK, *(DESK.parent / door for door in OTHER_DOORS)]


def _speaking(door: Path) -> Iterator[Path]:
    yield from door.rglob("*.py")
    yield from (door / "templates").rglob("*.*")


def said() -> Catalog:
    """Return every message that the code and the templates of the desk say."""
    catalog = Catalog(charset="utf-8")
    for path in sorted(path for place in _doors() for path in _speaking(place)):
        for number, message in _messages_of(path):
            catalog.add(message, locations=[(path.relative_to(DESK.parent).as_posix(), number)])
    return catalog


def _messages_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """Read one file; a template is first turned into the code it stands for, as Django does."""
    for number, message, _, _ in extract("python", io.BytesIO(_as_code(path).encode()), keywords=KEYWORDS):
        yield number, message


def _as_code(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    from django.utils.translation import templatize

    code: str = templatize(text, origin=path.name)
    return code


def unheard() -> list[str]:
    """List where words are said in a way that extract does not hear, with file and line."""
    root = DESK.parent
    doors = {path for place in _doors() for path in _speaking(place)}
    found = [
        (path, line, fault)
        for path in python_files(root)
        for line, fault in unheard_in_code(
            path.read_text(encoding="utf-8"), known=KEYWORDS, heard=path in doors
        )
    ]
    found += [
        (path, line, fault)
        for path in sorted(doors)
        if path.suffix != ".py"
        for line, fault in unheard_in_template(_as_code(path))
    ]
    return [f"{path.relative_to(root.parent).as_posix()}:{line} {fault}" for path, line, fault in found]


def catalog_of(language: str) -> Catalog:
    """Read the catalogue of one language; an empty one where there is none yet."""
    path = _po(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def problems_of(language: str) -> list[str]:
    """List what is wrong with one language: missing, doubtful, broken blanks, no longer said."""
    have, wanted = catalog_of(language), said()
    problems = [
        f"{language}: nobody says any more: {_first(m)!r}" for m in have if m.id and m.id not in wanted
    ]
    for message in wanted:
        if message.id:
            problems += [
                f"{language}: {_first(message)!r} {fault}" for fault in _faults(have.get(message.id), message)
            ]
    return problems


def _faults(found: Message | None, message: Message) -> Iterator[str]:
    if found is None or not _all(found.string):
        yield "has no translation"
        return
    if found.fuzzy:
        yield "is doubtful"
    blanks = set(_BLANK.findall(_last(message)))
    if any(set(_BLANK.findall(text)) - blanks for text in _texts(found.string)):
        yield "has a blank that the original has not"
    if not any(blanks <= set(_BLANK.findall(text)) for text in _texts(found.string)):
        yield "has lost a blank"


def extract_all() -> None:
    """Bring each catalogue up to date with what is said; new messages wait for a translation."""
    wanted = said()
    for language in LANGUAGES:
        have = catalog_of(language)
        fresh = Catalog(locale=language, charset="utf-8")
        for message in wanted:
            if message.id:
                fresh.add(message.id, _kept(have, message, language), locations=message.locations)
        write(language, fresh)


def _kept(have: Catalog, message: Message, language: str) -> Words | None:
    """Return the translation there is; English says what the code says."""
    known = have.get(message.id)
    if language == "en":
        return message.id
    return known.string if known else None


def write(language: str, catalog: Catalog) -> None:
    """Write one catalogue; its header holds no name and no hour, so that nothing changes by itself."""
    body = io.BytesIO()
    write_po(body, catalog, width=110, omit_header=True, sort_output=True, include_lineno=False)
    _po(language).parent.mkdir(parents=True, exist_ok=True)
    _po(language).write_text(_header(language, catalog) + body.getvalue().decode(), encoding="utf-8")


def compile_all() -> None:
    """Write the compiled catalogues that the running node reads."""
    for language in LANGUAGES:
        with _po(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog_of(language))


def _header(language: str, catalog: Catalog) -> str:
    state = "Not reviewed by a native specialist." if language in UNREVIEWED else "Written with the pages."
    fields = (
        f"Language: {language}",
        f"Plural-Forms: {catalog.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    head = "".join(f'"{one}\\n"\n' for one in fields)
    return f'# What the desk says, in {language}. {state}\nmsgid ""\nmsgstr ""\n{head}\n'


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _texts(string: Words | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str) or string is None else tuple(string)


def _all(string: Words | None) -> bool:
    return all(_texts(string))


def _first(message: Message) -> str:
    return _texts(message.id)[0]


def _last(message: Message) -> str:
    return _texts(message.id)[-1]


def main(argv: list[str]) -> int:
    """Run one of extract, check, compile; 1 when a check fails, 2 for an unknown word."""
    word = argv[0] if len(argv) == 1 else ""
    if word == "check":
        problems = [*unheard(), *(problem for language in LANGUAGES for problem in problems_of(language))]
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    if word in ("extract", "compile"):
        (extract_all if word == "extract" else compile_all)()
        return 0
    sys.stderr.write("Say extract, check or compile.\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
