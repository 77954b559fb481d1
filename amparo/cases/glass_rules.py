"""Say how long a case stands open in danger of life, what is owed for it, and what of that is late.

Pure: no database, no clock. Opening first and asking later is right when a child is in danger; it is never without
consequences. Design: security design 5, "Break glass". Decision: 0025.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LASTS = timedelta(hours=4)
MOST_AT_ONCE = 3
SHORTEST = 10  # letters of the reason: somebody has to understand it in a year


class Danger(StrEnum):
    """Why a case is opened by somebody who does not work with the child."""

    VIOLENCE = "violence-now"
    HEALTH = "medical-emergency"
    TRAFFICKING = "taken-by-traffickers"
    MISSING = "child-missing"


class Owed(StrEnum):
    """What has to follow each time."""

    SECOND = "seen-by-a-second-person"
    CHILD = "child-told"
    GUARDIAN = "guardian-told"
    REVIEW = "reviewed-by-oversight"


class Answer(StrEnum):
    """How something owed was answered."""

    SEEN = "seen"
    TOLD = "told"
    UNSAFE_TO_TELL = "unsafe-to-tell"
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not-justified"


WITHIN: Mapping[Owed, timedelta] = {
    Owed.SECOND: timedelta(hours=1),
    Owed.CHILD: timedelta(hours=72),
    Owed.GUARDIAN: timedelta(hours=72),
    Owed.REVIEW: timedelta(hours=72),
}
ANSWERS: Mapping[Owed, frozenset[Answer]] = {
    Owed.SECOND: frozenset({Answer.SEEN}),
    Owed.CHILD: frozenset({Answer.TOLD, Answer.UNSAFE_TO_TELL}),
    Owed.GUARDIAN: frozenset({Answer.TOLD, Answer.UNSAFE_TO_TELL}),
    Owed.REVIEW: frozenset({Answer.JUSTIFIED, Answer.NOT_JUSTIFIED}),
}


@dataclass(frozen=True)
class Due:
    """One thing that is owed, and until when; `late` where that has passed."""

    owed: Owed
    until: datetime
    late: bool


def still_owed(broken_at: datetime, answered: frozenset[Owed], *, at: datetime) -> tuple[Due, ...]:
    """Return what is still owed for a case that was opened so, the first to end first."""
    open_ones = [one for one in Owed if one not in answered]
    dues = [Due(one, broken_at + WITHIN[one], at > broken_at + WITHIN[one]) for one in open_ones]
    return tuple(sorted(dues, key=lambda due: (due.until, due.owed)))


def answer_refusal(owed: Owed, answer: Answer, *, own: bool, answered: bool) -> str:
    """Say why an answer cannot be given; empty when it can. `own`: by whoever opened the case."""
    if own:
        return "own"
    if answered:
        return "answered"
    return "" if answer in ANSWERS[owed] else "no-such-answer"
