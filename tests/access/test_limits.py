"""Show that strangers leave a bounded number of traces, whatever they send and from wherever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amparo.access.limits import OncePer

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def test_a_key_is_first_once_in_a_span_and_again_after_it() -> None:
    clock = Clock()
    limit = OncePer(MINUTE, clock=clock)

    said = [limit.first("a"), limit.first("a"), limit.first("b")]
    clock.at += timedelta(seconds=59)
    said.append(limit.first("a"))
    clock.at += timedelta(seconds=1)
    said.append(limit.first("a"))

    assert said == [True, False, True, False, True]


def test_many_keys_find_no_room_and_find_it_again_later() -> None:
    clock = Clock()
    limit = OncePer(MINUTE, most=3, clock=clock)

    crowd = [limit.first(str(key)) for key in range(10)]
    clock.at += MINUTE
    later = limit.first("9")

    assert crowd == [True] * 3 + [False] * 7
    assert later


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcdefgh")), max_size=60))
def test_no_span_ever_has_more_than_the_most_and_no_key_twice(steps: list[tuple[int, str]]) -> None:
    clock = Clock()
    limit = OncePer(MINUTE, most=4, clock=clock)
    given_at: list[tuple[datetime, str]] = []

    for seconds, key in steps:
        clock.at += timedelta(seconds=seconds)
        if limit.first(key):
            given_at.append((clock.at, key))

    for start, _ in given_at:
        within = [key for at, key in given_at if start <= at < start + MINUTE]
        assert len(within) <= 4
        assert len(within) == len(set(within))
