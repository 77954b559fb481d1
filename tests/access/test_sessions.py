"""Show that closing an account or changing its role ends every sign-in at the next request, and that there are few."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from amparo.access.letting_go import close_person, sign_out_person
from amparo.access.models import AuditEntry, Person
from amparo.access.people_changes import propose_role
from amparo.access.people_rules import MOST_SESSIONS
from amparo.access.rules import Role
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.desk.people import PASSWORD, a_person

pytestmark = pytest.mark.django_db


def _enter(person: Person) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get("/day/").status_code == 200
    return client


def _is_in(*clients: Client) -> list[bool]:
    return [client.get("/day/").status_code == 200 for client in clients]


def test_a_closed_account_is_out_everywhere_at_its_next_request() -> None:
    administrator, person = an_administrator(), a_person()
    browsers = [_enter(person), _enter(person)]

    with acting(administrator) as actor:
        close_person(person=person.pk, by=actor)

    assert _is_in(*browsers) == [False, False]
    assert not Session.objects.exists()


def test_a_session_that_the_database_lost_sight_of_ends_too() -> None:
    administrator, person = an_administrator(), a_person()
    client = Client()
    client.force_login(person)  # leaves no row in the list of sign-ins
    before = _is_in(client)

    with acting(administrator) as actor:
        sign_out_person(person=person.pk, by=actor)

    assert (before, _is_in(client)) == ([True], [False])


def test_a_changed_role_ends_what_was_signed_in() -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person()
    browser = _enter(person)
    with acting(first) as actor:
        change = propose_role(person=person.pk, role=Role.FIRST_CONTACT, by=actor)

    confirm(change, second)

    assert _is_in(browser) == [False]
    assert _is_in(_enter(person)) == [True]


def test_somebody_is_signed_in_at_few_places_and_the_oldest_ends() -> None:
    person = a_person()

    browsers = [_enter(person) for _ in range(MOST_SESSIONS + 1)]

    assert _is_in(*browsers) == [False, True, True, True]
    assert AuditEntry.objects.filter(event="person.session-ended", reasons=["too-many"]).count() == 1
