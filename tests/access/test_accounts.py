"""Show who may be invited, that an account is one whatever the letters of its e-mail, and that the trail says so."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from amparo.access.actions import (
    AccountClosed,
    AccountExists,
    EmailWrong,
    NotAlone,
    RoleUnfit,
    close_account,
    invite_person,
)
from amparo.access.coming_in import accept_invitation
from amparo.access.invitations import found_person
from amparo.access.models import AuditEntry, Person
from amparo.access.queries import PersonUnknown, actor_of
from amparo.access.rules import Role, Sector, role_refusal
from amparo.node.profile import SECTORS
from tests.desk.people import PASSWORD
from tests.factories import agency


def _invited(email: str = "Doc@Example.ORG", **other: Any) -> Person:  # noqa: ANN401
    agency("mx-proteccion")
    asked = {"agency": "mx-proteccion", "role": Role.CASEWORKER, "password": PASSWORD} | other
    return invite_person(email=email, name="Doc", **asked)


@pytest.mark.django_db
def test_an_account_is_found_however_its_email_is_typed() -> None:
    person = _invited(" Doc@Example.ORG ")

    assert person.email == "doc@example.org"
    assert actor_of("DOC@example.org").id == person.pk
    assert close_account(email="dOC@EXAMPLE.org")
    with pytest.raises(PersonUnknown):
        actor_of("doc@example.org")


@pytest.mark.django_db
def test_an_address_that_has_an_account_is_not_invited_again() -> None:
    kept = _invited().password

    with pytest.raises(AccountExists, match="exists"):
        _invited("doc@example.org", password="una frase larga distinta", role=Role.SUPERVISOR)

    person = Person.objects.get()
    assert (person.password, person.role) == (kept, "caseworker")


@pytest.mark.django_db
def test_a_closed_account_is_not_opened_by_an_invitation() -> None:
    _invited()
    close_account(email="doc@example.org")

    with pytest.raises(AccountClosed, match="is closed"):
        _invited()

    assert not Person.objects.get().is_active


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "doc", "doc@", "@example.org", "doc example@example.org"])
def test_what_is_no_email_is_not_invited(email: str) -> None:
    with pytest.raises(EmailWrong):
        _invited(email)

    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.MIGRATION_OFFICER, "mx-proteccion"),
        (Role.CASEWORKER, "mx-migracion"),
        (Role.DEVICE, "mx-albergue"),
    ],
)
def test_a_role_of_another_sector_is_not_given(role: Role, code: str) -> None:
    with pytest.raises(RoleUnfit):
        _invited(role=role, agency=code)

    assert not Person.objects.exists()


@pytest.mark.django_db
def test_the_trail_says_who_was_let_in_and_out() -> None:
    person = _invited()
    close_account(email=person.email)
    close_account(email=person.email)

    rows = AuditEntry.objects.order_by("at").values_list("event", "subject", "role", "reasons")

    subject = f"person:{person.pk}"
    assert list(rows) == [
        ("person.invited", subject, "system", ["command"]),
        ("person.closed", subject, "system", ["command"]),
    ]


# None of these opens the file of a child.
OF_MIGRATION = {Role.MIGRATION_OFFICER, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER}


@pytest.mark.django_db
def test_the_first_two_of_an_agency_come_in_by_link_and_code_and_no_third(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    agency("mx-proteccion")
    asked: dict[str, Any] = {"agency": "mx-proteccion", "role": Role.ADMINISTRATOR}
    links = [found_person(email=f"{name}@example.org", name=name, **asked) for name in ("uno", "dos", "tres")]
    for secret, code in links[:2]:
        accept_invitation(secret=secret, code=code, password=PASSWORD)

    with pytest.raises(NotAlone):
        accept_invitation(secret=links[2][0], code=links[2][1], password=PASSWORD)
    with pytest.raises(NotAlone):
        found_person(email="cuatro@example.org", name="cuatro", **asked)

    assert list(Person.objects.order_by("name").values_list("name", flat=True)) == ["dos", "uno"]


@given(st.sampled_from(list(Role)), st.sampled_from(list(Sector)))
def test_migration_and_protection_never_lend_each_other_a_role(role: Role, sector: Sector) -> None:
    fits = role_refusal(role, sector) == ""

    assert not (fits and sector is Sector.MIGRATION and role not in OF_MIGRATION)
    assert not (fits and role is Role.MIGRATION_OFFICER and sector is not Sector.MIGRATION)
    assert not (fits and role in {Role.DEVICE, Role.SYSTEM, Role.NOBODY})
    assert fits or sector in role_refusal(role, sector) or "no role of a person" in role_refusal(role, sector)


def test_only_the_delegation_of_a_state_has_delegates_and_it_has_no_secretariat() -> None:
    assert role_refusal(Role.COUNTRY_DELEGATE, Sector.SECRETARIAT, "MX") == ""
    assert "has no country" in role_refusal(Role.COUNTRY_DELEGATE, Sector.SECRETARIAT)
    assert "delegation of a State" in role_refusal(Role.SECRETARIAT, Sector.SECRETARIAT, "MX")
    assert "sector secretariat" in role_refusal(Role.COUNTRY_DELEGATE, Sector.MIGRATION, "MX")


@pytest.mark.parametrize("sector", SECTORS)
def test_every_sector_of_a_profile_has_an_administrator(sector: str) -> None:
    assert role_refusal(Role.ADMINISTRATOR, Sector(sector)) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("sector", SECTORS)
def test_people_of_every_sector_of_a_profile_can_act(sector: str) -> None:
    body = agency("mx-albergue")
    body.sector = sector
    body.save()
    person = _invited(role=Role.ADMINISTRATOR, agency="mx-proteccion")
    person.agency = body

    assert person.as_actor().sector == sector
