"""List the cases that were opened in danger of life, with what is still owed for each; nothing of the child herself.

Row-level security chooses the rows: supervisors see those of their agency and of their cases, oversight sees all.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from amparo.access import audit
from amparo.access.rules import Actor, may
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.glass_rules import Danger, Due, Owed, still_owed

_SHOWN = 200


@dataclass(frozen=True)
class GlassLine:
    """One case that was opened so: by whom, for which danger, until when, and what is still owed."""

    id: UUID
    case_id: UUID
    reference: str
    danger: Danger
    role: str
    agency_name: dict[str, str]
    at: datetime
    ends: datetime
    owed: tuple[Due, ...]
    own: bool
    led_here: bool

    @property
    def late(self) -> bool:
        """Whether anything owed is late."""
        return any(due.late for due in self.owed)


def broken_glass(by: Actor) -> tuple[GlassLine, ...]:
    """Return the cases that were opened so and that this person answers for, the newest first.

    Raises:
        NotAllowed: neither a supervisor nor oversight.
    """
    audit.require(by, "glass.review" if may(by, "glass.review") else "glass.answer")
    rows = models.BrokenGlass.objects.select_related("agency").prefetch_related("answers").order_by("-at")
    return tuple(_line(row, by) for row in rows[:_SHOWN])


def count_unanswered(by: Actor) -> int:
    """Return for how many of them something is still owed."""
    return sum(bool(one.owed) for one in broken_glass(by))


def _line(row: models.BrokenGlass, by: Actor) -> GlassLine:
    answered = frozenset(Owed(one.owed) for one in row.answers.all())
    return GlassLine(
        id=row.pk,
        case_id=row.case_id,
        reference=row.reference,
        danger=Danger(row.danger),
        role=row.role,
        agency_name=row.agency.name,
        at=row.at,
        ends=row.ends,
        owed=still_owed(row.at, answered, at=now()),
        own=row.person == by.id,
        led_here=row.led_by_id == by.agency_id,
    )
