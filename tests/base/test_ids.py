"""Show that ids are fresh and ordered, and that a misread case reference is noticed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.base import ids

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
COUNTRIES = st.sampled_from(["MX", "HN", "GT", "SV", "CR", "PA", "DO", "CA", "US", "BZ", "NI"])


def test_uuid7_says_its_version_and_keeps_the_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", iter([10**18, 10**18 + 10**6]).__next__)

    earlier, later = ids.uuid7(), ids.uuid7()

    assert (earlier.version, earlier.variant) == (7, "specified in RFC 4122")
    assert earlier < later
    assert earlier.int >> 80 == 10**12


def test_uuid7_differs_within_one_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 10**18)

    assert len({ids.uuid7() for _ in range(1000)}) == 1000


def test_random_id_has_128_bits_and_is_recognised() -> None:
    one, other = ids.random_id(), ids.random_id()

    assert one != other
    assert re.fullmatch("[0-9a-f]{32}", one)
    assert ids.is_random_id(one)


@pytest.mark.parametrize("text", ["", "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n", 7, None])
def test_other_texts_are_no_random_id(text: object) -> None:
    assert not ids.is_random_id(text)


@given(COUNTRIES)
def test_case_reference_reads_back_as_written(country: str) -> None:
    reference = ids.case_reference(country)

    assert re.fullmatch(rf"{country}-[{SIGNS}]{{4}}-[{SIGNS}]{{4}}", reference)
    assert ids.read_case_reference(reference) == reference


@given(COUNTRIES)
def test_case_reference_may_be_typed_loosely(country: str) -> None:
    reference = ids.case_reference(country)
    body = reference[3:].replace("0", "o").replace("1", "l").replace("-", " ")

    assert ids.read_case_reference(f" {country.lower()}{body} ") == reference


@given(COUNTRIES, st.integers(0, 7), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(country: str, place: int, sign: str) -> None:
    reference = ids.case_reference(country)
    at = 3 + place + place // 4
    wrong = reference[:at] + sign + reference[at + 1 :]

    if wrong == reference:
        assert ids.read_case_reference(wrong) == reference
    else:
        with pytest.raises(ids.ReferenceWrong):
            ids.read_case_reference(wrong)


@given(COUNTRIES, st.integers(0, 6))
def test_two_neighbours_swapped_are_noticed(country: str, place: int) -> None:
    reference = ids.case_reference(country)
    signs = list(reference[3:].replace("-", ""))
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    swapped = f"{country}-{''.join(signs[:4])}-{''.join(signs[4:])}"

    if swapped == reference:
        assert ids.read_case_reference(swapped) == reference
    else:
        with pytest.raises(ids.ReferenceWrong):
            ids.read_case_reference(swapped)


@pytest.mark.parametrize("text", ["", "MX", "MX-7Q2K-4F9", "M1-7Q2K-4F9D", "MX-7Q2K-4F9U", "MX-7Q2K-4F9DD"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ids.ReferenceWrong):
        ids.read_case_reference(text)
