"""Make, rename and close the teams of an agency, and move its people between them; one administrator may.

A team gives no right by itself: who may read what is decided in `access/deciding.py`.
"""

from uuid import UUID

from django.db import transaction

from amparo.access import audit, models
from amparo.access.events import Event
from amparo.access.people_changes import NameMissing, TeamNotHere
from amparo.access.rules import Actor
from amparo.access.two_persons import PersonNotHere
from amparo.base.clock import now


class TeamExists(Exception):
    """The agency has an open team of this name."""


class TeamNotEmpty(Exception):
    """A team with people in it is not closed; they are moved first."""


@transaction.atomic
def make_team(*, name: str, by: Actor) -> UUID:
    """Make a team of one's own agency; raises NotAllowed, NameMissing, TeamExists."""
    audit.require(by, "person.manage")
    row = models.Team.objects.create(agency_id=by.body, name=_free_name(name, by))
    _write_down(row, by, "made")
    return row.pk


@transaction.atomic
def rename_team(*, team: UUID, name: str, by: Actor) -> None:
    """Give a team another name; raises NotAllowed, TeamNotHere, NameMissing, TeamExists."""
    audit.require(by, "person.manage")
    row = _own(team, by)
    row.name = _free_name(name, by, but=row.pk)
    row.save(update_fields=["name"])
    _write_down(row, by, "renamed")


@transaction.atomic
def close_team(*, team: UUID, by: Actor) -> None:
    """Close a team that has nobody in it any more; raises NotAllowed, TeamNotHere, TeamNotEmpty."""
    audit.require(by, "person.manage")
    row = _own(team, by)
    if row.people.filter(is_active=True).exists():
        raise TeamNotEmpty
    row.closed_at = now()
    row.save(update_fields=["closed_at"])
    _write_down(row, by, "closed")


@transaction.atomic
def move_person(*, person: UUID, team: UUID | None, by: Actor) -> None:
    """Put somebody of one's own agency into a team, or into none; raises NotAllowed, PersonNotHere, TeamNotHere."""
    audit.require(by, "person.manage")
    row = models.Person.objects.filter(pk=person, agency_id=by.body, is_active=True).first()
    if row is None:
        raise PersonNotHere
    row.team = _own(team, by) if team else None
    row.save(update_fields=["team"])
    audit.record(Event.PERSON_MOVED, by=by, subject=audit.subject_of("person", row.pk))


def _own(team: UUID, by: Actor) -> models.Team:
    row = models.Team.objects.select_for_update().filter(pk=team, agency_id=by.body, closed_at=None).first()
    if row is None:
        raise TeamNotHere
    return row


def _free_name(name: str, by: Actor, *, but: UUID | None = None) -> str:
    plain = " ".join(name.split())[:80]
    if not plain:
        raise NameMissing
    same = models.Team.objects.filter(agency_id=by.body, closed_at=None, name__iexact=plain).first()
    if same is not None and same.pk != but:
        raise TeamExists
    return plain


def _write_down(row: models.Team, by: Actor, what: str) -> None:
    audit.record(Event.TEAM_CHANGED, by=by, subject=audit.subject_of("team", row.pk), reasons=(what,))
