"""Somebody who bound her identity at the ministry of `ministries`, her browser, and who is signed in there."""

from typing import Any

from django.test import Client

from amparo.access.actor import acting_as
from amparo.access.ministry_links import bind_identity
from amparo.access.ministry_rules import Ministry
from amparo.access.models import AuditEntry, Person
from tests.access.ministries import SUBJECT, Provider
from tests.desk.people import a_person

DOOR, BACK = "/account/ministry/gobernacion/", "/account/ministry/gobernacion/back/"
NOBODYS = "This opens no account here"


def a_browser() -> Client:
    """Return the browser of a stranger who reads English."""
    return Client(headers={"accept-language": "en"})


def somebody_bound(ministry: Ministry, subject: str = SUBJECT, **other: Any) -> Person:  # noqa: ANN401
    """Return somebody who bound this identity to her account."""
    person = a_person(**other)
    with acting_as(person.as_actor()):
        bind_identity(ministry=ministry, subject=subject, by=person.as_actor())
    return person


def comes_back(provider: Provider, client: Client, **claims: Any) -> Any:  # noqa: ANN401
    """Leave for the provider, sign in there, and come back."""
    sent = client.get(DOOR)
    return client.get(BACK, provider.approve(sent.headers["Location"], **claims))


def who(client: Client) -> str:
    """Return who is signed in in a browser; empty for nobody."""
    return str(client.session.get("_auth_user_id", ""))


def codes() -> list[str]:
    """Return why sign-ins were refused, as the trail has it."""
    rows = AuditEntry.objects.filter(event="person.sign-in-failed", allowed=False)
    return [row.reasons[-1] for row in rows]
