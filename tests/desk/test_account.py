"""Show that people come in with password and second step, and find their account in their language."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from amparo.access.models import Person
from tests.desk.people import PASSWORD, a_browser, a_person

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"  # a known example secret, of no account


def _enter(person: Person, password: str = PASSWORD, language: str = "es") -> tuple[Client, str, str]:
    client = Client(headers={"accept-language": language})
    form = {"login": person.email, "password": password}
    answer = client.post(reverse("account_login"), form, follow=True)
    return client, answer.request["PATH_INFO"], answer.content.decode()


def test_a_right_password_leads_to_my_day() -> None:
    _, address, text = _enter(a_person())

    assert address == "/day/"
    assert "Mi día" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "no son correctos"), ("pt", "não estão corretos"), ("ht", "pa kòrèk"), ("fr", "pas correct")],
)
def test_a_wrong_password_is_said_in_the_readers_language(language: str, words: str) -> None:
    _, address, text = _enter(a_person(), "otra frase larga cualquiera", language)

    assert address == reverse("account_login")
    assert words in text


def test_the_second_step_is_asked_before_anything_is_shown() -> None:
    person = a_person()
    TOTP.activate(person, SECRET)

    client, address, text = _enter(person)

    assert address == reverse("mfa_authenticate")
    assert "Segundo paso" in text
    assert client.get("/day/").status_code == 302


def test_the_right_code_opens_the_desk() -> None:
    person = a_person()
    TOTP.activate(person, SECRET)
    client, _, _ = _enter(person)
    code = format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))

    answer = client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)

    assert answer.request["PATH_INFO"] == "/day/"


def test_a_second_step_is_added_with_a_picture_and_its_text() -> None:
    person = a_person()
    client, _, _ = _enter(person)

    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    again = {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    text = client.post(reverse("account_reauthenticate"), again, follow=True).content.decode()

    assert "¿Es usted?" in asked.content.decode()
    assert "data:image/svg+xml" in text
    assert "Secreto:" in text
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    "name", ["mfa_index", "account_change_password", "usersessions_list", "account_logout"]
)
def test_account_pages_are_in_our_frame(name: str) -> None:
    text = a_browser().get(reverse(name)).content.decode()

    assert 'class="frame-head"' in text
    assert text.count("<h1") == 1


def test_leaving_needs_a_sent_form() -> None:
    browser = a_browser()

    browser.get(reverse("account_logout"))
    still = browser.get("/day/").status_code
    browser.post(reverse("account_logout"))

    assert still == 200
    assert browser.get("/day/").status_code == 302
