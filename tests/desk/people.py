"""Make people who can sign in, and their browsers; all synthetic."""

from functools import cache
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.test import Client

from amparo.access.models import Person
from amparo.access.rules import Role
from tests.factories import agency

PASSWORD = "una frase larga de prueba"


def a_person(role: Role = Role.CASEWORKER, code: str = "mx-proteccion", name: str = "Lucía Prueba") -> Person:
    """Return somebody with an account in an agency of the node under test."""
    email = f"{uuid4().hex[:8]}@example.org"
    return Person.objects.create(
        email=email, password=_hashed(), agency=agency(code), role=role.value, name=name
    )


@cache
def _hashed() -> str:
    """Return the password as it is kept; the hash is slow on purpose, and one does for all."""
    return make_password(PASSWORD)


def a_browser(
    role: Role = Role.CASEWORKER, code: str = "mx-proteccion", *, language: str = "es", careful: bool = False
) -> Client:
    """Return a browser in which such a person is signed in; `careful` keeps the check on forged forms."""
    client = Client(enforce_csrf_checks=careful, headers={"accept-language": language})
    client.force_login(a_person(role, code))
    return client
