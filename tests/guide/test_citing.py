"""Say every source and place in the reader's language, and never change a number or a symbol on the way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.guide import load, place_in, reference_in, text_of, title_of, told_in_words
from amparo.guide.model import Citation
from tests.guide.cases import the_guide

GUIDE = the_guide()
LANGUAGES = ("es", "en", "fr", "pt", "ht")
PHONE = 70  # letters that a title may take on a phone
CITED = [cited for one in load("MX").obligations.values() for cited in one.sources]


def symbols(title: str) -> list[str]:
    """Return the symbols of documents, such as A/RES/64/142 and OC-21/14."""
    return re.findall(r"\b(?:A|CRC|CMW|OC)[/-][A-Z0-9/-]+", title)


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text))


def titles(key: str, language: str) -> tuple[str, str]:
    full, short = title_of(GUIDE, key, language), title_of(GUIDE, key, language, short=True)
    assert full.language == short.language == language
    return full.text, short.text


# ---- titles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", GUIDE.sources)
def test_every_source_has_a_title_that_fits_a_phone(key: str, language: str) -> None:
    full, short = titles(key, language)

    assert len(short) <= PHONE
    assert short == full or len(full) > PHONE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", GUIDE.sources)
def test_symbols_and_years_of_a_title_are_kept(key: str, language: str) -> None:
    english = GUIDE.sources[key].title
    full, short = titles(key, language)

    assert symbols(full) == symbols(short) == symbols(english)
    assert numbers(full) == numbers(english)
    assert set(numbers(short)) <= set(numbers(english))
    assert set(re.findall(r"\b(?:19|20)\d\d\b", short)) == set(re.findall(r"\b(?:19|20)\d\d\b", english))


def test_symbols_are_seen_in_titles() -> None:
    assert symbols("Guidelines, A/RES/64/142") == ["A/RES/64/142"]
    assert symbols("No. 23 CRC (2017), CMW/C/GC/4-CRC/C/GC/23") == ["CMW/C/GC/4-CRC/C/GC/23"]
    assert symbols("Opinion OC-21/14") == ["OC-21/14"]


def test_english_title_is_the_one_beside_the_source() -> None:
    assert all(text_of(GUIDE, "source", key, "en").text == one.title for key, one in GUIDE.sources.items())


@pytest.mark.parametrize(
    ("key", "language", "title"),
    [
        ("crc", "es", "Convención sobre los Derechos del Niño, 1989"),
        ("crc", "fr", "Convention relative aux droits de l'enfant, 1989"),
        ("crc", "pt", "Convenção sobre os Direitos da Criança, 1989"),
        ("crc", "ht", "Konvansyon sou Dwa Timoun, 1989"),
        ("achr", "es", "Convención Americana sobre Derechos Humanos, 1969"),
    ],
)
def test_treaties_bear_their_official_names(key: str, language: str, title: str) -> None:
    assert title_of(GUIDE, key, language).text == title


def test_title_of_an_unknown_source_is_its_key() -> None:
    assert title_of(GUIDE, "no-such-source", "es", short=True).text == "no-such-source"


def test_title_in_a_language_without_words_says_which_it_is_in() -> None:
    found = title_of(GUIDE, "altcare", "xx", short=True)

    assert (found.language, found.text) == (
        "es",
        "Directrices sobre cuidado alternativo de los niños, A/RES/64/142",
    )


# ---- places ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("para. 12", ("párr. 12", "par. 12", "par. 12", "paragraf 12")),
        ("paras. 31-32", ("párrs. 31-32", "par. 31-32", "pars. 31-32", "paragraf 31-32")),
        ("art. 8(2)(a)", ("art. 8(2)(a)", "art. 8(2)(a)", "art. 8(2)(a)", "atik 8(2)(a)")),
        ("arts. 34, 35", ("arts. 34, 35", "art. 34, 35", "arts. 34, 35", "atik 34, 35")),
        ("para. 32(c)-(j)", ("párr. 32(c)-(j)", "par. 32(c)-(j)", "par. 32(c)-(j)", "paragraf 32(c)-(j)")),
        (
            "para. 207 ff.",
            ("párr. 207 y ss.", "par. 207 et suiv.", "par. 207 e ss.", "paragraf 207 ak sa ki vin apre"),
        ),
        (
            "p. 22, item (h)",
            ("pág. 22, punto (h)", "p. 22, point (h)", "p. 22, item (h)", "paj 22, pwen (h)"),
        ),
        ("standard 13", ("norma 13", "standard 13", "padrão 13", "nòm 13")),
        ("step 5", ("paso 5", "étape 5", "passo 5", "etap 5")),
    ],
)
def test_place_is_said_as_the_language_writes_it(ref: str, said: tuple[str, ...]) -> None:
    assert tuple(reference_in(ref, language) for language in ("es", "fr", "pt", "ht")) == said


@pytest.mark.parametrize(
    "ref",
    ["seed note", "triggers", "BID Report", "Short and Comprehensive BIA", "action on xenophobia", "II.B"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_place_in_words_that_are_not_known_stays_untouched(ref: str, language: str) -> None:
    assert reference_in(ref, language) == ref


@given(st.text(), st.sampled_from([*LANGUAGES, "xx"]))
def test_numbers_of_a_place_never_change(ref: str, language: str) -> None:
    assert re.findall(r"\d", reference_in(ref, language)) == re.findall(r"\d", ref)


@given(st.text(alphabet="abstp .12-()", max_size=30), st.sampled_from(LANGUAGES))
def test_text_without_a_known_word_is_not_touched(ref: str, language: str) -> None:
    assert "p." in ref or reference_in(ref, language) == ref


@given(st.sampled_from([cited.ref for cited in CITED]))
def test_english_and_languages_without_words_keep_the_place_as_it_stands(ref: str) -> None:
    assert reference_in(ref, "en") == reference_in(ref, "xx") == ref


@pytest.mark.parametrize("language", ["es", "fr", "pt", "ht"])
def test_no_english_abbreviation_is_left_in_any_cited_place(language: str) -> None:
    said = [reference_in(cited.ref, language) for cited in CITED]

    assert [place for place in said if re.search(r"\bparas?\.|\bff\.|\bstep\b|\bprinciple\b", place)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_every_cited_place_are_shown_beside_the_title_or_in_it(language: str) -> None:
    for cited in CITED:
        place = place_in(load("MX"), cited, language)
        for short in (False, True):
            title = title_of(load("MX"), cited.id, language, short=short).text
            assert set(numbers(cited.ref)) <= set(numbers(f"{title} {place}")), (cited.id, cited.ref)


def test_place_that_the_title_names_is_not_repeated() -> None:
    named = Citation("mx-lm-112", "art. 112", verified=True, basis="text")
    other = Citation("mx-lm-112", "art. 11", verified=True, basis="text")
    ruling = Citation("mx-scjn", "First Chamber ruling", verified=True, basis="quoted")

    assert place_in(GUIDE, named, "ht") == place_in(GUIDE, ruling, "es") == ""
    assert place_in(GUIDE, other, "ht") == "atik 11"


def test_place_in_an_unknown_source_is_still_said() -> None:
    cited = Citation("no-such-source", "para. 3", verified=False, basis="memory")

    assert place_in(GUIDE, cited, "es") == "párr. 3"


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("First Chamber ruling", True),
        ("panel", True),
        ("para. 12", False),
        ("standard 13", False),
        ("", False),
    ],
)
def test_place_told_in_words_is_known_from_a_numbered_one(ref: str, words: bool) -> None:
    assert told_in_words(ref) is words
