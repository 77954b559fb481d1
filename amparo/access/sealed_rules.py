"""Decide about class P3: who may be let in by whom, how long an open key lasts, when a wrong passphrase makes one wait.

Pure: no database, no clock, no cryptography. Design: security design 3. Decision: 0022.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

IDLE = timedelta(minutes=10)
TRIES = 5
WAIT = timedelta(minutes=15)
# A drill that was longer ago than this has to be done again.
DRILL_EVERY = timedelta(days=180)
SEALED_CLASS = "P3"


class How(StrEnum):
    """How an officer came to open what is sealed to her agency."""

    CEREMONY = "ceremony"
    TWO_PEOPLE = "two-people"
    RECOVERY = "recovery"


@dataclass(frozen=True)
class Tries:
    """How often a passphrase was wrong in a row, and until when nothing more is tried."""

    wrong: int
    wait_until: datetime | None

    def must_wait(self, at: datetime) -> bool:
        """Test whether nothing may be tried at this moment."""
        return self.wait_until is not None and at < self.wait_until

    @property
    def left(self) -> int:
        """How many tries are left before the next wait."""
        return TRIES - self.wrong

    def after_wrong(self, at: datetime) -> "Tries":
        """Return the count after one more wrong passphrase: the fifth makes one wait and begins the count again."""
        if self.wrong + 1 >= TRIES:
            return Tries(0, at + WAIT)
        return Tries(self.wrong + 1, self.wait_until)


def is_idle(used_at: datetime, *, at: datetime) -> bool:
    """Test whether an open key was left alone for too long, or was used in a future before the clock was put back."""
    return not -IDLE < at - used_at < IDLE


def ask_refusals(*, asker: UUID, officer: UUID, same_agency: bool, has_key: bool, granted: bool) -> list[str]:
    """Return why it may not be asked that an officer be let in, as codes; none means it may.

    Codes: `herself`, `other-agency`, `no-key` (she has set no passphrase), `granted` already.
    """
    reasons = {
        "herself": asker == officer,
        "other-agency": not same_agency,
        "no-key": not has_key,
        "granted": granted,
    }
    return [code for code, stands in reasons.items() if stands]


def grant_refusals(*, giver: UUID, asker: UUID, officer: UUID) -> list[str]:
    """Return why this person may not be the second who lets an officer in: `herself`, `same-person`."""
    return [
        code
        for code, stands in {"herself": giver == officer, "same-person": giver == asker}.items()
        if stands
    ]


def drill_is_due(made_at: datetime, drilled_at: datetime | None, *, at: datetime) -> bool:
    """Test whether recovery has to be tried: never tried yet, or not for half a year."""
    return drilled_at is None or at - drilled_at >= DRILL_EVERY or drilled_at < made_at
