"""Find duties by what people write, and say so only where something else was looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.desk.guide_browser.everyday import everyday
from amparo.desk.guide_browser.finding import Entry, Found, find, folded, words_of
from amparo.guide import load

ENTRIES = (
    Entry("interpreter", "Hablar en un idioma que comprenda", "Consiga intérprete; nunca un pariente"),
    Entry("no-detention", "Ninguna detención por motivos migratorios", "Lugar abierto para toda la niñez"),
    Entry(
        "hear-the-child", "Escuchar a la niña o el niño", "Opinión en sus propias palabras, con intérprete"
    ),
)


@pytest.mark.parametrize(
    "query", ["detención", "DETENCION", "detencion migratorios", "migratorios detención"]
)
def test_accents_capitals_and_order_do_not_matter_and_need_no_guess(query: str) -> None:
    assert find(query, ENTRIES) == Found(("no-detention",))


def test_a_word_in_the_title_weighs_more_than_one_elsewhere() -> None:
    entries = (Entry("one", "Otra cosa", "niñez"), Entry("two", "La niñez", ""))

    assert find("ninez", entries).ids == ("two", "one")


def test_a_slip_of_the_pen_is_guessed_and_said() -> None:
    assert find("detenzion", ENTRIES) == Found(("no-detention",), ("detencion",))


def test_a_short_word_is_never_guessed() -> None:
    assert find("xyz", ENTRIES) == Found(())


def test_every_word_must_be_there() -> None:
    assert find("intérprete palabras", ENTRIES).ids == ("hear-the-child",)
    assert find("intérprete detención", ENTRIES).ids == ()


def test_nothing_asked_is_everything_in_order() -> None:
    assert find("  ", ENTRIES).ids == tuple(one.id for one in ENTRIES)


def test_an_act_that_a_duty_forbids_weighs_more_than_a_word_elsewhere() -> None:
    entries = (Entry("one", "Otra cosa", "retorno"), Entry("two", "Algo", "", "Retorno de la niña"))

    assert find("retorno", entries).ids == ("two", "one")


def test_a_number_is_looked_for_whole_and_a_part_inside_a_word_is_not_that_word() -> None:
    entries = (Entry("one", "", "art. 3; ella"), Entry("two", "", "art. 37(b)"))

    assert find("37", entries).ids == ("two",)
    assert find("3", entries).ids == ("one",)
    assert find("lla", entries) == Found(())


def test_an_everyday_word_finds_what_it_means_in_its_order_and_in_the_plural() -> None:
    means = {"celda": ("no-detention", "hear-the-child"), "centro de detencion": ("no-detention",)}

    assert find("celdas", ENTRIES, means) == Found(("no-detention", "hear-the-child"))
    assert find("centro de detención", ENTRIES, means) == Found(("no-detention",))
    assert find("celda opinión", ENTRIES, means) == Found(("hear-the-child",))


def test_a_slip_in_an_everyday_word_is_guessed() -> None:
    found = find("abogdo", ENTRIES, {"abogado": ("interpreter",)})

    assert found == Found(("interpreter",), ("abogado",))


@pytest.mark.parametrize("query", ["apoyada", "hearr", "detection"])
def test_a_word_of_another_meaning_is_not_guessed_nor_is_any_part_of_an_id(query: str) -> None:
    assert find(query, (Entry("hear-detentio", "abogada", "obligación"),)) == Found(())


@pytest.mark.parametrize("language", ["es", "en", "fr", "pt", "ht"])
def test_everyday_words_mean_duties_that_exist_in_every_language(language: str) -> None:
    means = everyday(language)

    assert len(means) > 60
    assert {key for keys in means.values() for key in keys} <= set(load().obligations)


@given(st.sampled_from(ENTRIES), st.data())
def test_every_word_of_a_duty_finds_it_without_its_accents(entry: Entry, data: st.DataObject) -> None:
    own = words_of(f"{entry.title} {entry.rest}")
    words = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=3))

    found = find(" ".join(map(folded, words)), ENTRIES)

    assert entry.id in found.ids
    assert found.instead == ()


@given(st.text(max_size=60))
def test_nothing_that_can_be_written_breaks_the_search(query: str) -> None:
    assert set(find(query, ENTRIES).ids) <= {one.id for one in ENTRIES}
