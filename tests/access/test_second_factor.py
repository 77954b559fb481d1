"""Show that without a second factor nobody gets further than setting one up, and that its secret is sealed."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from amparo.access.models import AuditEntry, Person
from amparo.access.rules import Role
from amparo.access.second_factor import SETTING_UP
from tests.desk.people import PASSWORD, a_person

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"  # a known example secret, of no account


@pytest.fixture(autouse=True)
def _a_real_node(settings: Settings) -> None:
    settings.DEMONSTRATION = False


def _enter(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def _code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))))


def _events(event: str) -> list[tuple[str, bool]]:
    return list(AuditEntry.objects.filter(event=event).values_list("subject", "allowed"))


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_a_password_alone_opens_nothing_but_setting_up(role: Role) -> None:
    client = _enter(a_person(role))

    opened = {
        name: client.get(reverse(name)).status_code for name in ("desk:home", "desk:my-day", "desk:people")
    }

    assert set(opened.values()) == {302}
    assert client.get("/day/").headers["Location"] == reverse("mfa_index")
    assert "Add a second step first" in client.get(reverse("mfa_index")).content.decode()


def test_a_password_alone_acts_as_nobody() -> None:
    client = _enter(a_person())

    answer = client.get(reverse("mfa_index"))

    assert answer.wsgi_request.actor.role is Role.NOBODY  # type: ignore[attr-defined]


def test_nothing_of_a_child_is_among_the_pages_of_setting_up() -> None:
    assert all(not name.startswith("desk:") for name in SETTING_UP)


def test_with_a_second_factor_she_works() -> None:
    person = a_person()
    TOTP.activate(person, SECRET)
    client = _enter(person)
    before = client.get("/day/").status_code

    client.post(reverse("mfa_authenticate"), {"code": _code()})

    assert (before, client.get("/day/").status_code) == (302, 200)
    assert _events("second-factor.used") == [(f"person:{person.pk}", True)]


def test_a_wrong_second_factor_is_on_the_trail_once_a_minute() -> None:
    person = a_person()
    TOTP.activate(person, SECRET)
    client = _enter(person)

    for _ in range(3):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert _events("second-factor.failed") == [(f"person:{person.pk}", False)]
    assert _events("person.signed-in") == []


def test_a_code_is_not_used_twice_wherever_it_is_sent() -> None:
    person = a_person()
    TOTP.activate(person, SECRET)
    first, second = _enter(person), _enter(person)
    code = _code()

    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})

    assert (first.get("/day/").status_code, second.get("/day/").status_code) == (200, 302)


def test_the_secret_is_not_in_the_database() -> None:
    person = a_person()

    TOTP.activate(person, SECRET)

    kept = Authenticator.objects.get(user=person)
    assert SECRET not in json.dumps(kept.data)
    assert kept.wrap().validate_code(_code())


def test_the_last_second_factor_stays() -> None:
    person = a_person()
    TOTP.activate(person, SECRET)
    client = _enter(person)
    client.post(reverse("mfa_authenticate"), {"code": _code()})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_a_demonstration_asks_for_none(settings: Settings) -> None:
    settings.DEMONSTRATION = True

    assert _enter(a_person()).get("/day/").status_code == 200
