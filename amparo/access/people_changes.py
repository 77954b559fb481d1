"""Let two people invite somebody, change her role or let her in anew: one proposes, another confirms.

What confirming an invitation leaves behind is the way in of `access/invitations.py`. Decision: 0020.
"""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from amparo.access import audit, models
from amparo.access.actions import RoleUnfit, end_sealed, free_address, require_fit
from amparo.access.events import Event
from amparo.access.invitations import open_invitation
from amparo.access.ministry_links import end_links
from amparo.access.rules import Actor, Role, may
from amparo.access.sessions import end_sessions
from amparo.access.two_persons import Kind, PersonNotHere, Proposal, propose_change, register
from amparo.base.clock import now

INVITE, CHANGE_ROLE, RENEW = "person-invite", "person-role", "person-renew"


class InvitedAlready(Exception):
    """There is an invitation under this e-mail that is still open."""


class NameMissing(Exception):
    """Somebody is invited by name."""


class TeamNotHere(Exception):
    """No open team of this agency is the one that is meant."""


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
    return open_invitation(row)


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
    if not may(person.as_actor(), "sealed.key"):
        end_sealed(person, by=by)
    _write_down(Event.PERSON_CHANGED, person, by, person.role)
    return ""


def _fits_renewal(proposal: Proposal) -> None:
    _subject(proposal)


def _renew(proposal: Proposal, by: Actor) -> str:
    """Take away what let her in until now, and make a new way in."""
    person = _subject(proposal)
    Authenticator.objects.filter(user=person).delete()
    end_links(person)
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
    return open_invitation(row)


def register_kinds() -> None:
    """Make the changes of people known; called when the room starts."""
    register(Kind(INVITE, _invite, _fits_invitation))
    register(Kind(CHANGE_ROLE, _give_role, _fits_role))
    register(Kind(RENEW, _renew, _fits_renewal))


def _write_down(event: Event, person: models.Person, by: Actor, *reasons: str) -> None:
    audit.record(event, by=by, subject=audit.subject_of("person", person.pk), reasons=reasons)
