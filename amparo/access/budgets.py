"""Say how many more children somebody may open today, and count each one that she opens.

The rule of access asks before each opening; what is opened is counted in the same transaction, so that an answer that
fails costs nothing, and two requests at once cannot pass the limit. Decision: 0025.
"""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection

from amparo.access import audit, models
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.budget_rules import LIMITS, budget
from amparo.access.deciding import UNLIMITED, Budget
from amparo.access.events import Event
from amparo.access.rights import RIGHTS_OF_ACTS
from amparo.access.roles import Reach
from amparo.access.rules import Actor
from amparo.base.clock import now, today
from amparo.base.ids import uuid7

_PERSONAL = frozenset({Reach.P2, Reach.P3})


def budget_of(by: Actor, subject: str) -> Budget:
    """Return what a reader has left; the case `subject` (case:ID) is free where she opened it today."""
    if by.role not in LIMITS:
        return UNLIMITED
    opened = models.Opening.objects.filter(person=by.id, day=this_day())
    if opened.filter(subject=subject).exists():
        return UNLIMITED
    _wait_turn(by)
    return budget(
        by.role,
        opened_today=opened.count(),
        raises=models.BudgetRaise.objects.filter(person=by.id, day=this_day()).count(),
        stepped_up=models.StepUp.objects.filter(person=by.id, day=this_day()).exists(),
    )


def note_opening(by: Actor, act: str, subject: str, *, purpose: str) -> None:
    """Count a child whose personal data an allowed act shows; an invented child alarms oversight, unseen."""
    right = RIGHTS_OF_ACTS.get(act)
    if right is None or not right.shows & _PERSONAL or by.role not in LIMITS or by.agency_id is None:
        return
    row = models.Opening(
        person=by.id, agency=by.agency_id, role=by.role, day=this_day(), subject=subject, at=now()
    )
    models.Opening.objects.bulk_create([row], ignore_conflicts=True)
    _watch_canaries(by, subject, purpose)


def invented_cases() -> frozenset[UUID]:
    """Return the cases of invented children, to the node itself: figures, samples and exports leave them out."""
    subjects = models.Canary.objects.values_list("subject", flat=True)
    return frozenset(UUID(one.removeprefix("case:")) for one in subjects if one.startswith("case:"))


def plant_invented(case_id: UUID) -> None:
    """Say that a case is of an invented child; only the node may write and read this."""
    models.Canary.objects.get_or_create(subject=audit.subject_of("case", case_id), defaults={"at": now()})


def this_day() -> date:
    """Return the day it is at this node."""
    return today(settings.HOME.profile.timezone)


def _watch_canaries(by: Actor, subject: str, purpose: str) -> None:
    with acting_as(SYSTEM):
        if models.Canary.objects.filter(subject=subject).exists():
            models.CanaryAlarm.objects.create(
                id=uuid7(),
                subject=subject,
                at=now(),
                person=by.id,
                role=by.role,
                agency=by.agency,
                purpose=purpose,
            )
            audit.record(Event.CANARY_READ, by=by, subject="alarm:reading", purpose=purpose)


def _wait_turn(by: Actor) -> None:
    """Let one request of a person open a new child at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"opening {by.id}"])
