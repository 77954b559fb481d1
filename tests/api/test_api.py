"""Show what other nodes and strangers meet at the door: codes, no session, no page, no child data."""

import json

import pytest
from django.test import Client

from amparo.access.models import AuditEntry
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.keyring import read_keyring
from amparo.node import trust
from amparo.node.home import Home

pytestmark = pytest.mark.django_db
ENVELOPES, LIST = "/api/v1/envelopes", "/api/v1/trust-list"


@pytest.fixture
def no_list(node_home: Home) -> object:
    """Take the trust list away for one test."""
    held = node_home.trust_list.read_text("ascii") if node_home.trust_list.exists() else None
    node_home.trust_list.unlink(missing_ok=True)
    yield
    if held is not None:
        node_home.trust_list.write_text(held, "ascii")


@pytest.mark.usefixtures("no_list")
def test_without_a_trust_list_there_is_none_to_give() -> None:
    assert Client().get(LIST).status_code == 404


@pytest.mark.usefixtures("no_list")
def test_the_trust_list_is_given_as_it_was_signed(node_home: Home) -> None:
    root = node_home.trust_root.read_text("ascii") if node_home.trust_root.exists() else None
    pair = seal.new_sign_keys()
    node_home.trust_root.unlink(missing_ok=True)
    text = trust.publish(
        [trust.card_of(node_home, read_keyring(node_home.keyring))], root=pair, number=1, at=now()
    )
    trust.adopt(node_home, text, pair.public)

    answer = Client().get(LIST)

    node_home.trust_list.unlink()
    node_home.trust_root.unlink()
    if root is not None:
        node_home.trust_root.write_text(root, "ascii")
    assert (answer.status_code, answer.content.decode()) == (200, text)
    assert answer["Content-Type"].startswith("application/jose")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 100])
def test_rubbish_is_answered_with_a_code_and_left_on_the_trail(content: bytes) -> None:
    stranger = f"192.0.2.{20 + len(content)}"  # what one address sends is written down once a minute
    answer = Client(enforce_csrf_checks=True, REMOTE_ADDR=stranger).post(
        ENVELOPES, content, content_type="application/octet-stream"
    )

    said = json.loads(answer.content)
    assert answer.status_code == 400
    assert said["code"] == "line-unreadable"
    assert AuditEntry.objects.get(event="envelope.refused").reasons == ["line-unreadable"]


@pytest.mark.usefixtures("no_list")
def test_without_a_trust_list_every_sender_is_unknown() -> None:
    pair = seal.new_sign_keys()
    line = seal.sign(pair.private, {"id": "0" * 32}, kid=pair.id, typ="amparo-env+1")

    answer = Client().post(ENVELOPES, line.encode() + b"\nsealed", content_type="application/octet-stream")

    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "sender-unknown")


def test_no_cookie_is_set_and_no_other_way_of_asking_is_open() -> None:
    answer = Client().post(ENVELOPES, b"x", content_type="application/octet-stream")

    assert not answer.cookies
    assert Client().get(ENVELOPES).status_code == 405
    assert Client().post(LIST).status_code == 405


def test_a_length_that_lies_is_refused() -> None:
    answer = Client().generic("POST", ENVELOPES, b"x", CONTENT_LENGTH="99999999")

    assert (answer.status_code, json.loads(answer.content)) == (413, {"code": "too-large"})
