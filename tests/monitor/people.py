"""Make delegations and people of the regional work; all synthetic, no State said any of this."""

from uuid import uuid4

from django.test import Client

from amparo.access.models import Agency, Person
from amparo.access.rules import Actor, Role, Sector
from tests.desk.people import PASSWORD

DUTY = "no-detention"


def a_delegation(country: str) -> Agency:
    """Return the delegation of a State."""
    fields = {
        "name": {"es": f"Delegación {country}", "en": f"Delegation {country}"},
        "sector": "secretariat",
        "kind": "delegation",
        "telephone": "0",
        "country": country,
    }
    return Agency.objects.get_or_create(code=f"delegacion-{country.lower()}", defaults=fields)[0]


def the_secretariat() -> Agency:
    """Return the agency of the regional secretariat."""
    fields = {"name": {"es": "Secretaría"}, "sector": "secretariat", "kind": "secretariat", "telephone": "0"}
    return Agency.objects.get_or_create(code="secretaria", defaults=fields)[0]


def _actor(role: Role, agency: Agency) -> Actor:
    return Actor(uuid4(), role, Sector(agency.sector), agency.pk, agency.code, country=agency.country)


def a_delegate(country: str = "MX") -> Actor:
    """Return somebody who speaks for a State."""
    return _actor(Role.COUNTRY_DELEGATE, a_delegation(country))


def a_secretary() -> Actor:
    """Return somebody of the regional secretariat."""
    return _actor(Role.SECRETARIAT, the_secretariat())


def a_regional_browser(
    role: Role, country: str = "", *, language: str = "en", careful: bool = False
) -> Client:
    """Return a browser in which a delegate, or somebody of the secretariat, is signed in."""
    agency = a_delegation(country) if country else the_secretariat()
    person = Person.objects.create_user(
        f"{uuid4().hex[:8]}@example.org", PASSWORD, agency=agency, role=role, name="Prueba"
    )
    client = Client(enforce_csrf_checks=careful, headers={"accept-language": language})
    client.force_login(person)
    return client
