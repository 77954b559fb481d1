"""Withdraw the evidence that rested on a fact which changed, so that it is asked again.

In the transaction that wrote the fact, as the system, with the fact that caused it; what the child said stays.
The order in which this node learned things decides, see docs/reference/guide-evaluation.md. Vocabulary: stale_rule.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from amparo.access import audit
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.evaluation import facts_by, known_of, this_guide
from amparo.cases.models import EntryKind
from amparo.cases.rules import Facts, Known, withdrawn_at
from amparo.guide.stale import withdrawn_by


class DoneBeforeTheNews(Refused):
    """Something was done before a fact changed on which it rests, so it has to be done again; `because`: that fact."""

    event = Event.ACT_REFUSED

    def __init__(self, evidence: str, because: Sequence[str], *, subject: str) -> None:
        super().__init__(
            f"{evidence} was done before {', '.join(because)} changed.",
            subject=subject,
            reason_codes=("attest", evidence, *because),
        )
        self.evidence = evidence
        self.because = tuple(because)


def withdraw_stale(case: models.Case) -> None:
    """Withdraw what no longer holds since the facts that were written last; nothing where none brought news."""
    known = known_of(case)
    last = max(one.recorded_at for one in known)
    fresh = [one for one in known if one.recorded_at == last and one.kind == EntryKind.FACT]
    if not fresh:
        return
    before, after = facts_by(one for one in known if one.recorded_at < last), facts_by(known)
    gone = withdrawn_by(this_guide(), before, after, _done(before) & _done(after))
    models.Entry.objects.bulk_create(
        [_withdrawal(case, key, because, fresh, last) for key, because in gone.items()]
    )
    if gone:
        subject = audit.subject_of("case", case.pk)
        audit.record(Event.EVIDENCE_WITHDRAWN, by=SYSTEM, subject=subject, reasons=tuple(gone))


def require_newer(case_id: UUID, evidence: str, at: datetime | None, *, subject: str) -> None:
    """Raise DoneBeforeTheNews for something done at a moment before the fact that withdrew it; None was not done."""
    if at is None:
        return
    rows = models.Entry.objects.filter(case_id=case_id, kind=EntryKind.EVIDENCE, name=evidence)
    columns = ("kind", "name", "value", "at", "recorded_at")
    for one in (Known(*row) for row in rows.order_by("recorded_at").values_list(*columns)):
        limit = withdrawn_at(one)
        if limit is not None and at < limit:
            raise DoneBeforeTheNews(evidence, one.value["because"], subject=subject)


def _done(facts: Facts) -> set[str]:
    evidence: Mapping[str, Mapping[str, object]] = facts["evidence"]
    return {key for key, one in evidence.items() if one["done"]}


def _withdrawal(
    case: models.Case, key: str, because: Sequence[str], fresh: Sequence[Known], recorded_at: datetime
) -> models.Entry:
    """Return the entry that takes one back, at the moment since when the fact is so."""
    return models.Entry(
        id=uuid7(),
        case=case,
        kind=EntryKind.EVIDENCE,
        name=key,
        value={"done": False, "by_role": SYSTEM.guide_role, "because": list(because)},
        at=max((one.at for one in fresh if one.name in because), default=now()),
        recorded_at=recorded_at,
        actor=SYSTEM.id,
        role=SYSTEM.role,
        agency=SYSTEM.agency,
        source="guide",
    )
