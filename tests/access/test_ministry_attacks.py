"""Bring back from a ministry what nobody there gave, or what was meant for others, and a provider that misbehaves.

As a forger, a thief of codes, a mixer-up of two providers, a State that runs the provider: nobody is signed in, each
answer is a page in words, and none is a failure of the server. Norms: RFC 8725, RFC 9207, OpenID Connect Core 1.0.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from joserfc import jws
from pytest_django.fixtures import Settings

from amparo.access import ministry_client
from amparo.access.models import AuditEntry
from amparo.base.clock import now
from tests.access.conftest import Join
from tests.access.ministries import SUBJECT, Claims, Provider, a_key, signed
from tests.access.ministry_people import BACK, DOOR, a_browser, codes, comes_back, somebody_bound, who

pytestmark = pytest.mark.django_db


# Forged, old and mixed-up answers


def _unsigned(claims: Claims) -> str:
    return ".".join(_coded(json.dumps(one)) for one in ({"alg": "none", "typ": "JWT"}, claims)) + "."


def _with_public_key(claims: Claims) -> str:
    """Sign as if the published key were a shared secret (RFC 8725, 2.1)."""
    head, body = (_coded(json.dumps(one)) for one in ({"alg": "HS256", "kid": "k1"}, claims))
    digest = hmac.digest(a_key().as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _coded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _signed_by_another(claims: Claims) -> str:
    return signed(claims, key=a_key("another"))


def _with_its_own_key(claims: Claims) -> str:
    key = a_key("another")
    header = {
        "alg": "RS256",
        "kid": "k1",
        "jwk": key.as_dict(private=False),
        "jku": "https://evil.example/keys",
    }
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=["RS256"])


def _cut(claims: Claims) -> str:
    return signed(claims)[:-8]


def _changed(claims: Claims) -> str:
    head, _, tail = signed(claims).split(".")
    return f"{head}.{_coded(json.dumps(claims | {'sub': 'x'}))}.{tail}"


@pytest.mark.parametrize(
    "sign",
    [
        _unsigned, _with_public_key, _signed_by_another, _with_its_own_key, _cut, _changed,
        lambda _claims: "", lambda _claims: "a.b.c", lambda _claims: "x" * 20_000,
    ],
)  # fmt: skip
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    sign: Callable[[Claims], object], join: Join, provider: Provider
) -> None:
    somebody_bound(join(provider.issuer))
    provider.sign, client = sign, a_browser()

    answer = comes_back(provider, client)

    assert "could not be verified" in answer.content.decode()
    assert (answer.status_code, who(client), codes()) == (403, "", ["signature"])


def test_a_published_key_that_names_no_algorithm_is_not_taken_for_a_shared_secret(
    join: Join, provider: Provider
) -> None:
    somebody_bound(join(provider.issuer))
    public = {
        name: said for name, said in a_key().as_dict(private=False).items() if name not in ("alg", "use")
    }
    provider.keys, client = lambda: [public], a_browser()
    comes_back(provider, client)
    provider.sign, forger = _with_public_key, a_browser()

    answer = comes_back(provider, forger)

    # Without an algorithm the key is still the provider's own.
    assert who(client) != ""
    assert (answer.status_code, who(forger), codes()) == (403, "", ["signature"])


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://other.example"}, "other-issuer"),
        ({"aud": "another client"}, "other-audience"),
        ({"aud": ["amparo mx", "another client"]}, "other-audience"),
        ({"azp": "another client"}, "other-audience"),
        ({"exp": int((now() - timedelta(minutes=5)).timestamp())}, "expired"),
        ({"exp": None}, "no-time"),
        ({"iat": int((now() + timedelta(hours=1)).timestamp())}, "not-yet"),
        ({"iat": int((now() - timedelta(hours=1)).timestamp())}, "too-old"),
        ({"nonce": "of another attempt"}, "other-nonce"),
        ({"nonce": None}, "other-nonce"),
        ({"sub": ""}, "no-subject"),
        ({"sub": None}, "no-subject"),
        ({"sub": 7}, "no-subject"),
    ],
)
def test_a_token_for_somebody_or_some_moment_else_lets_nobody_in(
    claims: Claims, code: str, join: Join, provider: Provider
) -> None:
    somebody_bound(join(provider.issuer))
    client = a_browser()

    answer = comes_back(provider, client, **({"sub": SUBJECT} | claims))

    assert (answer.status_code, who(client), codes()) == (403, "", [code])


def test_an_answer_is_used_once(join: Join, provider: Provider) -> None:
    somebody_bound(join(provider.issuer))
    client = a_browser()
    said = provider.approve(client.get(DOOR).headers["Location"])
    client.get(BACK, said)
    client.post(reverse("account_logout"))

    again = client.get(BACK, said)
    elsewhere = a_browser().get(BACK, said)

    assert "used already" in again.content.decode()
    assert {again.status_code, elsewhere.status_code} == {403}
    assert who(client) == ""


def test_an_answer_that_failed_once_cannot_be_tried_again(join: Join, provider: Provider) -> None:
    somebody_bound(join(provider.issuer))
    client = a_browser()
    said = provider.approve(client.get(DOOR).headers["Location"])
    client.get(BACK, said | {"state": "of nobody"})

    again = client.get(BACK, said)

    assert (again.status_code, who(client)) == (403, "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": ""}, "other-attempt"),
        ({"state": "x" * 5_000}, "other-attempt"),
        ({"code": ""}, "no-code"),
        ({"code": "a b\n"}, "no-code"),
        ({"error": "access_denied"}, "declined"),
        ({"error": "<script>", "error_description": "<b>"}, "declined"),
        ({"iss": "https://other.example"}, "other-issuer"),
    ],
)
def test_an_answer_that_is_none_is_said_in_words(
    change: dict[str, str], code: str, join: Join, provider: Provider
) -> None:
    somebody_bound(join(provider.issuer))
    client = a_browser()
    said = provider.approve(client.get(DOOR).headers["Location"])

    answer = client.get(BACK, said | change)

    assert (answer.status_code, who(client), codes()) == (403, "", [code])
    assert "<script>" not in answer.content.decode().replace('<script type="module"', "")


def test_a_provider_that_names_itself_in_each_answer_is_held_to_it(join: Join, provider: Provider) -> None:
    somebody_bound(join(provider.issuer))
    provider.document = {"authorization_response_iss_parameter_supported": True}

    without = comes_back(provider, a_browser())
    client = a_browser()
    said = provider.approve(client.get(DOOR).headers["Location"])
    client.get(BACK, said | {"iss": provider.issuer})

    assert without.status_code == 403
    assert who(client) != ""


def test_the_answer_of_one_ministry_is_not_taken_at_the_door_of_another(
    join: Join, provider: Provider
) -> None:
    somebody_bound(join(provider.issuer))
    join(provider.issuer, id="otra")
    client = a_browser()
    said = provider.approve(client.get(DOOR).headers["Location"])
    asked = list(provider.asked)

    answer = client.get("/account/ministry/otra/back/", said)

    assert (answer.status_code, who(client), codes()) == (403, "", ["other-attempt"])
    assert "/token" not in provider.asked[len(asked) :]


# A provider that is down, slow, large or leads elsewhere


def _answers(status: int, body: bytes, **headers: str) -> Callable[[str], tuple[int, bytes, dict[str, str]]]:
    return lambda _path: (status, body, headers)


@pytest.mark.parametrize(
    "answer",
    [
        _answers(500, b"{}"),
        _answers(302, b"", Location="http://127.0.0.1:9/elsewhere"),
        _answers(200, b"<html>"),
        _answers(200, b"[]"),
        _answers(200, b"[" * 100_000),
        _answers(200, b'{"a": "' + b"x" * 300_000 + b'"}'),
        _answers(200, b"\xff\xfe"),
    ],
)
@pytest.mark.parametrize("when", ["leaving", "coming back"])
def test_a_provider_that_cannot_be_read_is_said_in_words_and_no_failure(
    when: str, answer: Callable[[str], Any], join: Join, provider: Provider
) -> None:
    somebody_bound(join(provider.issuer))
    client = a_browser()
    said = {}
    if when == "coming back":
        said = provider.approve(client.get(DOOR).headers["Location"])
    provider.answer = answer

    page = client.get(BACK, said) if said else client.get(DOOR)

    assert "does not answer now" in page.content.decode()
    assert (page.status_code, who(client)) == (424, "")


def test_nobody_at_the_address_of_the_provider_is_said_in_words(join: Join) -> None:
    join("http://127.0.0.1:9")

    assert a_browser().get(DOOR).status_code == 424


def test_an_answer_that_lasts_too_long_is_given_up(
    join: Join, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(provider.issuer)
    monkeypatch.setattr(ministry_client, "LONGEST_WAIT", -1.0)

    assert a_browser().get(DOOR).status_code == 424


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "", 7, "{issuer}@evil.example/x", "{issuer}/x y", "{issuer}1/x"]
)
def test_a_provider_that_leads_elsewhere_is_not_followed(
    name: str, address: object, join: Join, provider: Provider
) -> None:
    join(provider.issuer)
    provider.document = {
        name: str(address).format(issuer=provider.issuer) if isinstance(address, str) else address
    }

    answer = a_browser().get(DOOR)

    assert "could not be verified" in answer.content.decode()
    assert (answer.status_code, provider.asked) == (403, ["/.well-known/openid-configuration"])


def test_a_provider_under_another_name_is_not_believed(join: Join, provider: Provider) -> None:
    join(provider.issuer)
    provider.document = {"issuer": "https://other.example"}

    assert (a_browser().get(DOOR).status_code, codes()) == (403, ["other-issuer"])


def test_a_key_that_was_changed_is_fetched_once_more(
    join: Join, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = somebody_bound(join(provider.issuer))
    comes_back(provider, a_browser())
    new = a_key("new")
    provider.keys = lambda: [new.as_dict(private=False) | {"kid": "k2"}]
    provider.sign = lambda claims: signed(claims, key=new, kid="k2")
    monkeypatch.setattr(ministry_client, "AGAIN_AFTER", 0.0)
    client = a_browser()

    comes_back(provider, client)

    assert (who(client), provider.asked.count("/keys")) == (str(person.pk), 2)


def test_without_the_secret_of_the_client_nobody_is_signed_in(
    join: Join, provider: Provider, settings: Settings
) -> None:
    somebody_bound(join(provider.issuer))
    settings.HOME.ministry_secret("gobernacion", "protection").chmod(0o644)
    client = a_browser()

    answer = comes_back(provider, client)

    assert (answer.status_code, who(client)) == (424, "")


def test_neither_token_code_nor_secret_stands_in_a_log_or_on_the_trail(
    join: Join, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    somebody_bound(join(provider.issuer))
    client = a_browser()
    said = provider.approve(client.get(DOOR).headers["Location"], nonce="wrong")

    client.get(BACK, said)

    told = caplog.text + str(list(AuditEntry.objects.values()))
    assert not [one for one in (said["code"], said["state"], "two words", SUBJECT) if one in told]


def test_a_ministry_that_the_profile_does_not_name_is_not_there(join: Join) -> None:
    for name in ("leave", "back"):
        address = "/account/ministry/ninguna/" + ("back/" if name == "back" else "")
        assert a_browser().get(address).status_code == 404
