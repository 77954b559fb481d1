"""Invite people, change their roles and let them in anew: each proposed by one person and confirmed by another.

The way in is a link, drawn by a colleague who did not confirm, and a code that only the confirmer saw: neither can come
in alone as somebody else. Both are shown once; hashes are kept. No mail is sent. Decision: 0020.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet

from amparo.access import audit, models
from amparo.access.actions import RoleUnfit, agency_of_code, free_address, require_fit, require_founding, shut
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.people_rules import LINK_LASTS, MOST_CODE_TRIES
from amparo.access.rules import Actor, Role
from amparo.access.sessions import end_sessions
from amparo.access.two_persons import Kind, PersonNotHere, Proposal, propose_change, register
from amparo.base.clock import now

INVITE, CHANGE_ROLE, RENEW = "person-invite", "person-role", "person-renew"
# Without signs that are mistaken for each other when read aloud or written by hand.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_SIGNS = 10


class InvitedAlready(Exception):
    """There is an invitation under this e-mail that is still open."""


class NameMissing(Exception):
    """Somebody is invited by name."""


class TeamNotHere(Exception):
    """No open team of this agency is the one that is meant."""


class InvitationShut(Exception):
    """An invitation lets nobody in; `why` is unknown, used, over or withdrawn."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


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


def propose_invitation(*, email: str, name: str, role: Role, team: UUID | None, by: Actor) -> UUID:
    """Propose to invite somebody into one's own agency; return the id of the change.

    Raises:
        NotAllowed, EmailWrong, AccountExists, AccountClosed, InvitedAlready, NameMissing, RoleUnfit, TeamNotHere.
    """
    what = {"email": models.People.normalize_email(email), "name": name.strip()[:120], "role": role.value}
    return propose_change(kind=INVITE, by=by, what=what | {"team": str(team or "")})


def propose_role(*, person: UUID, role: Role, by: Actor) -> UUID:
    """Propose another role for somebody of one's own agency; raises NotAllowed, PersonNotHere, RoleUnfit."""
    return propose_change(kind=CHANGE_ROLE, by=by, subject=person, what={"role": role.value})


def propose_renewal(*, person: UUID, by: Actor) -> UUID:
    """Propose that somebody who lost password or second factor comes in anew; raises NotAllowed, PersonNotHere."""
    return propose_change(kind=RENEW, by=by, subject=person, what={})


def _fits_invitation(proposal: Proposal) -> None:
    what = proposal.what
    if not what["name"]:
        raise NameMissing
    free_address(what["email"])
    require_fit(Role(what["role"]), models.Agency.objects.get(pk=proposal.agency))
    open_ones = models.Invitation.objects.filter(email=what["email"], used_at=None, withdrawn_at=None)
    if open_ones.filter(ends_at__gt=now()).exists():
        raise InvitedAlready
    if what["team"] and not _team(UUID(what["team"]), proposal.agency).exists():
        raise TeamNotHere


def _team(team: UUID, agency: UUID) -> QuerySet[models.Team]:
    return models.Team.objects.filter(pk=team, agency_id=agency, closed_at=None)


def _invite(proposal: Proposal, _by: Actor) -> str:
    what = proposal.what
    team = UUID(what["team"]) if what["team"] else None
    row = models.Invitation(
        email=what["email"],
        name=what["name"],
        agency_id=proposal.agency,
        role=what["role"],
        team_id=team,
        change_id=proposal.id,
    )
    return _open(row)


def _open(row: models.Invitation) -> str:
    """Keep an invitation and return its code; one of the same address that ran out makes room."""
    code = "".join(secrets.choice(_SIGNS) for _ in range(_CODE_SIGNS))
    outdated = models.Invitation.objects.filter(email=row.email, used_at=None, withdrawn_at=None)
    outdated.update(withdrawn_at=now())
    row.made_at, row.ends_at, row.code_hash = now(), now() + LINK_LASTS, make_password(code)
    row.save()
    return f"{code[:5]}-{code[5:]}"


def _subject(proposal: Proposal) -> models.Person:
    people = models.Person.objects.select_for_update(of=("self",)).select_related("agency")
    person = people.filter(pk=proposal.subject, agency_id=proposal.agency, is_active=True).first()
    if person is None:
        raise PersonNotHere
    return person


def _fits_role(proposal: Proposal) -> None:
    person, role = _subject(proposal), Role(proposal.what["role"])
    if person.role == role:
        raise RoleUnfit(f"This is her role already: {role}.")
    require_fit(role, person.agency)


def _give_role(proposal: Proposal, by: Actor) -> str:
    person = _subject(proposal)
    person.role = proposal.what["role"]
    person.save(update_fields=["role"])
    end_sessions(person)
    _write_down(Event.PERSON_CHANGED, person, by, person.role)
    return ""


def _fits_renewal(proposal: Proposal) -> None:
    _subject(proposal)


def _renew(proposal: Proposal, by: Actor) -> str:
    """Take away what let her in until now, and make a new way in."""
    person = _subject(proposal)
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_sessions(person)
    _write_down(Event.PERSON_RENEWED, person, by)
    row = models.Invitation(
        email=person.email,
        name=person.name,
        agency_id=person.agency_id,
        role=person.role,
        team_id=person.team_id,
        change_id=proposal.id,
        person=person,
        renews=True,
    )
    return _open(row)


def register_kinds() -> None:
    """Make the changes of people known; called when the room starts."""
    register(Kind(INVITE, _invite, _fits_invitation))
    register(Kind(CHANGE_ROLE, _give_role, _fits_role))
    register(Kind(RENEW, _renew, _fits_renewal))


@transaction.atomic
def found_person(*, email: str, name: str, agency: str, role: Role) -> tuple[str, str]:
    """Invite one of the first people of an agency, for whoever runs the node; return the link's secret and the code.

    Raises:
        NotAlone: the agency has had its first accounts.
        AgencyUnknown, EmailWrong, AccountExists, AccountClosed, RoleUnfit: as `invite_person`.
    """
    body = agency_of_code(agency)
    require_fit(role, body)
    require_founding(body)
    secret = secrets.token_urlsafe(32)
    row = models.Invitation(
        email=free_address(email), name=name, agency=body, role=role, link_hash=_hash(secret)
    )
    code = _open(row)
    subject = audit.subject_of("invitation", row.pk)
    audit.record(Event.INVITATION_LINK, by=SYSTEM, subject=subject, reasons=("command",))
    return secret, code


@transaction.atomic
def make_link(*, invitation: UUID, by: Actor) -> str:
    """Return the secret of a new link for an open invitation, once; a link made before stops working.

    Raises:
        NotAllowed: this actor cares for nobody's account.
        InvitationShut: it is not an open one of her agency, or the confirmer would hold code and link.
    """
    audit.require(by, "change.propose")
    row = _open_row(models.Invitation.objects.filter(pk=invitation, agency_id=by.body))
    if row.change is None or row.change.settled_by_id == by.id:
        raise InvitationShut("confirmer")
    secret = secrets.token_urlsafe(32)
    row.link_hash = _hash(secret)
    row.save(update_fields=["link_hash"])
    audit.record(Event.INVITATION_LINK, by=by, subject=audit.subject_of("invitation", row.pk))
    return secret


@transaction.atomic
def withdraw_invitation(*, invitation: UUID, by: Actor) -> None:
    """Shut an invitation that is open; raises NotAllowed, InvitationShut."""
    audit.require(by, "person.manage")
    row = _open_row(models.Invitation.objects.filter(pk=invitation, agency_id=by.body))
    row.withdrawn_at = now()
    row.save(update_fields=["withdrawn_at"])
    audit.record(Event.INVITATION_WITHDRAWN, by=by, subject=audit.subject_of("invitation", row.pk))


def invitation_of(secret: str) -> Entry:
    """Return what an invited person may see before she gives the code; raises InvitationShut."""
    row = _open_row(models.Invitation.objects.filter(link_hash=_hash(secret)))
    return Entry(row.name, row.email, row.agency.name, row.role, row.renews, row.ends_at)


@transaction.atomic
def _counted(secret: str, code: str) -> int | None:
    """Return None for the right code, else how many tries are left; the last one shuts the invitation."""
    row = _open_row(models.Invitation.objects.select_for_update(of=("self",)).filter(link_hash=_hash(secret)))
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
    row = _open_row(models.Invitation.objects.select_for_update(of=("self",)).filter(link_hash=_hash(secret)))
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
    _write_down(Event.PERSON_INVITED, person, person.as_actor())
    return person


def _renewed(row: models.Invitation, password: str) -> models.Person:
    person = row.person
    if person is None or not person.is_active:
        raise InvitationShut("withdrawn")
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def _open_row(rows: QuerySet[models.Invitation]) -> models.Invitation:
    row = rows.first()
    if row is None:
        raise InvitationShut("unknown")
    if row.used_at:
        raise InvitationShut("used")
    if row.withdrawn_at:
        raise InvitationShut("withdrawn")
    if now() >= row.ends_at:
        raise InvitationShut("over")
    return row


@transaction.atomic
def close_person(*, person: UUID, by: Actor) -> None:
    """Close the account of a colleague and end her sign-ins at once; one person may, because it only takes away.

    Raises:
        NotAllowed: this actor cares for nobody's account.
        PersonNotHere: she has no open account in this agency, or it is the actor's own.
    """
    audit.require(by, "person.manage")
    rows = models.Person.objects.select_for_update().filter(pk=person, agency_id=by.body, is_active=True)
    found = rows.exclude(pk=by.id).first()
    if found is None:
        raise PersonNotHere
    shut(found)
    models.Invitation.objects.filter(person=found, used_at=None, withdrawn_at=None).update(withdrawn_at=now())
    _write_down(Event.PERSON_CLOSED, found, by)


@transaction.atomic
def sign_out_person(*, person: UUID, by: Actor) -> None:
    """End every sign-in of a colleague at once; her account stays open; raises NotAllowed, PersonNotHere."""
    audit.require(by, "person.manage")
    found = models.Person.objects.filter(pk=person, agency_id=by.body, is_active=True).first()
    if found is None:
        raise PersonNotHere
    end_sessions(found)
    _write_down(Event.SESSION_ENDED, found, by)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _write_down(event: Event, person: models.Person, by: Actor, *reasons: str) -> None:
    audit.record(event, by=by, subject=audit.subject_of("person", person.pk), reasons=reasons)
