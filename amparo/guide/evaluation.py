"""Say what an evaluation of the Guide gives back: states, blocks, breaches, and what could not be answered.

Only shapes, all frozen. `evaluate.evaluate` makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from amparo.guide.model import Citation, Severity

State = Literal["not-applicable", "guarding", "open", "late", "met"]


# The two that are made dozens of times a case are tuples, which cost a quarter of a frozen dataclass to make.


class Bar(NamedTuple):
    """Why one obligation blocks one action: entries missing, a hold, a reopening, or always."""

    missing: tuple[str, ...]
    held: bool
    reopened: bool
    absolute: bool


class ObligationStatus(NamedTuple):
    """Where one obligation stands for one case."""

    id: str
    state: State
    due: datetime | None  # when the deadline runs out; None: no limit set, or nothing asked now
    missing: tuple[str, ...]  # evidence keys needed and not done
    bars: Mapping[str, Bar]  # action blocked now -> why
    severity: Severity
    duty_bearer: tuple[str, ...]
    sources: tuple[Citation, ...]
    ask: tuple[str, ...]  # unknown facts its conditions read
    first_due: datetime | None  # when it was first found due, for the caller to remember
    on_time: bool

    @property
    def blocks(self) -> tuple[str, ...]:
        """List the actions this obligation blocks now."""
        return tuple(self.bars)

    def since(self, first_due: datetime) -> "ObligationStatus":
        """Return the same status, first found due at a moment."""
        return ObligationStatus(*self[:-2], first_due, self.on_time)

    @property
    def is_open(self) -> bool:
        """Tell whether something is due, late or not."""
        return self.state in ("open", "late")


@dataclass(frozen=True, slots=True)
class Breach:
    """An action that happened although an obligation blocked it at that moment."""

    action: str
    obligation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A condition the engine could not answer; the protective side was taken."""

    condition: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole Guide judged for one case at one moment."""

    on: date
    obligations: tuple[ObligationStatus, ...]  # every obligation of the Guide, in its order
    blocked: Mapping[str, tuple[str, ...]]  # action -> ids of all obligations that block it
    breaches: tuple[Breach, ...]
    errors: tuple[Unanswered, ...]
    first_due: Mapping[str, datetime]  # to be stored with the case and given back next time
    not_counted: tuple[str, ...]  # evidence done by a role that may not attest it
    guarded: tuple[str, ...]  # facts that count as doubtful because their proof is missing
    contradicted: tuple[str, ...] = ()  # evidence that does not count because a fact speaks against it

    def status(self, obligation_id: str) -> ObligationStatus:
        """Return the status of one obligation; KeyError when the Guide has none of that id."""
        for status in self.obligations:
            if status.id == obligation_id:
                return status
        raise KeyError(obligation_id)
