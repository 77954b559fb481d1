"""Bring everybody who can call an address of the protection side: each role signed in, a telephone, nobody; invented.

The migration authority has a server of its own: tests/desk/test_migration_server.py tries every address there.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client

from amparo.access.models import Agency, Person
from amparo.access.rules import Role
from tests.desk.people import PASSWORD, a_person
from tests.factories.forms import an_enrolled_device, basic
from tests.monitor.people import a_delegation, the_secretariat

# Roles to which the table of rights gives acts; the Guide itself answers them.
ACT = frozenset({"caseworker", "supervisor", "first contact"})
# Whose tables of rights let them write in cases and transfers.
WIDE = frozenset({"caseworker", "supervisor"})
# Roles whose every try leaves a refusal on the trail.
SIGNED_IN = ACT | {"secretariat", "country delegate", "administrator", "another agency"}


@dataclass(frozen=True)
class Caller:
    """Somebody with a browser or a telephone; `id` is that of the account, None where there is none."""

    name: str
    client: Client
    id: UUID | None

    @property
    def verbs(self) -> tuple[str, ...]:
        """The other verbs she tries: whoever may write in cases all three, everybody else one, shared out by name."""
        others = ("PUT", "PATCH", "DELETE")
        return others if self.name in WIDE else (others[len(self.name) % len(others)],)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Let her do something and undo it, so that each try meets the same world."""
        cookies = copy.deepcopy(self.client.cookies)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.client.cookies = cookies


def all_callers() -> list[Caller]:
    """Return one caller of every kind."""
    people = {
        "first contact": a_person(Role.FIRST_CONTACT, "mx-albergue"),
        "caseworker": a_person(Role.CASEWORKER),
        "supervisor": a_person(Role.SUPERVISOR),
        "administrator": a_person(Role.ADMINISTRATOR),
        "secretariat": _person(Role.SECRETARIAT, the_secretariat()),
        "country delegate": _person(Role.COUNTRY_DELEGATE, a_delegation("MX")),
        "another agency": _person(Role.CASEWORKER, _another()),
    }
    telephone = Client(raise_request_exception=False, headers={"authorization": basic(an_enrolled_device())})
    return [
        Caller("nobody", Client(raise_request_exception=False), None),
        Caller("telephone", telephone, None),
        *(Caller(name, _signed_in(person), person.pk) for name, person in people.items()),
    ]


def _signed_in(person: Person) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.force_login(person)
    return client


def _person(role: Role, agency: Agency) -> Person:
    return Person.objects.create_user(
        f"{uuid4().hex[:8]}@example.org", PASSWORD, agency=agency, role=role, name="Prueba"
    )


def _another() -> Agency:
    fields = {"name": {"es": "Otra"}, "sector": "protection", "kind": "protection", "telephone": "0"}
    return Agency.objects.get_or_create(code="mx-otra", defaults=fields)[0]
