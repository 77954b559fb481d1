"""Show that nothing outside a profile leaves, and that what the child withheld never does (A5)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.exchange.profiles import (
    GATE,
    PROFILES,
    REFERRAL,
    TRANSFER,
    PartClass,
    Profile,
    Sector,
    Stay,
    Why,
    outside,
    what_leaves,
)

ANA = {
    "identity": {"first_name": "Ana", "age": 10, "surname": "Ejemplo", "languages": ["es"]},
    "family": {"aunt": {"name": "Rosa", "telephone": "+504 1"}, "known": [{"name": "Luz", "telephone": "2"}]},
    "account": {"told": "She saw robberies."},
    "need": {"kind": "school", "urgency": "soon", "story": "x"},
    "complaints": {"about": "the shelter"},
}

WORDS = st.sampled_from(
    [
        *TRANSFER.parts, *(place.split(".")[0] for one in (REFERRAL, GATE) for place in one.fields),
        *(place.split(".")[1] for one in (REFERRAL, GATE) for place in one.fields), "complaints", "secret",
    ]
)  # fmt: skip
DEEP = st.recursive(
    st.text(max_size=5) | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=10,
)
CASE_FILES = st.dictionaries(WORDS, st.dictionaries(WORDS, DEEP, max_size=4) | DEEP, max_size=6)
PLACES = st.lists(WORDS, min_size=1, max_size=3).map(".".join)


def _places(value: object, at: str = "") -> Iterator[str]:
    """Name every place in a nested value, as the child would name what to withhold."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield f"{at}.{name}".lstrip(".")
            yield from _places(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _places(inner, at)


def _leaves(profile: Profile, withhold: set[str] = frozenset(), **choices: Any) -> Any:  # type: ignore[assignment]  # noqa: ANN401
    return what_leaves(profile, ANA, withhold, **choices)


def test_referral_carries_only_its_plain_fields() -> None:
    assert _leaves(REFERRAL).leaves == {
        "identity": {"first_name": "Ana", "age": 10, "languages": ["es"]},
        "need": {"kind": "school", "urgency": "soon"},
    }


def test_what_stays_is_named_with_its_reason() -> None:
    stays = _leaves(REFERRAL, {"identity.age"}).stays

    assert Stay("identity.age", Why.WITHHELD) in stays
    assert Stay("identity.surname", Why.NOT_IN_PROFILE) in stays
    assert Stay("account", Why.NOT_IN_PROFILE) in stays


def test_transfer_carries_personal_parts_and_seals_stay_shut() -> None:
    split = _leaves(TRANSFER)

    assert set(split.leaves) == {"identity", "family"}
    assert Stay("account", Why.SEALED) in split.stays
    assert Stay("complaints", Why.NOT_IN_PROFILE) in split.stays


def test_sealed_part_leaves_only_with_a_reason_of_its_own() -> None:
    assert "account" in _leaves(TRANSFER, why_sealed={"account": "The panel there decides on it."}).leaves
    assert "account" not in _leaves(TRANSFER, why_sealed={"account": " ", "asylum": "yes"}).leaves
    assert "account" not in _leaves(TRANSFER, {"account"}, why_sealed={"account": "needed"}).leaves


def test_worker_chooses_the_parts_of_a_transfer() -> None:
    split = _leaves(TRANSFER, chosen={"identity"}, why_sealed={"account": "needed"})

    assert set(split.leaves) == {"identity", "account"}
    assert Stay("family", Why.NOT_CHOSEN) in split.stays


def test_withheld_place_is_taken_out_at_any_depth_and_in_every_row() -> None:
    split = _leaves(TRANSFER, {"family.aunt.telephone", "family.known.telephone"})

    assert split.leaves["family"] == {"aunt": {"name": "Rosa"}, "known": [{"name": "Luz"}]}


@pytest.mark.parametrize("value", [{"first": "Ana"}, ["Ana", 1], ["Ana", ["Luz"]], "n" * 201, ["n" * 201]])
def test_plain_field_has_no_room_for_a_story(value: object) -> None:
    split = what_leaves(REFERRAL, {"identity": {"first_name": value}}, ())

    assert split.leaves == {}
    assert split.stays == (Stay("identity.first_name", Why.NOT_PLAIN),)


def test_part_that_should_have_fields_and_has_none_stays() -> None:
    assert what_leaves(REFERRAL, {"identity": "Ana"}, ()).stays == (Stay("identity", Why.NOT_PLAIN),)


def test_gate_names_nothing_of_the_child() -> None:
    assert GATE.to_sectors == {Sector.MIGRATION}
    assert all(Sector.MIGRATION not in one.to_sectors for one in PROFILES.values() if one is not GATE)
    assert {place.split(".")[0] for place in GATE.fields} == {
        "protection", "child", "determination", "gate", "hearing",
    }  # fmt: skip
    assert what_leaves(GATE, ANA, ()).leaves == {}


def test_no_profile_carries_complaints() -> None:
    named = {place.split(".")[0] for one in PROFILES.values() for place in (*one.fields, *one.parts)}

    assert "complaints" not in named


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([*PROFILES.values()]), CASE_FILES, st.sets(PLACES), st.dictionaries(WORDS, st.text()))
def test_nothing_outside_the_profile_and_nothing_withheld_leaves(
    profile: Profile, case_file: dict[str, Any], withhold: set[str], why_sealed: dict[str, str]
) -> None:
    left = what_leaves(profile, case_file, withhold, why_sealed=why_sealed).leaves

    for part, content in left.items():
        if part in profile.parts:
            assert profile.parts[part] is not PartClass.SEALED or why_sealed[part].strip()
        else:
            assert {f"{part}.{name}" for name in content} <= profile.fields
    assert not withhold & set(_places(left))
    assert outside(profile, left) == []


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*PROFILES.values()]), CASE_FILES)
def test_everything_of_a_case_file_either_leaves_or_is_named(
    profile: Profile, case_file: dict[str, Any]
) -> None:
    split = what_leaves(profile, case_file, ())
    named = {stay.place.split(".")[0] for stay in split.stays} | set(split.leaves)

    assert {part for part, content in case_file.items() if content not in ({}, [])} <= named


def test_outside_names_what_a_message_may_not_carry() -> None:
    assert outside(TRANSFER, {"identity": {}, "account": {}, "complaints": {}}) == ["complaints"]
    assert outside(REFERRAL, {"identity": {"surname": "x"}}) == ["identity.surname"]
