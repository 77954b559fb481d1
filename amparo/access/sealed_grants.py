"""Let officers open what is sealed to their agency, by two others, and take it back at once.

One asks, another who has the agency's key open gives; neither is the officer herself. Whoever leaves loses her copy and
the pair is marked to be replaced. Decision: 0022. Design: security design 3 (no administrator copy).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from amparo.access import audit, models
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.rules import Actor, Role, may
from amparo.access.sealed_rules import How, ask_refusals, drill_is_due, grant_refusals
from amparo.access.sealed_session import Opened, grant_info
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import uuid7


class GrantRefused(Refused):
    """An officer cannot be let in this way; `reason_codes` are those of `sealed_rules`."""

    event = Event.DENIED


@dataclass(frozen=True)
class OfficerLine:
    """One officer of an agency who may be let in: whether she has a key, is let in, or somebody asked for it."""

    person: UUID
    name: str
    has_key: bool
    granted_at: datetime | None
    how: str
    asked: UUID | None
    asked_by: UUID | None


@dataclass(frozen=True)
class SealStand:
    """How class P3 stands at an agency; `made_at` is None before the first ceremony."""

    key_id: str
    made_at: datetime | None
    keepers: tuple[str, ...]
    drilled_at: datetime | None
    drill_due: bool
    rotate_since: datetime | None
    officers: tuple[OfficerLine, ...]


def stand_of(by: Actor) -> SealStand:
    """Return how class P3 stands at the reader's agency; raises NotAllowed."""
    audit.require(by, "sealed.key")
    row = _in_use(by.body)
    officers = tuple(_officers(by.body, row))
    if row is None:
        return SealStand("", None, (), None, True, None, officers)
    due = drill_is_due(row.made_at, row.drilled_at, at=now())
    return SealStand(
        row.key_id, row.made_at, tuple(row.keepers), row.drilled_at, due, row.rotate_since, officers
    )


def pair_in_use(agency: UUID) -> str:
    """Return the name of the pair that an agency seals to now; empty before the first ceremony."""
    row = _in_use(agency)
    return row.key_id if row else ""


def agencies_with_pair() -> set[UUID]:
    """Return the agencies that have a pair in use."""
    return set(models.AgencySeal.objects.filter(retired_at=None).values_list("agency", flat=True))


@transaction.atomic
def ask_grant(*, officer: UUID, by: Actor) -> UUID:
    """Ask that an officer may open what is sealed; another person has to give it.

    Raises:
        NotAllowed.
        GrantRefused: for herself, another agency's, without a passphrase, let in already, or there is no pair yet.
    """
    audit.require(by, "sealed.let-in")
    row, person = _in_use(by.body), models.Person.objects.filter(pk=officer, is_active=True).first()
    if row is None or person is None:
        raise GrantRefused(
            "There is nothing to be let in to.", subject=_subject(officer), reason_codes=("no-pair",)
        )
    because = ask_refusals(
        asker=by.id, officer=officer, same_agency=person.agency_id == by.agency_id and _opens(person),
        has_key=models.OfficerKey.objects.filter(person=person).exists(),
        granted=row.grants.filter(person=person, ended_at=None).exists(),
    )  # fmt: skip
    _refuse(because, officer)
    grant = _new_grant(row, person.pk, How.TWO_PEOPLE, asked_by=by.id)
    grant.save()
    audit.record(Event.SEALED_GRANT_ASKED, by=by, subject=_subject(officer))
    return grant.pk


@transaction.atomic
def give_grant(*, grant_id: UUID, by: Actor, opened: Opened) -> None:
    """Let an officer in, as the second person: needs the agency's key open in the giver's own session.

    She can then open everything that the giver can, also what was sealed to former pairs.

    Raises:
        NotAllowed.
        GrantRefused: `by` asked for it or is the officer, holds no such key, or nobody asked.
    """
    audit.require(by, "sealed.key")
    rows = models.SealGrant.objects.select_for_update(of=("self",)).select_related("seal")
    grant = rows.filter(pk=grant_id, agency=by.body, granted_by=None, ended_at=None).first()
    if grant is None:
        raise GrantRefused("Nobody asked for this.", subject=f"grant:{grant_id}", reason_codes=("not-asked",))
    because = grant_refusals(giver=by.id, asker=grant.asked_by, officer=grant.person_id)
    if grant.seal.key_id not in opened.privates or opened.person != by.id:
        because.append("key-not-open")
    _refuse(because, grant.person_id)
    _give_all(grant, opened, by)
    audit.record(Event.SEALED_GRANTED, by=by, subject=_subject(grant.person_id), reasons=(How.TWO_PEOPLE,))


@transaction.atomic
def end_grants(*, officer: UUID, by: Actor) -> None:
    """Take an officer's copies away at once, close what she has open, and mark the pair to be replaced.

    Raises:
        NotAllowed.
        GrantRefused: she is let in to nothing of this agency.
    """
    audit.require(by, "sealed.let-in")
    if not end_copies(officer, ended_by=by.id, agency=by.body):
        raise GrantRefused(
            "She is let in to nothing here.", subject=_subject(officer), reason_codes=("not-granted",)
        )
    audit.record(Event.SEALED_GRANT_ENDED, by=by, subject=_subject(officer))


def end_copies(officer: UUID, *, ended_by: UUID, agency: UUID) -> bool:
    """Destroy an officer's wrapped copies; the pair is marked to be replaced if she ever had one."""
    rows = models.SealGrant.objects.filter(person=officer, agency=agency, ended_at=None)
    had = rows.filter(wrapped__isnull=False).exists()
    ended = rows.update(wrapped=None, ended_by=ended_by, ended_at=now())
    with acting_as(SYSTEM):  # what she has open belongs to her session alone: no colleague sees it
        models.OpenSeal.objects.filter(person=officer).delete()
    if had:
        models.AgencySeal.objects.filter(agency=agency, retired_at=None, rotate_since=None).update(
            rotate_since=now()
        )
    return bool(ended)


def grant_directly(
    row: models.AgencySeal, private: bytes, officers: Iterable[models.OfficerKey], how: How
) -> None:
    """Let officers in to one pair at a ceremony or recovery, where two people stand by; the caller checks that."""
    for key in officers:
        row.grants.filter(person=key.person_id, ended_at=None).update(
            wrapped=None, ended_by=key.person_id, ended_at=now()
        )
        grant = _new_grant(row, key.person_id, how, asked_by=UUID(int=0))
        grant.granted_by, grant.granted_at = UUID(int=0), now()
        grant.wrapped = _wrapped(private, row.key_id, key)
        grant.save()


def _give_all(asked: models.SealGrant, opened: Opened, by: Actor) -> None:
    """Fill the grant that was asked for, and one for each former pair that the giver can open."""
    key = models.OfficerKey.objects.get(person=asked.person_id)
    for row in models.AgencySeal.objects.filter(agency=by.body, key_id__in=opened.privates):
        held = row.grants.filter(person=asked.person_id, ended_at=None).first()
        grant = held or _new_grant(row, asked.person_id, How.TWO_PEOPLE, asked_by=asked.asked_by)
        if grant.wrapped is None:
            grant.granted_by, grant.granted_at = by.id, now()
            grant.wrapped = _wrapped(opened.privates[row.key_id], row.key_id, key)
            grant.save()


def _new_grant(row: models.AgencySeal, person: UUID, how: How, *, asked_by: UUID) -> models.SealGrant:
    return models.SealGrant(
        id=uuid7(), seal=row, agency_id=row.agency_id, person_id=person, how=how.value, asked_by=asked_by,
        asked_at=now(),
    )  # fmt: skip


def _wrapped(private: bytes, key_id: str, key: models.OfficerKey) -> bytes:
    return seal.seal_to(bytes(key.public), private, info=grant_info(key_id, key.person_id))


def _officers(agency: UUID, row: models.AgencySeal | None) -> Iterable[OfficerLine]:
    people = models.Person.objects.filter(agency=agency, is_active=True).order_by("name")
    keys = set(models.OfficerKey.objects.filter(agency=agency).values_list("person", flat=True))
    grants = {one.person_id: one for one in row.grants.filter(ended_at=None)} if row else {}
    for person in people:
        if _opens(person):
            grant = grants.get(person.pk)
            waits = grant is not None and grant.wrapped is None
            yield OfficerLine(
                person.pk, person.name, person.pk in keys,
                grant.granted_at if grant else None,
                grant.how if grant else "",
                grant.pk if grant and waits else None,
                grant.asked_by if grant and waits else None,
            )  # fmt: skip


def _opens(person: models.Person) -> bool:
    return may(person.as_actor(), "sealed.key") and Role(person.role) is not Role.ADMINISTRATOR


def _in_use(agency: UUID) -> models.AgencySeal | None:
    return models.AgencySeal.objects.filter(agency=agency, retired_at=None).first()


def _refuse(because: list[str], officer: UUID) -> None:
    if because:
        raise GrantRefused(
            "This officer cannot be let in this way.", subject=_subject(officer), reason_codes=tuple(because)
        )


def _subject(officer: UUID) -> str:
    return audit.subject_of("person", officer)
