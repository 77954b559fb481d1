"""Say in the reader's language what is wrong: the English sentences of the code, told in others.

The sentences stand in `data/messages/XX.yaml`, each under its English one; what is missing is said in English.
No rule and no evaluation here.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from amparo.guide import shape
from amparo.guide.document import DATA
from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.placing import lines_of
from amparo.guide.reading import read_file

FOLDER = DATA / "messages"
_NAMES = ("kind", "wanted_state", "found_state")  # values that are words such as obligation or open
_FILE = shape.Record(
    needed={
        "language": shape.key,
        "reviewed": shape.flag,
        "sentences": shape.map_of(shape.text),
        "words": shape.map_of(shape.text),
    },
    optional={},
)


def say(sentence: str, language: str, **values: object) -> str:
    """Return an English sentence of the code in another language, its {names} filled in.

    A value of `_NAMES` is a word such as obligation, and told in that language too; so are the labels of the
    lines of a value called `case`.
    """
    told = sentences(language).get(sentence, sentence)
    for name in values.keys() & set(_NAMES):
        values[name] = words(language).get(str(values[name]), values[name])
    if "case" in values:
        values["case"] = "\n".join(_line(each, language) for each in str(values["case"]).split("\n"))
    return told.format_map(values) if values else told


def _line(line: str, language: str) -> str:
    """Tell the label of a line, such as `happened:`; what follows it are names, the same in every language."""
    bare = line.lstrip()
    label, colon, rest = bare.partition(":")
    known = words(language).get(label + colon)
    return line if known is None else line[: len(line) - len(bare)] + known + rest


def told(problem: Problem, language: str) -> str:
    """Return place and reason of one problem in one line."""
    return f"{problem.place}: {say(problem.said, language, **dict(problem.values))}"


def told_all(problems: Iterable[Problem], language: str) -> str:
    """Return every problem in its own line, in the order given."""
    return "\n".join(told(problem, language) for problem in problems)


def languages() -> tuple[str, ...]:
    """Return the languages problems can be told in; English needs no file."""
    return ("en", *sorted(path.stem for path in FOLDER.glob("*.yaml")))


def sentences(language: str) -> Mapping[str, str]:
    """Return English sentence -> sentence in `language`; empty where there is no such language."""
    return _catalogue(language)["sentences"]


def words(language: str) -> Mapping[str, str]:
    """Return English word -> word in `language`; empty where there is no such language."""
    return _catalogue(language)["words"]


@cache
def _catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    if language not in languages() or language == "en":
        return {"sentences": {}, "words": {}}
    path = FOLDER / f"{language}.yaml"
    with lines_of(path):
        raw = read_file(path)
        problems = _FILE(raw, path.name)
        if not problems and raw["language"] != language:
            problems = [Problem(f"{path.name}: language", "must be the name of the file")]
        if problems:
            raise GuideFaulty(problems)
    return {name: {str(key): str(said) for key, said in raw[name].items()} for name in ("sentences", "words")}
