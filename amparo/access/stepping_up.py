"""Let somebody open more children today: she proves again who she is and says why, or her supervisor raises the limit.

The page asks for the password or second factor before; here it is written down. Nobody raises her own limit.
Design: security design 5, "Budgets". Decision: 0025.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from amparo.access import audit, models
from amparo.access.budget_rules import LIMITS, MORE, MOST_RAISES, Because, stands_out
from amparo.access.budgets import this_day
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.roles import Role
from amparo.access.rules import Actor
from amparo.base.clock import now


class RaiseRefused(Refused):
    """This limit cannot be raised by this person now; `code` says why."""

    def __init__(self, code: str, *, subject: str) -> None:
        super().__init__("This limit cannot be raised.", subject=subject, reason_codes=(code,))
        self.code = code


@dataclass(frozen=True)
class MuchRead:
    """Somebody of the agency who opened many children today, for her supervisor."""

    person: UUID
    name: str
    role: str
    opened: int
    limit: int
    stepped_up: str  # why, or empty
    raises: int

    @property
    def at_the_limit(self) -> bool:
        """Whether she can open no other child today."""
        return self.opened >= self.limit


@transaction.atomic
def step_up(*, by: Actor, because: Because) -> None:
    """Write down that somebody proved again who she is, and why she opens so many; once a day is enough."""
    audit.require(by, "budget.step-up")
    row = models.StepUp(person=by.id, agency=by.body, day=this_day(), at=now(), because=because)
    models.StepUp.objects.bulk_create([row], ignore_conflicts=True)
    audit.record(Event.STEPPED_UP, by=by, subject=f"person:{by.id}", reasons=(because.value,))


@transaction.atomic
def raise_budget(*, person: UUID, by: Actor, because: Because) -> None:
    """Let somebody of one's agency open more children, for today.

    Raises:
        NotAllowed: only a supervisor may.
        RaiseRefused: herself, not of her agency, or raised often enough today.
    """
    audit.require(by, "budget.raise")
    subject = f"person:{person}"
    if person == by.id:
        raise RaiseRefused("own-limit", subject=subject)
    if not models.Person.objects.filter(pk=person, agency_id=by.body, is_active=True).exists():
        raise RaiseRefused("not-of-this-agency", subject=subject)
    if models.BudgetRaise.objects.filter(person=person, day=this_day()).count() >= MOST_RAISES:
        raise RaiseRefused("raised-often-enough", subject=subject)
    models.BudgetRaise.objects.create(
        person=person, agency=by.body, day=this_day(), at=now(), because=because, by=by.id
    )
    audit.record(Event.BUDGET_RAISED, by=by, subject=subject, reasons=(because.value,))


def who_read_much(by: Actor) -> tuple[MuchRead, ...]:
    """Return who of the agency opened many children today, most first; a supervisor sees it on her day."""
    audit.require(by, "budget.raise")
    rows = models.Opening.objects.filter(agency=by.body, day=this_day())
    counted = rows.values_list("person", "role").annotate(opened=Count("id")).order_by("-opened")
    found = [one for one in counted if stands_out(Role(one[1]), one[2])]
    names = dict(models.Person.objects.filter(pk__in=[one[0] for one in found]).values_list("pk", "name"))
    return tuple(_much_read(person, role, opened, names.get(person, "")) for person, role, opened in found)


def _much_read(person: UUID, role: str, opened: int, name: str) -> MuchRead:
    raises = models.BudgetRaise.objects.filter(person=person, day=this_day()).count()
    stepped = models.StepUp.objects.filter(person=person, day=this_day()).first()
    most = LIMITS[Role(role)].most + MORE * min(raises, MOST_RAISES)
    return MuchRead(person, name, role, opened, most, stepped.because if stepped else "", raises)
