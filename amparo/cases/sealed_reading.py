"""Open what is sealed of one case, for an officer whose key is open in her session; each opening is on the trail.

Nothing here is ever part of a list, a search or the case page. Decision: 0022.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.access.sealed import open_with
from amparo.access.sealed_session import Opened
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.refused import CaseNotFound
from amparo.cases.resealing import seal_anew


@dataclass(frozen=True, repr=False)
class SealedLine:
    """One sealed part, opened; `words` is None where this officer was not let in to the pair it is sealed to."""

    entry: UUID
    kind: str
    words: Any
    at: datetime
    role: str
    agency: str


def open_sealed_of(actor: Actor, case_id: UUID, *, purpose: str, opened: Opened) -> tuple[SealedLine, ...]:
    """Open every sealed part of a case, newest first; what is still sealed to a former pair is sealed anew.

    Raises:
        NotAllowed: the role may not.
        CaseNotFound: no such case for this reader, or another agency leads it.
        AccessRefused: purpose, budget or step-up stand against it.
    """
    case = case_through(actor, case_id, "sealed.read", purpose=purpose)
    if case.agency_id != actor.agency_id or opened.person != actor.id:
        raise CaseNotFound("There is no such case for you.", subject=audit.subject_of("case", case_id))
    parts = list(
        models.SealedPart.objects.select_related("entry")
        .filter(case=case)
        .order_by("-entry__recorded_at", "-entry")
    )
    lines = tuple(_line(part, opened) for part in parts)
    subject, reasons = audit.subject_of("case", case_id), _reasons(lines)
    audit.record(Event.SEALED_READ, by=actor, subject=subject, purpose=purpose, reasons=reasons)
    seal_anew(parts, agency=case.agency_id, opened=opened, by=actor)
    return lines


def _line(part: models.SealedPart, opened: Opened) -> SealedLine:
    private, entry = opened.privates.get(part.key_id), part.entry
    words = None if private is None else open_with(private, part.key_id, part.content, place=part.place)
    return SealedLine(entry.pk, entry.kind, words, entry.at, entry.role, entry.agency)


def _reasons(lines: Sequence[SealedLine]) -> tuple[str, ...]:
    seen = sum(line.words is not None for line in lines)
    return (f"opened:{seen}", f"closed:{len(lines) - seen}")
