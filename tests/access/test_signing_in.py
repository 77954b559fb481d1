"""Show that each sign-in and each failed one leaves a trace, and that a sign-in ends after twelve hours."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.models import AuditEntry
from amparo.base.clock import now
from tests.desk.people import PASSWORD, a_browser, a_person

pytestmark = pytest.mark.django_db


def _enter(email: str, password: str, address: str = "192.0.2.1") -> Client:
    browser = Client(REMOTE_ADDR=address)
    browser.post(reverse("account_login"), {"login": email, "password": password})
    return browser


def _rows(event: str) -> list[tuple[str, str, bool]]:
    return list(AuditEntry.objects.filter(event=event).values_list("subject", "role", "allowed"))


def test_a_sign_in_is_on_the_trail() -> None:
    person = a_person()

    _enter(person.email.upper(), PASSWORD)

    assert _rows("person.signed-in") == [(f"person:{person.pk}", "caseworker", True)]
    assert _rows("person.sign-in-failed") == []


def test_a_failed_sign_in_is_on_the_trail_once_per_minute_and_address() -> None:
    person = a_person()

    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        _enter(person.email, "otra frase larga cualquiera", address)

    assert _rows("person.sign-in-failed") == [(f"person:{person.pk}", "nobody", False)] * 2
    assert _rows("person.signed-in") == []


def test_what_a_stranger_typed_is_not_on_the_trail() -> None:
    typed = f"{uuid4().hex}@example.org"

    _enter(typed, PASSWORD, "192.0.2.3")

    assert _rows("person.sign-in-failed") == [("person:unknown", "nobody", False)]


def _aged(hours: float) -> Client:
    browser = a_browser()
    session = browser.session
    session["signed_in_at"] = (now() - timedelta(hours=hours)).isoformat()
    session.save()
    return browser


@pytest.mark.parametrize(("hours", "status"), [(0, 200), (11.9, 200), (12, 302), (50, 302)])
def test_a_sign_in_ends_after_twelve_hours(hours: float, status: int) -> None:
    answer = _aged(hours).get("/day/")

    assert answer.status_code == status
    assert (status == 200) or answer["Location"].startswith(reverse("account_login"))


def test_a_sign_in_that_has_ended_does_not_come_back() -> None:
    browser = _aged(12)
    old = browser.cookies["amparo_mx_session"].value

    browser.get("/")
    browser.cookies["amparo_mx_session"] = old

    assert browser.get("/day/").status_code == 302


def test_a_session_of_unknown_age_has_ended() -> None:
    browser = a_browser()
    session = browser.session
    del session["signed_in_at"]
    session.save()

    assert browser.get("/day/").status_code == 302
