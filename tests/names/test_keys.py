"""Show that a name is found by its keys whatever the order, with one part spoilt, missing, short or an initial."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.names import Index, asked_keys, keys_of, likeness
from amparo.names.common import SPREAD

NAMES = ("Ana", "Lucía", "Mejía", "Orellana", "Pedro", "Caal", "Choc", "Wilson", "Dorcely", "Thiago", "Souza")
parts = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
rows = st.integers(0, 2**64)


def found(asked: str, kept: str, *, row: int = 7) -> set[int]:
    """Return the slots of a question that a kept name answers."""
    keys = keys_of([kept], row=row)
    return {one.slot for one in asked_keys(asked) if one.key in keys}


@given(parts, st.randoms(use_true_random=False), rows)
def test_keys_know_no_order_and_are_always_the_same(names: list[str], chance: object, row: int) -> None:
    other = sorted(names)

    assert keys_of([" ".join(names)], row=row) == keys_of([" ".join(other)], row=row)
    assert keys_of(names, row=row) == keys_of([" ".join(names)], row=row)


@given(parts, rows)
def test_accents_and_case_change_no_key(names: list[str], row: int) -> None:
    plain = " ".join(names).upper().replace("Í", "I")

    assert keys_of([" ".join(names)], row=row) == keys_of([plain], row=row)


@given(parts, rows)
def test_whoever_is_kept_is_found_by_her_own_name(names: list[str], row: int) -> None:
    kept = keys_of(names, row=row)
    asked = {one.key for one in asked_keys(" ".join(names))}

    assert kept <= asked


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("Orellana Mejía Ana", "Ana Mejía Orellana"),
        ("Ana Orellana", "Ana Lucía Mejía Orellana"),
        ("Xna Orellana", "Ana Orellana"),
        ("Ana Orelkana", "Ana Orellana"),
        ("A. Orellana", "Ana Orellana"),
        ("H. Mejía", "Hilda Mejía"),
        ("Pancho Pineda", "Francisco Pineda"),
        ("Francisco Pineda", "Pancho Pineda"),
        ("Mariajosé Xol", "María José Xol"),
        ("María José", "Mariajosé"),
    ],
)
def test_what_people_do_to_names_still_meets_a_key(asked: str, kept: str) -> None:
    assert found(asked, kept)


@given(st.text(max_size=60), rows)
def test_keys_are_few_whatever_is_written(name: str, row: int) -> None:
    assert len(keys_of([name] * 3, row=row)) <= 36
    assert all(len(one.word) <= 40 for one in keys_of([name], row=row))


@given(st.text(max_size=60))
def test_a_question_asks_for_a_bounded_number_of_keys(name: str) -> None:
    assert len(asked_keys(name)) <= 6_000


def test_a_pair_is_kept_from_either_side_so_that_either_part_may_be_spoilt() -> None:
    pairs = {key.word for key in keys_of(["Orellana Chitay"], row=1) if key.kind is Index.PAIR}

    assert len(pairs) == 2
    assert found("Orellana Ch", "Orellana Chitay") != found("Or Chitay", "Orellana Chitay")


def test_an_initial_alone_has_no_key() -> None:
    assert keys_of(["A. B. C."], row=1) == frozenset()
    assert asked_keys("A B") == ()


def test_a_common_name_is_spread_over_many_words_and_a_question_reads_them_all() -> None:
    words = {key.word for row in range(200) for key in keys_of(["María"], row=row)}

    asked = {one.key.word for one in asked_keys("María") if one.key.kind is Index.PART}

    assert len(words) == SPREAD
    assert words <= asked


@given(parts)
def test_likeness_is_highest_for_the_same_parts_in_any_order(names: list[str]) -> None:
    assert likeness(" ".join(names), " ".join(sorted(names))) == pytest.approx(1)


@pytest.mark.parametrize(
    ("asked", "better", "worse"),
    [
        ("Ana Mejia", "Ana Mejía", "Ana Mejías Orellana"),
        ("Jose Ernandes", "José Hernández", "Josué Fernández"),
        ("Pyè Jan", "Jean Pierre", "Jean Paul"),
        ("Pancho Pineda", "Francisco Pineda", "Fabricio Pineda"),
        ("Shol Petrona", "Petrona Xol", "Petrona Pop"),
        ("J Pineda", "José Pineda", "Ana Pineda"),
        ("Mariajose Paz", "María José Paz", "María Paz"),
    ],
)
def test_the_child_who_was_meant_comes_before_the_other(asked: str, better: str, worse: str) -> None:
    assert likeness(asked, better) > likeness(asked, worse)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_lies_between_nothing_and_the_same(asked: str, name: str) -> None:
    assert 0 <= likeness(asked, name) <= 1
