"""Find duties by what people write, and say so only where something else was looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.desk.guide_browser.finding import Entry, Found, find, folded

ENTRIES = (
    Entry("interpreter", "Hablar en un idioma que comprenda", "Consiga intérprete; nunca un pariente"),
    Entry("no-detention", "Ninguna detención por motivos migratorios", "Lugar abierto para toda la niñez"),
    Entry(
        "hear-the-child", "Escuchar a la niña o el niño", "Opinión en sus propias palabras, con intérprete"
    ),
)
WORDS = sorted({word.strip(";,") for one in ENTRIES for word in f"{one.title} {one.rest}".split()})


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


@given(st.sampled_from(ENTRIES), st.data())
def test_every_word_of_a_duty_finds_it_without_its_accents(entry: Entry, data: st.DataObject) -> None:
    own = [word for word in WORDS if word in f"{entry.title} {entry.rest}"]
    words = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=3))

    found = find(" ".join(map(folded, words)), ENTRIES)

    assert entry.id in found.ids
    assert found.instead == ()


@given(st.text(max_size=60))
def test_nothing_that_can_be_written_breaks_the_search(query: str) -> None:
    assert set(find(query, ENTRIES).ids) <= {one.id for one in ENTRIES}
