"""Show when two accounts count as one person, and who may settle a change that needs two."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.people_rules import ChangeState, Party, mailbox, may_be_one, settle_refusal, written_name

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE, THERE = UUID(int=7), UUID(int=8)


def _party(number: int, email: str, name: str = "", agency: UUID = HERE) -> Party:
    return Party(UUID(int=number), email, name or f"Persona {number}", agency)


@pytest.mark.parametrize(
    "email",
    ["doc@example.org", "DOC@example.org", " d.o.c@example.org", "doc+otra@example.org", "ｄoc@example.org"],
)
def test_spellings_of_one_mailbox_are_one(email: str) -> None:
    assert mailbox(email) == "doc@example.org"


def test_another_mailbox_is_another() -> None:
    assert mailbox("doc@example.org") != mailbox("doc2@example.org")
    assert mailbox("doc@example.org") != mailbox("doc@example.net")


@pytest.mark.parametrize("name", ["Lucía  Peña", "lucia pena", "LUCÍA-PEÑA", "Lucía Peña."])
def test_a_name_is_known_however_it_is_written(name: str) -> None:
    assert written_name(name) == "luciapena"


def test_the_same_name_in_another_agency_is_another_person() -> None:
    assert may_be_one(_party(1, "a@example.org", "Ana Luz"), _party(2, "b@example.org", "Ana Luz"))
    assert not may_be_one(_party(1, "a@example.org", "Ana Luz"), _party(2, "b@example.org", "Ana Luz", THERE))


@given(st.sampled_from("ab"), st.sampled_from(["", "+x", "+y"]), st.integers(0, 3), st.integers(0, 3))
def test_two_accounts_are_told_apart_alike_from_both_sides(
    letter: str, tag: str, one: int, other: int
) -> None:
    first, second = _party(one, f"a{tag}@example.org"), _party(other, f"{letter}@example.org")

    assert may_be_one(first, second) == may_be_one(second, first)
    assert may_be_one(first, first)


def _refusal(by: Party, **other: object) -> str:
    asked: dict[str, object] = {
        "state": ChangeState.WAITING,
        "ends_at": AT + timedelta(hours=1),
        "proposer": _party(1, "uno@example.org"),
        "concerned": _party(2, "dos@example.org"),
        "at": AT,
    }
    return settle_refusal(by=by, **(asked | other))  # type: ignore[arg-type]


def test_a_third_person_confirms() -> None:
    assert _refusal(_party(3, "tres@example.org")) == ""


@pytest.mark.parametrize(
    ("by", "why"),
    [
        (_party(1, "uno@example.org"), "proposer"),
        (_party(4, "u.no+b@example.org"), "proposer"),
        (_party(5, "otra@example.org", "persona 1"), "proposer"),
        (_party(2, "dos@example.org"), "concerned"),
        (_party(6, "DOS+c@example.org"), "concerned"),
    ],
)
def test_who_proposed_or_is_concerned_does_not_confirm(by: Party, why: str) -> None:
    assert _refusal(by) == why


@pytest.mark.parametrize("state", [one for one in ChangeState if one is not ChangeState.WAITING])
def test_what_is_settled_stays_settled(state: ChangeState) -> None:
    assert _refusal(_party(3, "tres@example.org"), state=state) == "settled"


def test_a_day_later_it_is_over() -> None:
    assert _refusal(_party(3, "tres@example.org"), ends_at=AT) == "over"
