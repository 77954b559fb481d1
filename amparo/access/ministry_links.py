"""Bind an identity at a ministry's provider to an account, end that, and find whom an identity signs in.

Only the holder binds, in a sign-in of her own; nothing is matched by e-mail or name, and no account is ever made here.
Decision: 0029.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from amparo.access import audit, models
from amparo.access.events import Event
from amparo.access.ministry_rules import Ministry
from amparo.access.rules import Actor, NotAllowed
from amparo.base import seal
from amparo.base.clock import now


class IdentityTaken(Exception):
    """This identity cannot be bound to this account; who else has it is not said."""


@dataclass(frozen=True)
class Bound:
    """One ministry that an account may sign in with, and since when it does; None before."""

    ministry: Ministry
    since: datetime | None


def ministries() -> tuple[Ministry, ...]:
    """Return the providers of this server's side of the node."""
    found: tuple[Ministry, ...] = settings.HOME.profile.ministries
    return tuple(one for one in found if one.side == settings.SECTOR)


def ministry_of(ministry_id: str) -> Ministry | None:
    """Return a provider of this side by its id in the profile."""
    return next((one for one in ministries() if one.id == ministry_id), None)


def bound_of(by: Actor) -> tuple[Bound, ...]:
    """Return the providers for people of the reader's agency, with what she has bound to her own account."""
    rows = models.MinistryLink.objects.filter(person_id=by.id, ended_at=None)
    since = dict(rows.values_list("ministry", "made_at"))
    return tuple(Bound(one, since.get(one.id)) for one in ministries() if by.agency in one.agencies)


@transaction.atomic
def bind_identity(*, ministry: Ministry, subject: str, by: Actor) -> None:
    """Let an identity sign in its holder's own account from now on; it takes the place of an older one there.

    Raises:
        NotAllowed: this is nobody's open account, or the provider is not for its agency.
        IdentityTaken: it signs in another account.
    """
    person = models.Person.objects.select_related("agency").filter(pk=by.id, is_active=True).first()
    if person is None or person.agency.code not in ministry.agencies:
        raise NotAllowed("ministry.bind")
    identity = _identity(ministry, subject)
    if models.MinistryLink.objects.filter(identity=identity, ended_at=None).exclude(person=person).exists():
        raise IdentityTaken
    _open(person).filter(ministry=ministry.id).update(ended_at=now())
    models.MinistryLink.objects.create(person=person, ministry=ministry.id, identity=identity, made_at=now())
    _write_down(Event.MINISTRY_BOUND, person, by, ministry.id)


@transaction.atomic
def unbind_identity(*, ministry: str, by: Actor) -> None:
    """Let a provider sign in the holder's account no more; nothing happens where it did not."""
    person = models.Person.objects.filter(pk=by.id).first()
    if person is not None and _open(person).filter(ministry=ministry).update(ended_at=now()):
        _write_down(Event.MINISTRY_UNBOUND, person, by, ministry)


def end_links(person: models.Person) -> None:
    """End every binding of an account; the caller writes down why."""
    _open(person).update(ended_at=now())


def holder_of(ministry: Ministry, subject: str) -> models.Person | None:
    """Return whose open account an identity signs in; None for everybody else, whatever the reason."""
    people = models.Person.objects.select_related("agency").filter(
        ministry_links__identity=_identity(ministry, subject),
        ministry_links__ministry=ministry.id,
        ministry_links__ended_at=None,
        is_active=True,
        agency__code__in=ministry.agencies,
    )
    return people.first()


def _open(person: models.Person) -> QuerySet[models.MinistryLink]:
    return models.MinistryLink.objects.filter(person=person, ended_at=None)


def _identity(ministry: Ministry, subject: str) -> str:
    """Return the keyed hash of an identity; neither text can hold the sign between them."""
    key = hashlib.sha256(b"amparo ministry 1" + settings.SECOND_FACTOR_SECRET.encode()).digest()
    return seal.derived_key(key, f"{ministry.issuer}\n{subject}").hex()


def _write_down(event: Event, person: models.Person, by: Actor, ministry: str) -> None:
    audit.record(event, by=by, subject=audit.subject_of("person", person.pk), reasons=(ministry,))
