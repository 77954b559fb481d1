"""Open a case in danger of life without working with the child, and answer what is owed for it.

It opens working and personal data for four hours, nothing that is sealed, and no act. A mark of the child keeps it shut
all the same. Design: security design 5, "Break glass". Decision: 0025.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from amparo.access import audit, vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.deciding import Reason
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.roles import Relation, Role
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import read_case_reference, uuid7
from amparo.cases import models
from amparo.cases.doors import bond_to
from amparo.cases.glass_rules import LASTS, MOST_AT_ONCE, SHORTEST, Answer, Danger, Owed, answer_refusal
from amparo.cases.refused import CaseNotFound

_NONE_HERE = "No case has this reference here."


class GlassRefused(Refused):
    """The case is not opened so, or the answer cannot be given; `code` says why."""

    def __init__(self, code: str, *, subject: str) -> None:
        super().__init__("This is not possible so.", subject=subject, reason_codes=("glass", code))
        self.code = code


@transaction.atomic
def break_glass(*, reference: str, danger: Danger, why: str, by: Actor) -> UUID:
    """Open the case with this reference for four hours; return its id. A second time while it stands is the first.

    Args:
        reference: as it stands on the child's paper or card.
        danger: which danger of life.
        why: at least ten letters; sealed with the case.
        by: somebody of the protection side who does not work with this child.

    Raises:
        NotAllowed: not of this role.
        ReferenceWrong: the reference was mistyped.
        CaseNotFound: no such case here, or the child is kept back from this person.
        GlassRefused: why, already-yours, too-many.
    """
    audit.require(by, "glass.break")
    asked = read_case_reference(reference)
    if len(why.strip()) < SHORTEST:
        raise GlassRefused("why", subject="glass:unknown")
    with acting_as(SYSTEM):
        case = models.Case.objects.select_for_update().filter(reference=asked).first()
        if case is None:
            raise CaseNotFound(_NONE_HERE, subject="glass:unknown")
        if bond_to(by, case).withheld:
            # The same words to her; the child may read that somebody tried whom she wants kept out.
            subject, codes = audit.subject_of("case", case.pk), ("glass.break", Reason.WITHHELD)
            raise CaseNotFound(_NONE_HERE, subject=subject, reason_codes=codes)
        if (standing := _standing(by).filter(case=case).first()) is not None:
            return standing.case_id
        _require_possible(case, by)
        glass = _broken(case, danger, why, by)
        audit.record(
            Event.GLASS_BROKEN, by=by, subject=audit.subject_of("case", case.pk), reasons=(danger.value,)
        )
        return glass.case_id


@transaction.atomic
def answer_glass(*, glass_id: UUID, owed: Owed, answer: Answer, by: Actor) -> None:
    """Answer one thing that is owed: a supervisor saw it, the child was told, oversight reviewed it.

    Whether telling is unsafe is decided by a supervisor of the agency that leads the case.

    Raises:
        NotAllowed: not of this role.
        CaseNotFound: no such row for this person.
        GlassRefused: own, answered, no-such-answer, not-your-case.
    """
    audit.require(by, "glass.review" if owed is Owed.REVIEW else "glass.answer")
    # Seen by row-level security under her own name first.
    seen = models.BrokenGlass.objects.filter(pk=glass_id).first()
    if seen is None:
        raise CaseNotFound("There is no such row for you.", subject=f"glass:{glass_id}")
    subject = audit.subject_of("case", seen.case_id)
    with acting_as(SYSTEM):
        glass = models.BrokenGlass.objects.select_for_update().get(pk=glass_id)
        answered = glass.answers.filter(owed=owed).exists()
        code = answer_refusal(owed, answer, own=by.id == glass.person, answered=answered)
        if not code and owed in (Owed.CHILD, Owed.GUARDIAN) and by.agency_id != glass.led_by_id:
            code = "not-your-case"
        if code:
            raise GlassRefused(code, subject=subject)
        models.GlassAnswer.objects.create(
            glass=glass, owed=owed, answer=answer, at=now(), actor=by.id, role=by.role, agency=by.agency
        )
        audit.record(Event.GLASS_ANSWERED, by=by, subject=subject, reasons=(owed.value, answer.value))


def _standing(by: Actor) -> QuerySet[models.BrokenGlass]:
    return models.BrokenGlass.objects.filter(person=by.id, ends__gt=now(), tie__end__isnull=True)


def _require_possible(case: models.Case, by: Actor) -> None:
    subject = audit.subject_of("case", case.pk)
    if bond_to(by, case).relation is not Relation.NONE:
        raise GlassRefused("already-yours", subject=subject)
    if _standing(by).count() >= MOST_AT_ONCE:
        raise GlassRefused("too-many", subject=subject)


def _broken(case: models.Case, danger: Danger, why: str, by: Actor) -> models.BrokenGlass:
    at, tie_id = now(), uuid7()
    sealed = vault.seal_data(
        vault.data_key(case.pk, case.wrapped_key), {"why": why.strip()}, place=f"tie.why:{tie_id}"
    )
    tie = models.Tie.objects.create(
        id=tie_id,
        case=case,
        led_by_id=case.agency_id,
        taken_in_by_id=case.taken_in_by_id,
        person_id=by.id,
        relation=Relation.BREAK_GLASS.value,
        since=at,
        until=at + LASTS,
        actor=by.id,
        role=Role(by.role).value,
        agency=by.agency,
        sealed_why=sealed,
    )
    return models.BrokenGlass.objects.create(
        id=uuid7(),
        case=case,
        tie=tie,
        led_by_id=case.agency_id,
        person=by.id,
        role=by.role,
        agency_id=by.body,
        reference=case.reference,
        danger=danger,
        at=at,
        ends=at + LASTS,
    )
