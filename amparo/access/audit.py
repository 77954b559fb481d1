"""Write down each decision to read or write, allowed or not, without content.

The row is chained to the one before it inside the database, when the transaction commits (migration 0002).
Nothing here can change or remove a row: the role of the application has no right to.
"""

import uuid
from collections.abc import Sequence

from amparo.access import models
from amparo.access.events import Event
from amparo.access.rules import Actor, NotAllowed, may
from amparo.base.clock import now
from amparo.base.ids import uuid7


def record(
    event: Event,
    *,
    by: Actor,
    subject: str,
    purpose: str = "",
    allowed: bool = True,
    reasons: Sequence[str] = (),
) -> None:
    """Add one row to the audit trail; `subject` is kind:id, `reasons` are codes, never content."""
    models.AuditEntry.objects.create(
        id=uuid7(),
        at=now(),
        event=event,
        allowed=allowed,
        actor=by.id,
        role=by.role,
        agency=by.agency,
        subject=subject,
        purpose=purpose,
        reasons=list(reasons),
    )


def require(by: Actor, act: str) -> None:
    """Raise NotAllowed unless the table of rights gives the act; the door records the refusal."""
    if not may(by, act):
        raise NotAllowed(act)


def subject_of(kind: str, identifier: uuid.UUID) -> str:
    """Return how a record is named in the trail."""
    return f"{kind}:{identifier}"
