"""Find the words of the Guide in a reader's language, and say openly which language was found.

Titles and labels live beside the obligations (en, es) and the sources (en); plain words for facts, answers,
actions and roles in `data/translations/XX.yaml`, where a file says whether a native specialist has reviewed it.
"""

from collections.abc import Iterator

from amparo.guide import shape
from amparo.guide.document import DATA, Document, Raw
from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.model import Guide, Language, Text, Texts
from amparo.guide.reading import read_file

KINDS = (
    "obligation",
    "task",
    "evidence",
    "action",
    "role",
    "stage",
    "state",
    "fact",
    "value",
    "proof",
    "source",
    "report",
    "choice",
    "counted",
    "logic",
    "change",
)
_FALLBACK: tuple[Language, ...] = ("es", "en")
_FILE = shape.Record(
    needed={"language": shape.key, "reviewed": shape.flag},
    optional=dict.fromkeys(KINDS, shape.map_of(shape.text)),
)


def text_of(guide: Guide, kind: str, key: str, language: Language) -> Text:
    """Return the text of one thing of the Guide, in `language` or else in Spanish, English or as its key.

    Kinds: obligation, task (`obligation-id/0`), evidence, action, role, stage, state, fact, value
    (`fact/answer`), proof, source (its title; `source-id/short` where that is long), report (headings of
    printed answers), choice and counted (our choices, what an indicator counts: both by their
    English words), logic (words of conditions), change (words of differences).
    """
    return text_in(guide.texts, kind, key, language)


def text_in(texts: Texts, kind: str, key: str, language: Language) -> Text:
    """Return the text of one thing out of the texts of a Guide, as `text_of` does."""
    # Answers such as yes, no and unknown read alike for every fact: they stand once, as `any/yes`.
    alike = "any/" + key.partition("/")[2] if kind == "value" else key
    for candidate in (language, *_FALLBACK):
        spoken = texts.get(candidate, {})
        found = spoken.get((kind, key)) or spoken.get((kind, alike))
        if found is not None:
            return found
    return Text(key, "", reviewed=False)


def languages_of(guide: Guide) -> tuple[Language, ...]:
    """Return the languages the Guide has any text in, sorted."""
    return tuple(sorted(guide.texts))


def read_texts(document: Document) -> Texts:
    """Gather the words beside the obligations and in the translation files; GuideFaulty if one is wrong."""
    found: dict[Language, dict[tuple[str, str], Text]] = {}
    for path in sorted((DATA / "translations").glob("*.yaml")):
        raw = read_file(path)
        problems = _FILE(raw, path.name)
        if not problems and raw["language"] != path.stem:
            problems = [Problem(f"{path.name}: language", "must be the name of the file")]
        if problems:
            raise GuideFaulty(problems)
        found.setdefault(path.stem, {}).update(_from_file(raw))
    for kind, key, words in _inline(document):
        for language, text in words.items():
            found.setdefault(language, {}).setdefault((kind, key), Text(text, language, _reviewed(language)))
    return found


def _from_file(raw: Raw) -> dict[tuple[str, str], Text]:
    texts = ((kind, key, text) for kind in KINDS for key, text in raw.get(kind, {}).items())
    return {(kind, key): Text(text, raw["language"], raw["reviewed"]) for kind, key, text in texts}


def _inline(document: Document) -> Iterator[tuple[str, str, dict[Language, str]]]:
    for key, raw in document.obligations.items():
        yield "obligation", key, raw["title"]
        for at, words in enumerate(raw["tasks"]):
            yield "task", f"{key}/{at}", words
    for key, raw in document.evidence.items():
        yield "evidence", key, raw["label"]
    for key, raw in document.sources.items():
        yield "source", key, {"en": raw["title"]}


def _reviewed(language: Language) -> bool:
    # The Guide's README: English was written with the sources; Spanish still needs a native specialist.
    return language == "en"
