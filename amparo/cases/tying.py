"""Relate people to a child's case and end that, keep the case back from somebody and end that; each with a reason.

Each action is one transaction: the rule, what is possible, the row, the audit row. Nothing is changed or removed.
Reasons are sealed; on the trail stand codes and ids. Design: security design 5. Decision: 0019.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from amparo.access import audit, vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.models import Agency, Person
from amparo.access.roles import Relation, Role, Sector
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.doors import case_through, current_ties
from amparo.cases.refused import MarkRefused, TieRefused
from amparo.cases.tie_rules import (
    Because,
    Kind,
    Mine,
    excluded_text,
    is_excluded,
    mark_refusal,
    tie_refusal,
    why_refusal,
)


@transaction.atomic
def assign(
    *,
    case_id: UUID,
    person: UUID,
    relation: Relation,
    why: str,
    by: Actor,
    tie_id: UUID,
    until: datetime | None = None,
) -> None:
    """Relate a person with an account to a child's case: who works with her, who stands up for her.

    Args:
        case_id: whose case.
        person: id of an open account whose role can have this relation.
        relation: assigned, guardian or legal-representative.
        why: at least ten letters; sealed.
        by: a supervisor of the agency that leads the case or took her in.
        tie_id: chosen by the page, so that the same click sent twice is one.
        until: when it ends by itself.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused.
        TieRefused: not-given, role, excluded, why, person, until.
    """
    case = case_through(by, case_id, "case.assign", lock=True)
    if models.Tie.objects.filter(pk=tie_id, case=case).exists():
        return
    subject = audit.subject_of("case", case_id)
    found = _person(person, subject)
    at = now()
    if until is not None and until <= at:
        raise TieRefused("until", subject=subject)
    side = Sector(found.agency.sector)
    excluded = is_excluded(case.withheld_from, Mine(found.pk, found.agency_id, side))
    code = tie_refusal(relation, role=Role(found.role), sector=side, excluded=excluded) or why_refusal(why)
    if code:
        raise TieRefused(code, subject=subject)
    if current_ties().filter(case=case, person=found, relation=relation).exists():
        return
    _tie(case, found, relation, tie_id, since=at, until=until, why=why, by=by)


@transaction.atomic
def draw_sample(*, case_id: UUID, person: UUID, why: str, until: datetime, tie_id: UUID) -> None:
    """Put a case into the sample of somebody of oversight until a moment; the node does it, no person can.

    Raises:
        TieRefused: `person` is no open account, or `role`: not of oversight.
    """
    with acting_as(SYSTEM):
        case = models.Case.objects.select_for_update().get(pk=case_id)
        subject = audit.subject_of("case", case_id)
        found = _person(person, subject)
        if Role(found.role) is not Role.OVERSIGHT:
            raise TieRefused("role", subject=subject)
        relation = Relation.OVERSIGHT_SAMPLE
        _tie(case, found, relation, tie_id, since=now(), until=until, why=why, by=SYSTEM)


@transaction.atomic
def end_relation(*, case_id: UUID, tie_id: UUID, why: str, by: Actor) -> None:
    """End a relation at once; from the next page on she is as anybody else.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused.
        TieRefused: over (there is none, or it has ended), why.
    """
    case = case_through(by, case_id, "case.assign", lock=True)
    subject = audit.subject_of("case", case_id)
    tie = current_ties().filter(pk=tie_id, case=case).first()
    if tie is None:
        raise TieRefused("over", subject=subject)
    if code := why_refusal(why):
        raise TieRefused(code, subject=subject)
    models.TieEnd.objects.create(
        tie=tie, at=now(), sealed_why=_sealed(case, why, "tie.end", tie_id), **_who(by)
    )
    _trace(Event.CASE_UNTIED, case, by, tie.relation, audit.subject_of("person", tie.person_id))


@transaction.atomic
def withhold(
    *, case_id: UUID, kind: Kind, whom: str, because: Because, why: str, by: Actor, mark_id: UUID
) -> None:
    """Keep a child's case back from a person, an agency or a side: her own wish is reason enough.

    Args:
        case_id: whose case.
        kind: what `whom` names.
        whom: id of an account or agency of this node, or the name of a sector.
        because: her wish, a danger, or that the person knows the family.
        why: at least ten letters, best her own words; sealed.
        by: a caseworker or supervisor of the case.
        mark_id: chosen by the page.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused.
        MarkRefused: leads, side, whom, why.
    """
    case = case_through(by, case_id, "case.withhold", lock=True)
    if models.Mark.objects.filter(pk=mark_id, case=case).exists():
        return
    subject = audit.subject_of("case", case_id)
    _require_known(kind, whom, subject)
    if code := mark_refusal(kind, whom, leads=str(case.agency_id)) or why_refusal(why):
        raise MarkRefused(code, subject=subject)
    models.Mark.objects.create(
        id=mark_id,
        case=case,
        excluded=excluded_text(kind, whom),
        because=because.value,
        at=now(),
        sealed_why=_sealed(case, why, "mark", mark_id),
        **_who(by),
    )
    _trace(Event.CASE_WITHHELD, case, by, because.value, excluded_text(kind, whom))
    _repeat_marks(case, by)


@transaction.atomic
def end_mark(*, case_id: UUID, mark_id: UUID, why: str, by: Actor) -> None:
    """End a mark, with the reason: the child has changed her mind, the danger is over.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused.
        MarkRefused: over (there is none, or it has ended), why.
    """
    case = case_through(by, case_id, "case.withhold", lock=True)
    subject = audit.subject_of("case", case_id)
    mark = models.Mark.objects.filter(pk=mark_id, case=case, end__isnull=True).first()
    if mark is None:
        raise MarkRefused("over", subject=subject)
    if code := why_refusal(why):
        raise MarkRefused(code, subject=subject)
    models.MarkEnd.objects.create(
        mark=mark, at=now(), sealed_why=_sealed(case, why, "mark.end", mark_id), **_who(by)
    )
    _trace(Event.CASE_NO_LONGER_WITHHELD, case, by, mark.because, mark.excluded)
    _repeat_marks(case, by)


def _tie(
    case: models.Case,
    person: Person,
    relation: Relation,
    tie_id: UUID,
    *,
    since: datetime,
    until: datetime | None,
    why: str,
    by: Actor,
) -> None:
    models.Tie.objects.create(
        id=tie_id,
        case=case,
        led_by_id=case.agency_id,
        taken_in_by_id=case.taken_in_by_id,
        person=person,
        relation=relation.value,
        since=since,
        until=until,
        sealed_why=_sealed(case, why, "tie", tie_id),
        **_who(by),
    )
    _trace(Event.CASE_TIED, case, by, relation.value, audit.subject_of("person", person.pk))


def _person(person: UUID, subject: str) -> Person:
    found = Person.objects.select_related("agency").filter(pk=person, is_active=True).first()
    if found is None:
        raise TieRefused("person", subject=subject)
    return found


def _require_known(kind: Kind, whom: str, subject: str) -> None:
    """Raise MarkRefused for a person or agency that this node has not; a mistyped mark would protect nobody."""
    if kind is Kind.SECTOR:
        return
    rows = Person.objects if kind is Kind.PERSON else Agency.objects
    try:
        known = rows.filter(pk=UUID(whom)).exists()
    except ValueError:
        known = False
    if not known:
        raise MarkRefused("whom", subject=subject)


def _repeat_marks(case: models.Case, by: Actor) -> None:
    """Write beside the case and its standing whom its marks exclude now, in the order of their names."""
    names = models.Mark.objects.filter(case=case, end__isnull=True).values_list("excluded", flat=True)
    withheld_from = sorted(set(names))
    # With the reach of the node: whoever keeps a case back from herself could not write what hides it from her.
    with acting_as(replace(by, reach="node")):
        models.Case.objects.filter(pk=case.pk).update(withheld_from=withheld_from)
        models.Standing.objects.filter(pk=case.pk).update(withheld_from=withheld_from)


def _who(by: Actor) -> dict[str, Any]:
    return {"actor": by.id, "role": by.role.value, "agency": by.agency}


def _sealed(case: models.Case, why: str, what: str, row_id: UUID) -> bytes:
    key = vault.data_key(case.pk, case.wrapped_key)
    return vault.seal_data(key, {"why": why.strip()}, place=f"{what}.why:{row_id}")


def _trace(event: Event, case: models.Case, by: Actor, *reasons: str) -> None:
    audit.record(event, by=by, subject=audit.subject_of("case", case.pk), reasons=reasons)
