"""Let an invited person in: she brings the link and the code, and sets a password of her own.

A wrong code is counted and the last try shuts the invitation; what she typed is never written down. Decision: 0020.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.db import transaction

from amparo.access import audit, models
from amparo.access.actions import free_address, require_founding
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.invitations import InvitationShut, hash_of, open_row
from amparo.access.people_rules import MOST_CODE_TRIES
from amparo.access.rules import Role
from amparo.base.clock import now


class CodeWrong(Exception):
    """The code is not the one that the second person was shown; `left` more tries withdraw nothing."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True)
class Entry:
    """An invitation as the invited person sees it."""

    name: str
    email: str
    agency: dict[str, str]
    role: str
    renews: bool
    ends_at: datetime


def invitation_of(secret: str) -> Entry:
    """Return what an invited person may see before she gives the code; raises InvitationShut."""
    row = open_row(models.Invitation.objects.filter(link_hash=hash_of(secret)))
    return Entry(row.name, row.email, row.agency.name, row.role, row.renews, row.ends_at)


@transaction.atomic
def _counted(secret: str, code: str) -> int | None:
    """Return None for the right code, else how many tries are left; the last one shuts the invitation."""
    row = open_row(
        models.Invitation.objects.select_for_update(of=("self",)).filter(link_hash=hash_of(secret))
    )
    if check_password(code.upper().replace("-", "").replace(" ", ""), row.code_hash):
        return None
    row.tries += 1
    if row.tries >= MOST_CODE_TRIES:
        row.withdrawn_at = now()
    row.save(update_fields=["tries", "withdrawn_at"])
    subject = audit.subject_of("invitation", row.pk)
    audit.record(Event.INVITATION_REFUSED, by=SYSTEM, subject=subject, allowed=False, reasons=("code",))
    return MOST_CODE_TRIES - row.tries


def require_code(*, secret: str, code: str) -> None:
    """Pass only with the code of the second person; a wrong one is counted, and the last try shuts the invitation.

    Raises:
        InvitationShut, CodeWrong: the caller lets the count be kept.
    """
    left = _counted(secret, code)
    if left is not None:
        raise CodeWrong(left)


def accept_invitation(*, secret: str, code: str, password: str) -> models.Person:
    """Let the invited person in with a password of her own; what else she needs is asked at her first sign-in.

    Raises:
        InvitationShut, CodeWrong: as `require_code`.
        AccountExists, AccountClosed: somebody has got this address since.
    """
    # Not in the transaction that follows: a wrong code has to stay counted.
    require_code(secret=secret, code=code)
    return _accept(secret, password)


@transaction.atomic
def _accept(secret: str, password: str) -> models.Person:
    row = open_row(
        models.Invitation.objects.select_for_update(of=("self",)).filter(link_hash=hash_of(secret))
    )
    person = _renewed(row, password) if row.renews else _new(row, password)
    row.person, row.used_at = person, now()
    row.save(update_fields=["person", "used_at"])
    audit.record(Event.INVITATION_USED, by=person.as_actor(), subject=audit.subject_of("invitation", row.pk))
    return person


def _new(row: models.Invitation, password: str) -> models.Person:
    address = free_address(row.email)
    if row.change_id is None:
        require_founding(row.agency)
    person = models.Person.objects.create_user(
        address, password, agency=row.agency, role=Role(row.role), name=row.name
    )
    person.team = row.team
    person.save(update_fields=["team"])
    audit.record(Event.PERSON_INVITED, by=person.as_actor(), subject=audit.subject_of("person", person.pk))
    return person


def _renewed(row: models.Invitation, password: str) -> models.Person:
    person = row.person
    if person is None or not person.is_active:
        raise InvitationShut("withdrawn")
    person.set_password(password)
    person.save(update_fields=["password"])
    return person
