"""Hold the French, Portuguese and Haitian Creole words of the Guide to what the Spanish and English ones say."""

import re
from collections.abc import Mapping

import pytest

from amparo.guide import load, text_of
from amparo.guide.document import DATA
from amparo.guide.model import Text
from amparo.guide.reading import read_file
from amparo.guide.texts import languages_of

GUIDE = load()
TRANSLATED = ("fr", "pt", "ht")
SOURCES = ("es", "en")
# A short title stands only where the full one is long in that language: tests/guide/test_citing.py.
WANTED = sorted(
    {key for language in SOURCES for key in GUIDE.texts[language] if not key[1].endswith("/short")}
)

# Words that a language rightly writes as Spanish or English does.
COGNATES = {
    "fr": {"Adoption", "Favorable", "Identification", "Migration", "Police", "Services"},
    "pt": {
        "Asilo",
        "Comida",
        "Completa",
        "Confirmados",
        "Consulado",
        "Cuidado excepcional",
        "Descanso",
        "Falta",
        "Higiene",
        "Localizada",
        "Norma",
        "País",
        "Por mar",
        "Recurso",
        "Relacionado",
        "Retorno",
        "Urgentes",
        "casos",
        "retornos",
        "“{answer}”",
        "{thing}: {answers}",
    },
    "ht": {"{thing}: {answers}"},
}

# The terms of the glossary for what must never be mixed up, by a key that speaks of it.
TERMS = {
    ("fact", "trafficking_or_gbv"): {
        "fr": "traite des personnes",
        "pt": "tráfico de pessoas",
        "ht": "trafik moun",
    },
    ("obligation", "no-detention"): {
        "fr": "rétention administrative",
        "pt": "detenção migratória",
        "ht": "detansyon imigrasyon",
    },
    ("obligation", "non-refoulement"): {
        "fr": "Non-refoulement",
        "pt": "Não devolução",
        "ht": "Entèdiksyon voye tounen nan danje",
    },
    ("fact", "bia_state"): {
        "fr": "Évaluation de l'intérêt supérieur",
        "pt": "Avaliação do interesse superior",
        "ht": "Evalyasyon pi bon enterè timoun nan",
    },
    ("fact", "bid_state"): {
        "fr": "Détermination de l'intérêt supérieur",
        "pt": "Determinação do interesse superior",
        "ht": "Desizyon fòmèl sou pi bon enterè timoun nan",
    },
    ("role", "guardian"): {"fr": "Tuteur / tutrice", "pt": "Tutor/a", "ht": "Gadyen legal"},
    ("role", "child"): {"fr": "Enfant", "pt": "Criança ou adolescente", "ht": "Timoun"},
    ("value", "accompaniment/unaccompanied"): {
        "fr": "Enfant non accompagné",
        "pt": "Criança desacompanhada",
        "ht": "Timoun ki pou kont li",
    },
}

# Words that name a child by a lack, or that mean smuggling where trafficking is meant.
NEVER = {
    "fr": r"\bmineure?s?\b|\btrafic\b|\bclandestin",
    "pt": r"\bmenor(es)?\b|\bcontrabando\b|\bilegal",
    "ht": r"\bminè\b|\bkontrebann\b|\bilegal",
}


def texts(language: str) -> Mapping[tuple[str, str], Text]:
    return GUIDE.texts[language]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|%\(\w+\)[sd]|%[sd]", text))


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


def test_guide_speaks_five_languages() -> None:
    assert languages_of(load()) == ("en", "es", "fr", "ht", "pt")


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_said_in_spanish_or_english_is_said_here_too(language: str) -> None:
    missing = [key for key in WANTED if key not in texts(language)]

    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_reader_never_falls_back_to_another_language(language: str) -> None:
    fallen = [key for key in WANTED if text_of(GUIDE, *key, language).language != language]

    assert fallen == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_empty_or_has_stray_spaces(language: str) -> None:
    strange = [
        key
        for key, found in texts(language).items()
        if not found.text.strip() or found.text != found.text.strip() or "  " in found.text
    ]

    assert strange == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_text_left_as_in_spanish_or_english_is_a_listed_cognate(language: str) -> None:
    left = {
        found.text
        for key, found in texts(language).items()
        for source in SOURCES
        if key in texts(source) and texts(source)[key].text == found.text
    }

    assert left == COGNATES[language]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("source", SOURCES)
def test_placeholders_and_numbers_are_kept(language: str, source: str) -> None:
    changed = [
        key
        for key, found in texts(language).items()
        if key in texts(source)
        and (placeholders(found.text), numbers(found.text))
        != (placeholders(texts(source)[key].text), numbers(texts(source)[key].text))
    ]

    assert changed == []


def test_placeholders_of_either_kind_are_seen() -> None:
    assert placeholders("Hola {name}, %(days)s y %d") == ["%(days)s", "%d", "{name}"]
    assert placeholders("100 % de los casos") == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_claims_to_be_reviewed(language: str) -> None:
    claiming = [key for key, found in texts(language).items() if found.reviewed]

    assert claiming == []


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Non relu"), ("pt", "Não revisado"), ("ht", "Poko revize")]
)
def test_first_line_of_each_file_says_that_no_specialist_read_it(language: str, words: str) -> None:
    path = DATA / "translations" / f"{language}.yaml"

    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert first.startswith(f"# {words}")
    assert read_file(path)["reviewed"] is False


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("key", TERMS)
def test_terms_of_the_glossary_are_used(language: str, key: tuple[str, str]) -> None:
    assert TERMS[key][language] in texts(language)[key].text


@pytest.mark.parametrize("language", TRANSLATED)
def test_words_that_harm_or_mislead_are_not_used(language: str) -> None:
    found = [key for key, each in texts(language).items() if re.search(NEVER[language], each.text, re.I)]

    assert found == []


def test_french_puts_a_no_break_space_before_double_marks() -> None:
    loose = [key for key, found in texts("fr").items() if re.search(r"(?<!\u00a0)[:;?!]", found.text)]

    assert loose == []


def test_creole_keeps_the_letters_of_the_official_spelling() -> None:
    # No apostrophe, no q or x, and c only within ch; symbols, blanks and names in brackets are not Creole.
    foreign = r"\{\w+\}|\([^)]*\)|\b[A-Z][A-Z0-9/.-]+"
    spelt = {key: re.sub(foreign, "", found.text) for key, found in texts("ht").items()}
    strange = [key for key, text in spelt.items() if re.search(r"['’]|q|x|c(?!h)", text, re.I)]

    assert strange == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_tasks_are_short(language: str) -> None:
    long = [key for key, found in texts(language).items() if key[0] == "task" and len(found.text) > 130]

    assert long == []


def test_french_tasks_address_the_officer_as_vous() -> None:
    tasks = [found.text for (kind, _), found in texts("fr").items() if kind == "task"]

    familiar = [text for text in tasks if not re.search(r"ez\b|^Dites|^Pas de retour", text)]

    assert familiar == []
