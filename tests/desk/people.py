"""Make people who can sign in, and their browsers; all synthetic."""

from uuid import uuid4

from django.test import Client

from amparo.access.models import Person
from amparo.access.rules import Role
from tests.factories import agency

PASSWORD = "una frase larga de prueba"


def a_person(role: Role = Role.CASEWORKER, code: str = "mx-proteccion", name: str = "Lucía Prueba") -> Person:
    """Return somebody with an account in an agency of the node under test."""
    return Person.objects.create_user(
        f"{uuid4().hex[:8]}@example.org", PASSWORD, agency=agency(code), role=role, name=name
    )


def a_browser(
    role: Role = Role.CASEWORKER, code: str = "mx-proteccion", *, language: str = "es", careful: bool = False
) -> Client:
    """Return a browser in which such a person is signed in; `careful` keeps the check on forged forms."""
    client = Client(enforce_csrf_checks=careful, headers={"accept-language": language})
    client.force_login(a_person(role, code))
    return client
