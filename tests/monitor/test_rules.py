"""Show which answer stands, how a proposal moves, what a comment is: pure rules, many cases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.monitor import rules
from amparo.monitor.rules import Answer, CommentEntry, Said, Stance, Status

AT = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def _answer(seen: UUID | None = None, stance: Stance = Stance.ADOPTED) -> Answer:
    return Answer(uuid4(), "MX", "no-detention", "1", stance, None, "", "", AT, "delegacion-mx", seen)


def test_nothing_stands_where_nobody_answered() -> None:
    assert rules.fold_answers([]).stands is None


def test_an_answer_stands_when_its_writer_saw_the_one_before() -> None:
    first = _answer()
    second = _answer(first.id, Stance.UNDER_STUDY)

    folded = rules.fold_answers([first, second])

    assert folded.stands == second
    assert folded.history == (first, second)
    assert folded.crossed == ()


def test_of_two_answers_at_once_the_first_stands_and_both_are_kept() -> None:
    first, other = _answer(), _answer(None, Stance.NOT_ADOPTED)

    folded = rules.fold_answers([first, other])

    assert folded.stands == first
    assert folded.history == (first, other)
    assert folded.crossed == (other,)


def test_a_crossed_answer_stands_when_given_again_with_the_other_seen() -> None:
    first, other = _answer(), _answer(None, Stance.NOT_ADOPTED)
    again = replace(other, id=uuid4(), seen=first.id)

    assert rules.fold_answers([first, other, again]).stands == again


@given(st.lists(st.integers(min_value=-1, max_value=9), max_size=10))
def test_whatever_was_seen_no_answer_is_lost_and_the_first_unseen_one_never_replaces(seen: list[int]) -> None:
    written: list[Answer] = []
    for at in seen:
        written.append(_answer(written[at % len(written)].id if written and at >= 0 else None))

    folded = rules.fold_answers(written)

    assert folded.history == tuple(written)
    assert (folded.stands is None) == (not written)
    standing = None
    for answer in written:
        if answer not in folded.crossed:
            assert answer.seen == (standing.id if standing else None)
            standing = answer
    assert folded.stands == standing


def _faults(
    stance: Stance, *, reason: str = "", since: date | None = None, instrument: str = ""
) -> list[str]:
    found = rules.stance_faults(stance=stance, since=since, reason=reason, instrument=instrument, on=TODAY)
    return [fault.__class__.__name__ for fault in found]


@pytest.mark.parametrize("reason", ["", " ", "\n\t "])
def test_a_reservation_needs_a_reason(reason: str) -> None:
    assert _faults(Stance.WITH_RESERVATION, reason=reason) == ["ReasonMissing"]
    assert _faults(Stance.WITH_RESERVATION, reason="Falta ley.") == []


@pytest.mark.parametrize("stance", [one for one in Stance if one is not Stance.WITH_RESERVATION])
def test_other_answers_need_no_reason(stance: Stance) -> None:
    assert _faults(stance) == []


@pytest.mark.parametrize(
    ("since", "wrong"),
    [
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
        (date(1899, 12, 31), True),
        (date(1900, 1, 1), False),
    ],
)
def test_the_day_has_come_and_is_not_long_past(since: date, wrong: bool) -> None:
    assert (_faults(Stance.ADOPTED, since=since) == ["DayWrong"]) is wrong


def test_texts_are_refused_rather_than_shortened() -> None:
    assert _faults(Stance.ADOPTED, reason="x" * 5001) == ["TextWrong"]
    assert _faults(Stance.ADOPTED, reason="x" * 5000, instrument="x" * 500) == []
    assert _faults(Stance.ADOPTED, instrument="x" * 501) == ["TextWrong"]
    assert _faults(Stance.ADOPTED, reason="a\x00b") == ["TextWrong"]
    assert [str(one) for one in rules.text_faults(" ", longest=5)] == ["The text is empty."]


def test_counting_knows_who_has_not_answered() -> None:
    counts = rules.counted([_answer(), None, _answer(stance=Stance.NOT_ANSWERED)])

    assert counts[Stance.ADOPTED] == 1
    assert counts[Stance.NOT_ANSWERED] == 2
    assert sum(counts.values()) == 3


# ---- proposals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_a_proposal_moves_only_along_the_table(before: Status, after: Status) -> None:
    found = rules.move_faults(before, after, "porque")

    assert (found == []) is (after in rules.NEXT_STATUSES[before])


@pytest.mark.parametrize("after", [Status.DECLINED, Status.WITHDRAWN])
def test_declining_and_withdrawing_say_why(after: Status) -> None:
    assert [one.__class__.__name__ for one in rules.move_faults(Status.OPEN, after, " ")] == ["ReasonMissing"]


@pytest.mark.parametrize("status", list(Status))
def test_only_the_secretariat_decides_and_only_whoever_proposed_withdraws(status: Status) -> None:
    of_proposer = rules.moves_for(status, decides=False, own=True)
    of_secretariat = rules.moves_for(status, decides=True, own=False)

    assert of_proposer <= {Status.WITHDRAWN}
    assert Status.WITHDRAWN not in of_secretariat
    assert of_proposer | of_secretariat == rules.NEXT_STATUSES[status]
    assert rules.moves_for(status, decides=False, own=False) == frozenset()


def test_what_was_withdrawn_stays_so() -> None:
    assert rules.NEXT_STATUSES[Status.WITHDRAWN] == frozenset()


# ---- comments -----------------------------------------------------------------------------------

AUTHOR, OTHER, ID = uuid4(), uuid4(), uuid4()


def _entry(number: int, said: Said, text: str = "", actor: UUID = AUTHOR) -> CommentEntry:
    return CommentEntry(ID, number, said, text, AT + timedelta(hours=number), actor, "country-delegate", "a")


def test_a_comment_keeps_every_version() -> None:
    folded = rules.fold_comment([_entry(1, Said.TEXT, "uno"), _entry(2, Said.TEXT, "dos")])

    assert folded.text == "dos"
    assert folded.versions == ("uno", "dos")
    assert folded.edited_at == AT + timedelta(hours=2)
    assert folded.number == 2


def test_a_text_by_somebody_else_does_not_count() -> None:
    folded = rules.fold_comment([_entry(1, Said.TEXT, "uno"), _entry(2, Said.TEXT, "falso", OTHER)])

    assert folded.text == "uno"
    assert folded.versions == ("uno",)
    assert folded.author == AUTHOR


def test_a_hidden_comment_says_why_and_may_be_shown_again() -> None:
    hidden = rules.fold_comment([_entry(1, Said.TEXT, "uno"), _entry(2, Said.HIDDEN, "insulto", OTHER)])
    shown = rules.fold_comment(
        [
            _entry(1, Said.TEXT, "uno"),
            _entry(2, Said.HIDDEN, "insulto", OTHER),
            _entry(3, Said.SHOWN, "", OTHER),
        ]
    )

    assert (hidden.hidden, hidden.hidden_because, hidden.text) == (True, "insulto", "uno")
    assert (shown.hidden, shown.hidden_because, shown.text) == (False, "", "uno")


def test_a_hidden_text_is_taken_away_and_its_reason_stays() -> None:
    folded = rules.fold_comment([_entry(1, Said.TEXT, "uno"), _entry(2, Said.HIDDEN, "insulto", OTHER)])

    read = rules.without_hidden_text(folded)

    assert "uno" not in str(read)
    assert read.hidden_because == "insulto"
    assert rules.without_hidden_text(replace(folded, hidden=False)).text == "uno"
