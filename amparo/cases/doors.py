"""Take somebody to a child's case, or not: find the case and how she stands to it, and ask the rule of access.

Every read and write of a case begins here, behind row-level security and before anything is opened. A case that is not
there, not hers, or kept back from her looks the same to her; the trail says which. Decision: 0019.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from amparo.access import audit
from amparo.access.actor import acting_as
from amparo.access.deciding import usual_purpose
from amparo.access.door import UNRELATED, Bond, let_through
from amparo.access.events import Event
from amparo.access.roles import Role
from amparo.access.rules import Actor, may
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.refused import CaseNotFound
from amparo.cases.tie_rules import Mine, is_excluded, relation_of


def case_through(
    by: Actor, case_id: UUID, act: str, *, purpose: str = "", lock: bool = False, event: Event | None = None
) -> models.Case:
    """Return a case to somebody whom the rule lets through for this act and purpose.

    Args:
        by: who asks.
        case_id: which case.
        act: a name of the table of rights.
        purpose: what for; by default the usual one of her role.
        lock: hold the case until the transaction ends.
        event: the read to write on the trail; None where the act writes its own row.

    Raises:
        NotAllowed: the act is not of her role or side.
        CaseNotFound: there is no such case for her.
        AccessRefused: purpose, budget or step-up stand against it.
    """
    # Whoever may never do this is refused before anything is looked up.
    case = _row(case_id, lock=lock) if may(by, act) else None
    let_through(
        by,
        act,
        subject=audit.subject_of("case", case_id),
        purpose=purpose or usual_purpose(by.role),
        bond=_bond(by, case_id, case) if may(by, act) else UNRELATED,
        unseen=lambda codes: _unseen(case_id, codes),
        event=event,
    )
    if case is None:
        # Row-level security is stricter than the rule: then it is shut.
        raise _unseen(case_id)
    return case


def bond_to(by: Actor, case: models.Case) -> Bond:
    """Return how somebody stands to a case: her relation, and whether a mark excludes her."""
    return UNRELATED if by.role is Role.SYSTEM else _bond_of(by, case, _given(by, case.pk))


def _given(by: Actor, case_id: UUID) -> set[str]:
    """Return the relations that somebody was given to a case and that stand, of those she can see."""
    return set(current_ties().filter(case=case_id, person=by.id).values_list("relation", flat=True))


def _bond_of(by: Actor, case: models.Case, given: set[str]) -> Bond:
    agencies = (case.agency_id, case.taken_in_by_id)
    relation = relation_of(role=by.role, agency=by.agency_id, case_agencies=agencies, given=given)
    reader = Mine(by.id, by.agency_id, by.sector)
    return Bond(relation, is_excluded(case.withheld_from, reader))


def bond_with(by: Actor, case_id: UUID) -> Bond:
    """Return how somebody stands to a case by its id; one that she cannot see is none of hers."""
    case = models.Case.objects.filter(pk=case_id).first()
    return UNRELATED if case is None else bond_to(by, case)


def seen_cases() -> QuerySet[models.Case, Any]:
    """Return the ids of the cases that row-level security shows whoever acts; for a condition in another query."""
    return models.Case.objects.values("pk")


def current_ties() -> QuerySet[models.Tie]:
    """Return the relations that stand at this moment, of those that row-level security shows."""
    moment = now()
    lasting = Q(until__isnull=True) | Q(until__gt=moment)
    return models.Tie.objects.filter(lasting, end__isnull=True, since__lte=moment)


def _unseen(case_id: UUID, codes: tuple[str, ...] = ()) -> CaseNotFound:
    subject = audit.subject_of("case", case_id)
    return CaseNotFound("There is no such case for you.", subject=subject, reason_codes=codes)


def _row(case_id: UUID, *, lock: bool) -> models.Case | None:
    rows = models.Case.objects.select_related("agency", "taken_in_by", "standing")
    return (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=case_id).first()


def _bond(by: Actor, case_id: UUID, case: models.Case | None) -> Bond:
    """Return the bond; of a case she cannot see it is looked up for the trail alone, and shows her nothing."""
    if case is not None:
        return bond_to(by, case)
    with acting_as(replace(by, reach="node")):
        hidden = models.Case.objects.filter(pk=case_id).first()
        # Asked in any case: a child of others and one who is not there take the same work, and so the same time.
        given = _given(by, case_id)
        return UNRELATED if hidden is None or by.role is Role.SYSTEM else _bond_of(by, hidden, given)
