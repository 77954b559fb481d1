"""Show what of a foreign case file becomes entries here, what becomes a note, and what is not even read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.exchange.case_file import entries_from, identity_from, is_readable, label_of
from amparo.guide import load

NOW = datetime(2026, 9, 15, 18, 0, tzinfo=UTC)
AT = "2026-09-01T09:00:00-06:00"


def _entries(**parts: Any) -> list[tuple[str, str, Any]]:  # noqa: ANN401
    return [(entry.kind.value, entry.name, entry.clear) for entry in entries_from(parts, load("HN"), now=NOW)]


def test_a_fact_the_guide_can_read_is_taken_over_with_its_time() -> None:
    entry = entries_from({"facts": {"asylum": {"value": "informed", "at": AT}}}, load("HN"), now=NOW)[0]

    assert (entry.kind.value, entry.name, entry.clear, entry.at.isoformat()) == (
        "fact",
        "asylum",
        "informed",
        AT,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("asylum", "perhaps"), ("weather", "fine"), ("age_in_months", "ten"), ("country", "MX")],
)
def test_a_fact_it_cannot_read_becomes_a_note_and_stops_nothing(name: str, value: Any) -> None:  # noqa: ANN401
    assert _entries(facts={name: {"value": value, "at": AT}}) == [("note", "not-taken-over", {"fact": name})]


def test_evidence_keeps_the_role_that_attested_it() -> None:
    told = {"lawyer-named": {"done": True, "at": AT, "by_role": "child-protection-authority", "agency": "mx"}}

    assert _entries(evidence=told) == [
        ("evidence", "lawyer-named", {"done": True, "by_role": "child-protection-authority"})
    ]


def test_evidence_by_a_role_that_may_not_attest_it_is_a_claim_only() -> None:
    told = {"lawyer-named": {"done": True, "at": AT, "by_role": "migration-authority"}}

    assert [one[:2] for one in _entries(evidence=told)] == [("note", "claim-not-counted")]


def test_what_another_system_attests_of_itself_is_not_taken_over() -> None:
    assert _entries(evidence={"access-log-open": {"done": True, "at": AT, "by_role": "system"}}) == []


@pytest.mark.parametrize("at", ["2099-01-01T00:00:00Z", "yesterday", None, "2026-09-01T09:00:00"])
def test_a_time_that_cannot_be_is_this_moment(at: str | None) -> None:
    entry = entries_from({"facts": {"asylum": {"value": "informed", "at": at}}}, load("HN"), now=NOW)[0]

    assert entry.at == NOW


def test_her_account_stays_in_the_closest_class() -> None:
    parts = {"account": {"said": [{"at": AT, "words": {"text": "…"}}]}}

    entry = entries_from(parts, load("HN"), now=NOW)[0]

    assert (entry.kind.value, entry.told) == ("words", {"protection": "P3"})


@pytest.mark.parametrize(
    "parts",
    [{"identity": "Ana"}, {"facts": {"asylum": "informed"}}, {"hearings": {"said": ["x"]}}, {"account": {"said": {}}},
     {"hearings": {"agreed": []}}, {"evidence": []}],
)  # fmt: skip
def test_parts_of_another_shape_are_not_read(parts: dict[str, Any]) -> None:
    assert not is_readable(parts)


_PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_JSON = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
_PARTS = st.dictionaries(
    st.sampled_from(["facts", "evidence", "identity", "family", "hearings", "account", "safeguards"]),
    st.dictionaries(st.sampled_from(["said", "agreed", "asylum", "lawyer-named", "given"]), _JSON, max_size=3)
    | _JSON,
)


@given(_PARTS)
def test_what_is_readable_can_be_taken_over_whatever_it_says(parts: dict[str, Any]) -> None:
    if is_readable(parts):
        assert all(entry.at <= NOW for entry in entries_from(parts, load("HN"), now=NOW))
        assert len(label_of(identity_from(parts))) <= 40
