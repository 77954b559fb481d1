"""Hold the rules on custody to their promises: nothing is hidden, lateness is seen, doubt favours the child."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.custody.rules import (
    LATE_AFTER,
    OPEN_PLACES,
    DocumentKind,
    FactKind,
    GoesTo,
    Holder,
    KnownFact,
    MayLeave,
    NewFact,
    Paper,
    PlaceKind,
    Why,
    fact_refusals,
    held_now,
    is_deprived,
    late_by,
    next_hearing,
    standing,
    stays_of,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def held(**changes: object) -> NewFact:
    """A child in a migration station, for an hour."""
    said = NewFact(
        kind=FactKind.HELD,
        at=NOW - timedelta(hours=1),
        place="Estación de prueba",
        place_kind=PlaceKind.MIGRATION_STATION,
        may_leave=MayLeave.NO,
        holder=Holder.MIGRATION,
    )
    return replace(said, **changes)  # type: ignore[arg-type]


def let_out(of: UUID, **changes: object) -> NewFact:
    """The end of a stay, ten minutes ago."""
    end = NewFact(FactKind.LET_OUT, NOW - timedelta(minutes=10), ends=of, goes_to=GoesTo.CHILD_PROTECTION)
    return replace(end, **changes)  # type: ignore[arg-type]


def known(number: int, said: NewFact, at: datetime = NOW) -> KnownFact:
    return KnownFact(UUID(int=number), said, at, "mx-migracion", "migration-officer")


def codes(said: NewFact, before: Sequence[KnownFact] = ()) -> set[str]:
    return {one.code for one in fact_refusals(said, at=NOW, known=before)}


def test_a_whole_fact_is_taken() -> None:
    assert codes(held()) == set()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (held(at=NOW + timedelta(minutes=11)), "ahead"),
        (held(at=NOW - timedelta(days=2000)), "long-ago"),
        (held(place=" "), "place-missing"),
        (held(place_kind=None), "place-missing"),
        (held(holder=None), "place-missing"),
        (held(may_leave=None), "may-leave-missing"),
        (NewFact(FactKind.DECISION, NOW), "paper-missing"),
        (NewFact(FactKind.DECISION, NOW, paper=Paper(DocumentKind.RETURN_ORDER, " ")), "number-missing"),
        (NewFact(FactKind.DECISION, NOW, paper=Paper(DocumentKind.OTHER, "1", "ab")), "digest-wrong"),
        (NewFact(FactKind.VOID, NOW), "corrects-missing"),
        (let_out(UUID(int=9)), "ends-unknown"),
        (held(why=Why.MISTYPED), "why-missing"),
        (held(corrects=UUID(int=9), why=Why.MISTYPED), "corrects-unknown"),
        (NewFact(FactKind.HEARING, NOW + timedelta(days=2000)), "ahead"),
    ],
)
def test_each_thing_that_is_wrong_has_its_own_reason(said: NewFact, code: str) -> None:
    assert code in codes(said)


def test_a_hearing_may_lie_ahead() -> None:
    assert codes(NewFact(FactKind.HEARING, NOW + timedelta(days=30))) == set()


def test_a_stay_cannot_end_before_it_began_or_twice() -> None:
    first = known(1, held())
    end = known(2, let_out(first.id))

    assert "ends-before" in codes(let_out(first.id, at=NOW - timedelta(hours=2)), [first])
    assert "ended-before" in codes(let_out(first.id), [first, end])


def test_a_fact_is_corrected_once_and_by_its_own_kind() -> None:
    first = known(1, held())
    right = known(2, held(corrects=first.id, why=Why.WRONG_PLACE, place="Otra"))
    hearing = NewFact(FactKind.HEARING, NOW, corrects=first.id, why=Why.MISTYPED)

    assert "corrects-other" in codes(hearing, [first])
    assert "corrected-before" in codes(held(corrects=first.id, why=Why.MISTYPED), [first, right])


def test_the_end_of_a_corrected_stay_follows_the_correction() -> None:
    first = known(1, held())
    end = known(2, let_out(first.id))
    right = known(3, held(corrects=first.id, why=Why.WRONG_PLACE, place="Otra"))

    stays = stays_of([first, end, right])

    assert [(stay.held.id, stay.end and stay.end.id) for stay in stays] == [(right.id, end.id)]


def test_a_withdrawn_end_opens_the_stay_again() -> None:
    first = known(1, held())
    end = known(2, let_out(first.id))
    void = known(3, NewFact(FactKind.VOID, NOW, corrects=end.id, why=Why.WRONG_CHILD))

    assert held_now(stays_of([first, end, void]))


def test_the_next_hearing_is_the_first_that_stands() -> None:
    soon = known(1, NewFact(FactKind.HEARING, NOW + timedelta(days=2)))
    later = known(2, NewFact(FactKind.HEARING, NOW + timedelta(days=5)))
    void = known(3, NewFact(FactKind.VOID, NOW, corrects=soon.id, why=Why.WRONG_CHILD))

    assert next_hearing([soon, later], at=NOW) == soon.said.at
    assert next_hearing([soon, later, void], at=NOW) == later.said.at
    assert next_hearing([], at=NOW) is None


@given(st.sampled_from(PlaceKind), st.sampled_from(MayLeave))
def test_only_an_open_place_that_she_may_leave_is_no_deprivation(place: PlaceKind, leave: MayLeave) -> None:
    free = place in OPEN_PLACES and leave is MayLeave.YES

    assert is_deprived(held(place_kind=place, may_leave=leave)) is not free


@given(st.timedeltas(min_value=timedelta(minutes=-10), max_value=timedelta(days=2000)))
def test_whatever_is_told_later_than_the_promise_is_shown_as_late(after: timedelta) -> None:
    late = late_by(held(at=NOW), NOW + after)

    assert late == (after if after > LATE_AFTER else None)


@st.composite
def stories(draw: st.DrawFn) -> list[KnownFact]:
    """Facts in the order they were told, each ending or correcting anything before it, sensible or not."""
    told: list[KnownFact] = []
    for number in range(draw(st.integers(0, 12))):
        earlier = st.sampled_from([one.id for one in told]) if told else st.none()
        free = [one.id for one in told if one.id not in {other.said.corrects for other in told}]
        corrects = draw(st.one_of(st.none(), st.sampled_from(free))) if free else None
        told.append(
            known(
                number + 1,
                NewFact(
                    kind=draw(st.sampled_from(FactKind)),
                    at=NOW - draw(st.timedeltas(timedelta(0), timedelta(days=9))),
                    ends=draw(earlier),
                    corrects=corrects,
                    why=Why.MISTYPED if corrects else None,
                ),
            )
        )
    return told


@given(stories())
def test_every_fact_stands_or_is_named_by_what_corrects_it(told: list[KnownFact]) -> None:
    stands = {one.id for one in standing(told)}
    named = {one.said.corrects for one in told}

    assert all(one.id in stands or one.id in named or one.said.kind is FactKind.VOID for one in told)


@given(stories())
def test_every_stay_that_stands_is_shown_and_open_until_an_end_stands(told: list[KnownFact]) -> None:
    stays = stays_of(told)

    assert {stay.held.id for stay in stays} == {
        one.id for one in standing(told) if one.said.kind is FactKind.HELD
    }
    assert all(stay.end is None or stay.end in standing(told) for stay in stays)
