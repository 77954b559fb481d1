"""Tell in Spanish whatever the code says in English."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from amparo.guide.errors import Faulty, GuideFaulty, Problem
from amparo.guide.grammar import ConditionNotUnderstood, parse
from amparo.guide.proof_case import LABELS
from amparo.guide.reading import read_file
from amparo.guide.saying import FOLDER, languages, say, sentences, told, told_all, words
from tests.guide.cases import written
from tests.guide.sentences import FOLDER as CODE
from tests.guide.sentences import collected

TRANSLATED = [language for language in languages() if language != "en"]


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def kinds() -> set[str]:
    """Return every word the code hands on as a `kind` of thing that is not known."""
    found = set()
    for path in CODE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("known", "_known"):
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str)}
    return found


def test_every_sentence_stands_whole_in_the_code() -> None:
    assert collected().astray == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_told_in_every_language_of_messages(language: str) -> None:
    missing = {said: place for said, place in collected().used.items() if said not in sentences(language)}

    assert missing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_kept_that_the_code_no_longer_says(language: str) -> None:
    assert sentences(language).keys() - collected().used.keys() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_sentences_keep_their_names(language: str) -> None:
    changed = [said for said, told in sentences(language).items() if names(said) != names(told)]

    assert changed == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_words_for_kinds_of_things_are_told_too(language: str) -> None:
    assert kinds() - words(language).keys() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_labels_of_a_case_are_told_too(language: str) -> None:
    assert set(LABELS) - words(language).keys() == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_states_of_an_obligation_are_told_too(language: str) -> None:
    assert {"not-applicable", "guarding", "open", "late", "met"} - words(language).keys() == set()


def test_scenario_that_differs_is_told_whole_in_spanish() -> None:
    said = "{obligation}: expected {wanted_state}, the Guide says {found_state}"

    found = say(said, "es", obligation="legal-aid", wanted_state="open", found_state="met")

    assert found == "legal-aid: se esperaba «pendiente»; la Guía dice «cumplida»"


def test_lines_of_a_case_keep_their_names_and_answers() -> None:
    case = '    asylum: "applied"\n    evidence done: a (guardian), b (guardian)\n    happened: -'

    said = say(
        "on these facts {obligation} is not met in the region, and with the overlay it would be\n{case}",
        "es",
        obligation="legal-aid",
        case=case,
    )

    assert said.splitlines()[1:] == [
        '    asylum: "applied"',
        "    constancias hechas: a (guardian), b (guardian)",
        "    ya ocurrió: -",
    ]


def test_fault_in_a_condition_is_told_in_spanish() -> None:
    with pytest.raises(ConditionNotUnderstood) as caught:
        parse("facts.asylum ==")

    assert say(caught.value.said, "es", **caught.value.values) == "termina antes de tiempo"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_claims_to_be_reviewed(language: str) -> None:
    assert read_file(FOLDER / f"{language}.yaml")["reviewed"] is False


def test_spanish_is_there() -> None:
    assert "es" in languages()


def test_problem_is_told_with_its_values() -> None:
    problem = Problem("MX.yaml:3: obligations[0].clock", "{word} is no known {kind}", word="x", kind="clock")

    assert told(problem, "en") == "MX.yaml:3: obligations[0].clock: x is no known clock"
    assert told(problem, "es") == "MX.yaml:3: obligations[0].clock: x no existe aquí como reloj de plazo"


def test_braces_in_a_value_are_left_alone() -> None:
    assert say("must stay {old}", "es", old="{new}") == "debe seguir siendo {new}"


def test_language_without_messages_falls_back_to_english() -> None:
    assert say("must be a text", "xx") == "must be a text"


def test_problems_stand_in_the_order_of_the_lines() -> None:
    fault = Faulty([Problem("a.yaml:10: x", "is missing"), Problem("a.yaml:9: y", "is missing")])

    assert told_all(fault.problems, "es").splitlines() == ["a.yaml:9: y: falta", "a.yaml:10: x: falta"]


def test_problem_told_twice_is_told_once() -> None:
    assert len(Faulty([Problem("a", "is missing"), Problem("a", "is missing")]).problems) == 1


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Problem(place, f'no {word}')", []),
        ("Problem(place, 'no ' + word)", []),
        ("Problem(place, 'no {word}', word=word)", ["no {word}"]),
        ("said = 'a'\nProblem(place, said)", ["a"]),
        ("T = {1: 'a', 2: 'b'}\nProblem(place, T[x])", ["a", "b"]),
        ("Problem(place, 'a' if x else 'b')", ["a", "b"]),
        ("raise ConditionNotUnderstood('a', 1)", ["a"]),
        ("raise self._fault(token, 'a')", ["a"]),
        ("return _refused('a')", ["a"]),
        ("yield case.differs('a', x=1)", ["a"]),
        ("yield from _unlike(case, 'a', b, c)", ["a"]),
    ],
)
def test_collector_sees_how_a_sentence_is_made(tmp_path: Path, code: str, found: list[str]) -> None:
    written(tmp_path, code, "x.py")

    seen = collected(tmp_path)

    assert list(seen.used) == found
    assert bool(seen.astray) is not bool(found)


def test_catalogue_that_is_wrong_names_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "language: qx\nreviewed: maybe\nsentences: {}\nwords: {}\n", "qx.yaml")
    monkeypatch.setattr("amparo.guide.saying.FOLDER", tmp_path)

    with pytest.raises(GuideFaulty, match=r"qx\.yaml:2: reviewed: must be true or false"):
        sentences("qx")
