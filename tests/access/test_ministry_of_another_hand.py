"""Sign in with a provider that others wrote, run as a process of its own: oidc-provider-mock, on Authlib.

Our own test provider could misread the norm as our client does; this one does not know us. Decision: 0029.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.access.ministry_rules import Ministry
from amparo.base.clock import now
from amparo.base.private_file import write_private
from tests.access.conftest import Join
from tests.desk.people import PASSWORD, a_person
from tests.exchange.nodes import free_port

pytestmark = pytest.mark.django_db
DOOR, BACK = "/account/ministry/gobernacion/", "/account/ministry/gobernacion/back/"


@dataclass
class Other:
    """The other hand's provider, and what it knows of us."""

    issuer: str
    ministry: Ministry

    def signs_in(self, address: str, subject: str, **claims: object) -> dict[str, str]:
        """Sign somebody in there, and return what her browser brings back."""
        put = httpx.put(f"{self.issuer}/users/{subject}", json=claims, trust_env=False)
        assert put.status_code == 204
        answer = httpx.post(address, data={"sub": subject}, trust_env=False)
        assert answer.status_code == 302, answer.text
        there = httpx.URL(answer.headers["Location"])
        assert there.path == BACK
        return dict(there.params)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider, once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += ["--require-registration", "true", "--require-nonce", "true"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answering(issuer: str, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(1_800):
        assert process.poll() is None, "the provider ended"
        try:
            httpx.get(issuer, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return issuer
    raise AssertionError("the provider does not answer")


@pytest.fixture
def other(issuer: str, join: Join, settings: Settings) -> Other:
    """A node that this provider knows as its client."""
    door = settings.HOME.profile.url + BACK
    client = httpx.post(f"{issuer}/oauth2/clients", json={"redirect_uris": [door]}, trust_env=False).json()
    ministry = join(issuer, client_id=client["client_id"], amr=("otp",))
    write_private(
        settings.HOME.ministry_secret("gobernacion", "protection"), client["client_secret"].encode()
    )
    return Other(issuer, ministry)


def _connected(other: Other, subject: str) -> Client:
    """Return the browser in which somebody signed in and connected her identity."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_person())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("account_ministry_change", args=["gobernacion", "bind"])).content.decode()
    address = other.issuer + page.split('href="' + other.issuer)[1].split('"')[0].replace("&amp;", "&")
    said = other.signs_in(address, subject)
    assert "Connected." in client.get(BACK, said, follow=True).content.decode()
    return client


def test_an_identity_is_connected_and_then_signs_in(other: Other) -> None:
    holder = _connected(other, "lucia")
    client = Client()

    client.get(BACK, other.signs_in(client.get(DOOR).headers["Location"], "lucia"))
    stranger = Client(headers={"accept-language": "en"})
    answer = stranger.get(BACK, other.signs_in(stranger.get(DOOR).headers["Location"], "marta"))

    assert client.session["_auth_user_id"] == holder.session["_auth_user_id"]
    assert "This opens no account here" in answer.content.decode()


def test_a_code_that_was_used_there_is_refused_there_too(other: Other) -> None:
    _connected(other, "lucia")
    first, second = Client(), Client()
    said = other.signs_in(first.get(DOOR).headers["Location"], "lucia")
    mine = other.signs_in(second.get(DOOR).headers["Location"], "lucia")
    first.get(BACK, said)

    answer = second.get(BACK, mine | {"code": said["code"]})

    assert answer.status_code in (403, 424)
    assert "_auth_user_id" not in second.session


def test_a_code_of_somebody_else_is_not_taken_for_ones_own(other: Other) -> None:
    _connected(other, "lucia")
    victim, attacker = Client(), Client(headers={"accept-language": "en"})
    stolen = other.signs_in(victim.get(DOOR).headers["Location"], "lucia")
    own = other.signs_in(attacker.get(DOOR).headers["Location"], "ladron")

    answer = attacker.get(BACK, own | {"code": stolen["code"]})

    # This provider does not know PKCE, so it gives out the token: the nonce in it is of another attempt.
    assert "could not be verified" in answer.content.decode()
    assert "_auth_user_id" not in attacker.session


def test_whoever_declines_there_is_told_so_here(other: Other) -> None:
    client = Client(headers={"accept-language": "en"})
    address = client.get(DOOR).headers["Location"]

    answer = httpx.post(address, data={"action": "deny"}, trust_env=False)
    page = client.get(BACK, dict(httpx.URL(answer.headers["Location"]).params))

    assert page.status_code == 403


def test_the_own_second_step_is_asked_for_unless_the_provider_says_it_asked_for_one(
    other: Other, settings: Settings
) -> None:
    holder = _connected(other, "lucia")
    person = holder.session["_auth_user_id"]
    Authenticator.objects.create(user_id=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    settings.DEMONSTRATION = False
    plain, strong = Client(), Client()

    plain.get(BACK, other.signs_in(plain.get(DOOR).headers["Location"], "lucia"))
    said = {"amr": ["otp"], "auth_time": int(now().timestamp())}
    strong.get(BACK, other.signs_in(strong.get(DOOR).headers["Location"], "lucia", **said))

    assert "_auth_user_id" not in plain.session
    assert strong.session["_auth_user_id"] == person
