"""Find the forms that came a second time under one number with other answers, so that a person can look.

The second form is kept sealed and changes nothing; nothing of it is opened here. Decision: 0004.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.cases import models
from amparo.forms.models import Submission

MOST = 200


@dataclass(frozen=True)
class Conflict:
    """One second form: when and from which telephone it came, and the case that the first one opened.

    `reference` is empty and `case_id` None where the first opened no case, or none this reader may see.
    """

    id: UUID
    at: datetime
    device: str
    form_title: dict[str, str]
    case_id: UUID | None
    reference: str


def conflicts_of(actor: Actor) -> tuple[Conflict, ...]:
    """Return the second forms that telephones of the actor's own agency sent, newest first, at most MOST.

    Raises:
        NotAllowed: the role may not list cases.
    """
    audit.require(actor, "case.list")
    seconds = list(_seconds().select_related("instrument", "device").order_by("-received_at", "id")[:MOST])
    audit.record(Event.CASES_LISTED, by=actor, subject="list:conflicts", purpose="casework")
    cases = _cases_by_number({one.instance_id for one in seconds})
    return tuple(_conflict(one, cases) for one in seconds)


def count_conflicts(actor: Actor) -> int:
    """Count them; raises NotAllowed as `conflicts_of` does."""
    audit.require(actor, "case.list")
    return _seconds().count()


def _seconds() -> QuerySet[Submission]:
    """Return second forms; row-level security leaves those of the reader's own agency."""
    return Submission.objects.filter(first=False)


def _cases_by_number(numbers: set[str]) -> dict[str, tuple[UUID, str]]:
    """Return the case that the first form under each number opened."""
    firsts = Submission.objects.filter(first=True, instance_id__in=numbers).values_list("id", "instance_id")
    sources = {f"submission:{pk}": number for pk, number in firsts}
    rows = models.Entry.objects.filter(source__in=sources).values_list("source", "case", "case__reference")
    return {sources[source]: (case_id, reference) for source, case_id, reference in rows.distinct()}


def _conflict(row: Submission, cases: dict[str, tuple[UUID, str]]) -> Conflict:
    case_id, reference = cases.get(row.instance_id, (None, ""))
    return Conflict(row.pk, row.received_at, row.device.name, row.instrument.title, case_id, reference)
