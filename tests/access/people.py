"""Make the people of an agency who propose and confirm, and act as them; all synthetic."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from amparo.access.actor import acting_as
from amparo.access.invitations import make_link
from amparo.access.models import Invitation, Person
from amparo.access.people_changes import propose_invitation
from amparo.access.rules import Actor, Role
from amparo.access.two_persons import confirm_change
from tests.desk.people import a_person


def an_administrator(name: str = "Alba Prueba", code: str = "mx-proteccion") -> Person:
    """Return an administrator of an agency."""
    return a_person(Role.ADMINISTRATOR, code, name)


def a_supervisor(name: str = "Sara Prueba", code: str = "mx-proteccion") -> Person:
    """Return a supervisor of an agency."""
    return a_person(Role.SUPERVISOR, code, name)


@contextmanager
def acting(person: Person) -> Iterator[Actor]:
    """Let somebody act; gives the actor."""
    actor = Person.objects.select_related("agency").get(pk=person.pk).as_actor()
    with acting_as(actor):
        yield actor


def propose_somebody(by: Person, email: str = "nueva@example.org", role: Role = Role.CASEWORKER) -> UUID:
    """Propose to invite somebody new."""
    with acting(by) as actor:
        return propose_invitation(email=email, name="Nueva Prueba", role=role, team=None, by=actor)


def confirm(change: UUID, by: Person) -> str:
    """Confirm, and return what the confirmer is told."""
    with acting(by) as actor:
        return confirm_change(change=change, by=actor)


def an_invitation(first: Person, second: Person, email: str = "nueva@example.org") -> tuple[str, str]:
    """Return the secret of the link and the code of somebody who was invited by two people."""
    change = propose_somebody(first, email)
    code = confirm(change, second)
    with acting(first) as actor:
        return make_link(invitation=Invitation.objects.get(change_id=change).pk, by=actor), code
