"""Tell every condition of the Guide in words that say the same, in every language and never in CEL."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.guide import load
from amparo.guide.document import region
from amparo.guide.grammar import ConditionNotUnderstood
from amparo.guide.in_words import Lexicon, Said, condition_in_words, one_line, tell
from amparo.guide.loading import conditions_of

GUIDE = load()
LANGUAGES = ("es", "en", "fr", "pt", "ht")
CONDITIONS = sorted({said for _, said in conditions_of(region())})
# What only a program writes: signs, roots of names, braces of a blank that nothing filled.
CEL = re.compile(r"&&|\|\||==|!=|<=|>=|[<>{}\[\]!]|\bfacts\b|\bevidence\.|\bevents\.|\bexists\b|_")


def lexicon(language: str) -> Lexicon:
    return Lexicon(GUIDE.texts, GUIDE.facts, language)


def line(condition: str, language: str = "en") -> str:
    return one_line(tell(condition, lexicon(language)), lexicon(language))


def leaves(said: Said) -> list[Said]:
    return [said] if not said.parts else [leaf for part in said.parts for leaf in leaves(part)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_of_the_guide_has_words_and_no_sign_of_cel(language: str) -> None:
    for condition in CONDITIONS:
        said = line(condition, language)

        assert said.strip(), condition
        assert not CEL.search(said), f"{condition}\n{said}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_a_condition_names_is_named_in_words(language: str) -> None:
    for condition in CONDITIONS:
        said = line(condition, language)
        for fact, listed in re.findall(r"facts\.(\w+) (?:==|!=|in) (\[[^]]*\]|'[^']*')", condition):
            kind = GUIDE.facts[fact]
            if fact == "age_status" or not kind.choices:
                continue  # told as one phrase; countries are told as not known
            named = [each for each in re.findall(r"'([^']*)'", listed) if each != kind.unknown]
            for answer in named:
                assert lexicon(language).word("value", f"{fact}/{answer}") in said, condition


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_condition_and_its_opposite_never_read_alike(language: str) -> None:
    for condition in CONDITIONS:
        assert line(condition, language) != line(f"!({condition})", language)


def test_two_different_conditions_of_the_guide_read_differently() -> None:
    told: dict[str, list[str]] = {}
    for condition in CONDITIONS:
        told.setdefault(line(condition), []).append(condition)

    alike = [group for group in told.values() if len(group) > 1]
    assert alike == []


@given(st.sampled_from(CONDITIONS))
def test_denying_twice_says_the_same(condition: str) -> None:
    assert line(f"!(!({condition}))") == line(condition)


@given(st.lists(st.sampled_from(CONDITIONS), min_size=2, max_size=4, unique=True), st.sampled_from(LANGUAGES))
def test_joined_conditions_keep_every_part(parts: list[str], language: str) -> None:
    joined = tell(" && ".join(f"({part})" for part in parts), lexicon(language))

    assert joined.joint == "all"
    for part in parts:
        wanted = {leaf.text for leaf in leaves(tell(part, lexicon(language)))}
        assert wanted <= {leaf.text for leaf in leaves(joined)}


def test_negation_is_pushed_inward() -> None:
    said = tell("!(facts.missing == 'yes' && facts.complaint_open != 'no')", lexicon("en"))

    assert said.joint == "any"
    assert [part.text for part in said.parts] == [
        "Is the child missing? any answer except “Yes” (also when nobody knows)",
        "Is a complaint waiting for an answer? “No”",
    ]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            "facts.accompaniment != 'accompanied'",
            "Con quién viaja: cualquier respuesta excepto «Acompañada o acompañado» (también cuando no se sabe)",
        ),
        ("facts.accompaniment != 'unknown'", "Con quién viaja: ya se sabe"),
        (
            "!(facts.accompaniment in ['accompanied', 'unknown'])",
            "Con quién viaja: cualquier respuesta excepto «Acompañada o acompañado» o «No se sabe»",
        ),
        ("facts.age_in_months < 0", "Edad en meses: no se sabe"),
        ("facts.age_in_months >= 0", "Edad en meses: ya se sabe"),
        ("192 <= facts.age_in_months", "Edad en meses: 192 (16 años) o más"),
        ("facts.age_in_months > 36", "Edad en meses: 37 o más"),
        ("!(facts.age_in_months > 36)", "Edad en meses: 36 (3 años) o menos"),
        ("facts.age_in_months != 24", "Edad en meses: cualquier número excepto 24 (2 años)"),
        ("size(facts.needs_now) > 0", "Necesidades inmediatas sin atender: al menos una"),
        ("size(facts.needs_now) == 0", "Necesidades inmediatas sin atender: ninguna"),
        ("size(facts.needs_now) >= 2", "Necesidades inmediatas sin atender: 2 o más"),
        ("facts.destination_country == 'ZZ'", "País al que iría: no se sabe"),
        ("facts.destination_country != facts.country", "«País al que iría» y «País» no son lo mismo"),
        (
            "!(facts.destination_country in facts.fear_countries)",
            "País al que iría: no está en la lista «Países a los que teme»",
        ),
        (
            "facts.decision_kind.exists(d, !(d in ['return']))",
            "Lo que se propone o decide ahora: incluye algo distinto de «Retorno»",
        ),
        (
            "facts.decision_kind.all(d, d == 'return')",
            "Lo que se propone o decide ahora: nada distinto de «Retorno»",
        ),
        (
            "facts.decision_kind.all(d, d != 'return')",
            "Lo que se propone o decide ahora: no incluye «Retorno»",
        ),
        (
            "!(['place', 'adopt'].exists(a, a in events.done))",
            "No ha ocurrido: «Confirmar un lugar de acogimiento» o «Adopción u otro acogimiento permanente»",
        ),
        ("['place'].all(a, a in events.done)", "Ya ocurrió: «Confirmar un lugar de acogimiento»"),
        ("result.late_elsewhere > 0", "Otras obligaciones fuera de plazo: 1 o más"),
        ("!result.on_time", "Esta obligación está fuera de su plazo"),
        ("false", "Nunca"),
    ],
)
def test_words_of_each_kind_of_condition(condition: str, said: str) -> None:
    assert line(condition, "es") == said


def test_what_the_guide_does_not_write_yet_is_told_too() -> None:
    said = line("facts.decision_kind.exists(d, d == 'return' || d in ['transfer', 'age'])")
    assert said == (
        "What is proposed or being decided: there is at least one answer of which this is true: "
        "That answer: “Return”; or That answer: “Transfer” or “Age”"
    )


def test_both_parts_of_a_list_written_out_are_told() -> None:
    said = line("['place', 'adopt'].all(a, a in events.done)")

    assert (
        said
        == "Has happened: “Confirm a care placement”; and Has happened: “Adoption or similar permanent placement”"
    )


def test_a_condition_out_of_the_grammar_is_refused_not_guessed() -> None:
    with pytest.raises(ConditionNotUnderstood):
        condition_in_words(GUIDE, "facts.age_status.startsWith('a')", "es")
