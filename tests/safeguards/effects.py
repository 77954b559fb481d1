"""Look at the database for what must never have happened, whoever asked and however.

What is asked here does not trust the doors: it reads the rows, and the Guide as the case stood before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from amparo.access.actor import SYSTEM, acting_as
from amparo.cases.evaluation import judge, this_guide
from amparo.cases.models import Case, Entry, EntryKind, Override
from amparo.guide import Evaluation, refusals

_COUNTS = """SELECT
    (SELECT count(*) FROM cases_entry WHERE kind = 'action'),
    (SELECT count(*) FROM cases_case WHERE released_at IS NOT NULL),
    (SELECT count(*) FROM exchange_transfer WHERE side = 'sender'),
    (SELECT count(*) FROM exchange_transfer WHERE side = 'sender' AND stage IN ('released', 'closed')),
    (SELECT count(*) FROM exchange_outgoing WHERE move IN ('propose', 'release')),
    (SELECT count(*) FROM cases_gate WHERE NOT no_detention OR NOT no_return),
    (SELECT count(*) FROM cases_entry) + (SELECT count(*) FROM cases_override)
    + (SELECT count(*) FROM cases_overridestep) + (SELECT count(*) FROM exchange_transferstep)
    + (SELECT count(*) FROM cases_incidentend),
    (SELECT count(*) FROM access_auditentry WHERE actor = %s AND NOT allowed),
    (SELECT count(*) FROM access_auditentry WHERE actor = %s AND NOT allowed AND event = 'case.act-refused')
"""


@dataclass(frozen=True)
class Counted:
    """How many rows of each kind there are; `refused` are the refusals of one person on the trail."""

    acts: int
    released: int
    sent: int
    let_go: int
    leaving: int
    open_gates: int
    written: int
    refused: int
    acts_refused: int


@dataclass(frozen=True)
class Before:
    """How things stood before anybody tried anything: every act on record, and how the Guide judged each case."""

    counted: Counted
    acts: frozenset[UUID]
    judged: Mapping[UUID, Evaluation]


def counted(person: UUID | None = None) -> Counted:
    """Count what matters now."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_COUNTS, [person, person])
        return Counted(*cursor.fetchone())


def before() -> Before:
    """Look at the world before anything is tried."""
    with acting_as(SYSTEM):
        acts = frozenset(Entry.objects.filter(kind=EntryKind.ACTION).values_list("pk", flat=True))
        judged = {case.pk: judge(case).evaluation for case in Case.objects.all()}
    return Before(counted(), acts, judged)


def harm(was: Before, now: Counted, *, may_find: bool) -> list[str]:
    """Name every blocked effect that has come about; `may_find`: acts of others may have been written as found."""
    found = [
        f"{name}: {getattr(was.counted, name)} -> {getattr(now, name)}"
        for name in ("released", "sent", "let_go", "leaving", "open_gates")
        if getattr(now, name) > getattr(was.counted, name)
    ]
    return found + (_forbidden_acts(was, may_find=may_find) if now.acts != was.counted.acts else [])


def _forbidden_acts(was: Before, *, may_find: bool) -> list[str]:
    with acting_as(SYSTEM):
        new = Entry.objects.filter(kind=EntryKind.ACTION).exclude(pk__in=was.acts)
        return [f"act {row.name}: {row.value}" for row in new if not _may_stand(row, was, may_find=may_find)]


def _may_stand(row: Entry, was: Before, *, may_find: bool) -> bool:
    """Test whether an act was free, found, or under a signed override of what the Guide lets be lifted."""
    said = row.value or {}
    if said.get("found"):
        return may_find
    evaluation, override = was.judged.get(row.case_id), said.get("override", "none")
    if evaluation is None:
        return False
    if override == "none":
        return row.name not in evaluation.blocked
    left = refusals(this_guide(), evaluation, row.name, override=override, by_role=said["by_role"])
    never = row.name in this_guide().vocabulary.never_lifted
    return not left and not never and _is_signed(row, override)


def _is_signed(row: Entry, override: str) -> bool:
    """Test whether the people whom this kind of override needs have signed for this very act."""
    if override == "two-person":
        signed = Override.objects.filter(case_id=row.case_id, action=row.name, steps__act_id=row.pk).first()
        return signed is not None and signed.actor != row.actor
    return Override.objects.filter(case_id=row.case_id, action=row.name, act_id=row.pk).exists()
