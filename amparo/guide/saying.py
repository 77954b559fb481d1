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

_FILE = shape.Record(
    needed={"language": shape.key, "reviewed": shape.flag, "sentences": shape.map_of(shape.text)}, optional={}
)


def say(sentence: str, language: str, **values: object) -> str:
    """Return an English sentence of the code in another language, its {names} filled in."""
    told = sentences(language).get(sentence, sentence)
    return told.format_map(values) if values else told


def told(problem: Problem, language: str) -> str:
    """Return place and reason of one problem in one line."""
    return f"{problem.place}: {say(problem.said, language, **dict(problem.values))}"


def told_all(problems: Iterable[Problem], language: str) -> str:
    """Return every problem in its own line, in the order given."""
    return "\n".join(told(problem, language) for problem in problems)


def languages() -> tuple[str, ...]:
    """Return the languages problems can be told in; English needs no file."""
    return ("en", *sorted(path.stem for path in (DATA / "messages").glob("*.yaml")))


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return English sentence -> sentence in `language`; empty where there is no such language."""
    if language not in languages() or language == "en":
        return {}
    path = DATA / "messages" / f"{language}.yaml"
    with lines_of(path):
        raw = read_file(path)
        problems = _FILE(raw, path.name)
        if not problems and raw["language"] != language:
            problems = [Problem(f"{path.name}: language", "must be the name of the file")]
        if problems:
            raise GuideFaulty(problems)
    return {english: str(said) for english, said in raw["sentences"].items()}
