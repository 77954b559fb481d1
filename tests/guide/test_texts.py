"""Have plain words for every thing of the Guide, and never hide which language they are in."""

import pytest

from amparo.guide import load, text_of
from amparo.guide.document import DATA
from amparo.guide.reading import read_file
from amparo.guide.texts import KINDS
from tests.guide.cases import the_guide

GUIDE = the_guide()
VOCABULARY = GUIDE.vocabulary
NAMED = [
    *(("obligation", key) for key in GUIDE.obligations),
    *(("task", f"{key}/0") for key in GUIDE.obligations),
    *(("evidence", key) for key in GUIDE.evidence),
    *(("action", key) for key in VOCABULARY.actions),
    *(("role", key) for key in VOCABULARY.roles),
    *(("stage", key) for key in VOCABULARY.stages),
    *(("state", key) for key in VOCABULARY.states),
    *(("fact", key) for key in GUIDE.facts),
    *(("value", f"{fact}/{choice}") for fact, kind in GUIDE.facts.items() for choice in kind.choices),
    *(("proof", entry.proof) for entry in GUIDE.evidence.values()),
    *(("source", key) for key in GUIDE.sources),
]

FROM_ENGLISH = [
    *(("choice", said) for said in VOCABULARY.design_choices),
    *(
        ("counted", said)
        for one in (each.indicator for each in GUIDE.obligations.values())
        if one.numerator is None or one.denominator is None
        for said in (one.numerator_text, one.denominator_text)
    ),
]


@pytest.mark.parametrize("language", ["es", "en"])
def test_everything_has_words_in_spanish_and_english(language: str) -> None:
    missing = [(kind, key) for kind, key in NAMED if text_of(GUIDE, kind, key, language).language != language]

    assert missing == []


def test_fallback_says_which_language_it_is_in() -> None:
    found = text_of(GUIDE, "action", "detain", "xx")

    assert found.language == "es"
    assert found.text.startswith("Detener")


def test_unknown_thing_is_shown_by_its_key() -> None:
    found = text_of(GUIDE, "action", "feed", "es")

    assert (found.text, found.language, found.reviewed) == ("feed", "", False)


def test_unreviewed_text_says_so() -> None:
    assert not text_of(GUIDE, "action", "detain", "es").reviewed
    assert not text_of(GUIDE, "obligation", "no-detention", "es").reviewed
    assert text_of(GUIDE, "obligation", "no-detention", "en").reviewed


def test_answers_that_read_alike_stand_once() -> None:
    assert text_of(GUIDE, "value", "at_border/yes", "es").text == "Sí"
    assert text_of(GUIDE, "value", "asylum/unknown", "en").text == "Not known"


def test_translation_files_name_only_things_of_the_guide() -> None:
    brief = {("source", f"{key}/short") for key in GUIDE.sources}
    known = {*NAMED, *brief, *FROM_ENGLISH, ("role", "other-authority"), ("role", "unknown")}
    for path in (DATA / "translations").glob("*.yaml"):
        raw = read_file(path)
        for kind in set(KINDS) - {"proof", "report", "logic", "change"}:
            strange = [
                key for key in raw.get(kind, {}) if (kind, key) not in known and not key.startswith("any/")
            ]
            assert strange == [], f"{path.name}: {kind}"


@pytest.mark.parametrize("language", [language for language in GUIDE.texts if language != "en"])
def test_what_the_guide_writes_in_english_is_told_in_every_other_language(language: str) -> None:
    untold = [key for key in FROM_ENGLISH if key not in GUIDE.texts[language]]

    assert untold == []


def test_every_translation_file_has_the_same_headings_as_spanish() -> None:
    spanish = set(read_file(DATA / "translations" / "es.yaml")["report"])
    english = set(read_file(DATA / "translations" / "en.yaml")["report"])

    assert english == spanish


def test_authority_of_a_country_has_a_name() -> None:
    assert load("MX").authorities["child-protection-authority"].name["es"] == "Procuraduría de Protección"
