"""Hold the gazetteer to its word: old codes stay readable, names are found as they are said."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo import places


def test_code_is_read_in_its_own_vintage() -> None:
    gone = sorted(set(places.load("older")) - set(places.load("2025")))

    assert len(gone) > 200
    assert all(places.find(code, "older") and places.find(code, "2025") is None for code in gone)


def test_every_country_of_the_road_is_there_with_the_published_count_of_units() -> None:
    counts: dict[tuple[str, int], int] = {}
    for place in places.load().values():
        counts[place.country, place.level] = counts.get((place.country, place.level), 0) + 1

    assert (counts["HN", 1], counts["HN", 2]) == (18, 298)
    assert (counts["GT", 1], counts["GT", 2]) == (22, 342)
    assert (counts["MX", 1], counts["MX", 2]) == (32, 2457)
    assert (counts["PA", 1], counts["CO", 2]) == (13, 1122)


@pytest.mark.parametrize("vintage", places.VINTAGES)
def test_every_municipality_has_its_department_in_the_same_vintage(vintage: str) -> None:
    known = places.load(vintage)

    orphans = [place.code for place in known.values() if place.level == 2 and place.parent not in known]

    assert orphans == []


def test_describe_writes_the_country_in_the_readers_language() -> None:
    haiti = next(place for place in places.load().values() if place.country == "HT" and place.level == 1)

    assert places.describe(haiti.code, "2025", "ht") == f"{haiti.name}, Ayiti"
    assert places.describe(haiti.code, "2025", "fr") == f"{haiti.name}, Haïti"


def test_describe_names_the_department_between_place_and_country() -> None:
    found = places.search("san pedro sula", country="HN")[0]

    assert places.describe(found.code) == "San Pedro Sula, Cortes, Honduras"


@given(st.text(max_size=30), st.text(max_size=10))
def test_unknown_codes_and_vintages_give_none_and_never_an_error(code: str, vintage: str) -> None:
    assert places.find(f"?{code}", vintage) is None
    assert places.describe(f"?{code}", "2025", vintage) is None


@pytest.mark.parametrize(
    "said",
    [
        "San Pedro Sula",
        "SAN PEDRO SULA",
        "sán pédro súla",
        "Sula, San Pedro",
        "san pedro sula honduras",
        "san pedro sla",
    ],
)
def test_search_forgives_accents_case_order_and_a_slip(said: str) -> None:
    assert places.search(said)[0].name == "San Pedro Sula"


def test_search_with_a_country_leaves_the_others_out() -> None:
    assert {place.country for place in places.search("San Pedro", country="gt", limit=50)} == {"GT"}


def test_search_keeps_to_its_limit_and_finds_nothing_for_nothing() -> None:
    assert len(places.search("san", limit=3)) == 3
    assert places.search("  ,, ") == ()
    assert places.search("qwxzv") == ()


@given(st.sampled_from(sorted(places.load())))
def test_every_place_is_found_by_its_own_name_in_its_country(code: str) -> None:
    place = places.load()[code]

    found = places.search(place.name, country=place.country, limit=60)

    assert code in [one.code for one in found]


@given(st.text(max_size=40))
def test_search_never_fails_on_any_text(said: str) -> None:
    assert len(places.search(said, country="SV")) <= 10


def test_picking_list_has_every_place_once_and_the_same_bytes_each_time() -> None:
    lines = places.places_csv("2025").decode().splitlines()

    assert lines[0] == "name,label,parent,level,country"
    assert len(lines) == len(places.load("2025")) + 1
    assert places.places_csv("2025") == places.places_csv("2025")


def test_countries_are_named_in_all_five_languages() -> None:
    for names in places.country_names().values():
        assert all(names[language] for language in places.LANGUAGES)
    assert places.country_name("HN", "ht") == "Ondiras"
    assert places.country_name("XX") is None


def test_importing_places_reads_no_list_yet() -> None:
    script = "import amparo.places, amparo.places.gazetteer as g; print(g.load.cache_info().currsize)"

    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "0"
