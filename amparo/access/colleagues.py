"""Read who works in one's own agency, who is invited, and which changes wait for a second person; no child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from amparo.access import audit, models
from amparo.access.people_rules import ChangeState
from amparo.access.rules import Actor, Role, Sector, role_refusal
from amparo.access.two_persons import ChangeUnknown, PersonNotHere, is_near, may_second
from amparo.base.clock import now

_SHOWN = 200


@dataclass(frozen=True)
class Colleague:
    """One account of the agency; `state` is open or closed."""

    id: UUID
    name: str
    email: str
    role: str
    team_id: UUID | None
    team: str
    state: str


@dataclass(frozen=True)
class Invited:
    """One invitation; `state` is open, used, over or withdrawn; `drawn` says whether a link was made."""

    id: UUID
    name: str
    email: str
    role: str
    ends_at: datetime
    state: str
    drawn: bool


@dataclass(frozen=True)
class TeamLine:
    """One open team and how many work in it."""

    id: UUID
    name: str
    people: int


@dataclass(frozen=True)
class ChangeLine:
    """One change; `mine` says whether the reader proposed it, `state` may also be over."""

    id: UUID
    kind: str
    what: Mapping[str, str]
    subject: str
    proposed_by: str
    proposed_at: datetime
    ends_at: datetime
    state: str
    settled_by: str
    settled_at: datetime | None
    reason: str
    mine: bool


def colleagues(actor: Actor) -> tuple[Colleague, ...]:
    """Return the accounts of one's own agency by name; raises NotAllowed."""
    audit.require(actor, "change.propose")
    rows = models.Person.objects.filter(agency_id=actor.body).select_related("team").order_by("name", "email")
    return tuple(_colleague(row) for row in rows)


def colleague(actor: Actor, person: UUID) -> Colleague:
    """Return one account of one's own agency; raises NotAllowed, PersonNotHere."""
    found = next((one for one in colleagues(actor) if one.id == person), None)
    if found is None:
        raise PersonNotHere
    return found


def _colleague(row: models.Person) -> Colleague:
    state = "open" if row.is_active else "closed"
    team = row.team.name if row.team else ""
    return Colleague(row.pk, row.name, row.email, row.role, row.team_id, team, state)


def invitations(actor: Actor) -> tuple[Invited, ...]:
    """Return the invitations of one's own agency that are not used, newest first; raises NotAllowed."""
    audit.require(actor, "change.propose")
    rows = models.Invitation.objects.filter(agency_id=actor.body, used_at=None).order_by("-made_at")[:_SHOWN]
    return tuple(
        Invited(row.pk, row.name, row.email, row.role, row.ends_at, _invited_state(row), bool(row.link_hash))
        for row in rows
    )


def _invited_state(row: models.Invitation) -> str:
    if row.withdrawn_at:
        return "withdrawn"
    return "over" if now() >= row.ends_at else "open"


def teams(actor: Actor) -> tuple[TeamLine, ...]:
    """Return the open teams of one's own agency by name; raises NotAllowed."""
    audit.require(actor, "change.propose")
    rows = models.Team.objects.filter(agency_id=actor.body, closed_at=None).order_by("name")
    return tuple(TeamLine(row.pk, row.name, row.people.filter(is_active=True).count()) for row in rows)


def roles_of(actor: Actor) -> tuple[Role, ...]:
    """Return the roles that somebody of one's own agency may have."""
    sector, country = Sector(actor.sector), actor.country
    return tuple(role for role in Role if not role_refusal(role, sector, country))


def changes(actor: Actor) -> Sequence[ChangeLine]:
    """Return the changes that this reader proposed or could confirm, newest first; raises NotAllowed."""
    audit.require(actor, "change.confirm")
    rows = models.Change.objects.select_related("subject", "proposed_by", "settled_by")
    own = rows.filter(Q(agency_id=actor.body) | Q(agency=None) | Q(proposed_by_id=actor.id))
    others = rows.filter(state=ChangeState.WAITING, ends_at__gt=now()).exclude(agency_id=actor.body)
    near = [row for row in others if may_second(actor, row.agency_id, row.proposed_by_id)]
    rows_near = [*own.order_by("-proposed_at")[:_SHOWN], *near]
    found = {row.pk: row for row in rows_near if is_near(row.kind, row.what, actor)}
    return tuple(
        _line(row, actor) for row in sorted(found.values(), key=lambda row: row.proposed_at, reverse=True)
    )


def change(actor: Actor, change_id: UUID) -> ChangeLine:
    """Return one change; raises NotAllowed, ChangeUnknown."""
    found = next((one for one in changes(actor) if one.id == change_id), None)
    if found is None:
        raise ChangeUnknown
    return found


def changes_of_kind(actor: Actor, kind: str) -> tuple[ChangeLine, ...]:
    """Return the changes of one kind that this reader may see, newest first; the caller has asked for her right."""
    rows = models.Change.objects.filter(kind=kind).select_related("subject", "proposed_by", "settled_by")
    near = (row for row in rows.order_by("-proposed_at")[:_SHOWN] if is_near(row.kind, row.what, actor))
    return tuple(_line(row, actor) for row in near)


def _line(row: models.Change, actor: Actor) -> ChangeLine:
    over = row.state == ChangeState.WAITING and now() >= row.ends_at
    return ChangeLine(
        id=row.pk,
        kind=row.kind,
        what=dict(row.what),
        subject=row.subject.name if row.subject else "",
        proposed_by=row.proposed_by.name,
        proposed_at=row.proposed_at,
        ends_at=row.ends_at,
        state="over" if over else row.state,
        settled_by=row.settled_by.name if row.settled_by else "",
        settled_at=row.settled_at,
        reason=row.reason,
        mine=row.proposed_by_id == actor.id,
    )
