"""Show that the published Guide is served to anybody, unchanged, and with nothing of the visitor kept."""

import hashlib
import json

import pytest
from django.test import Client
from django.urls import reverse

from amparo.guide.publishing import published

pytestmark = pytest.mark.django_db


def address(name: str) -> str:
    return reverse("desk:guide-document", args=[name])


def test_addresses_of_documents_stay() -> None:
    assert address("guide.json") == "/guide/data/guide.json"
    assert address("overlays/MX.json") == "/guide/data/overlays/MX.json"
    assert reverse("desk:guide-data") == "/guide/data/"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("guide.json", "application/json"),
        ("overlays/MX.json", "application/json"),
        ("guide.jsonld", "application/ld+json"),
        ("schemas/guide.schema.json", "application/schema+json"),
    ],
)
def test_document_is_given_without_sign_in_and_without_a_cookie(client: Client, name: str, kind: str) -> None:
    answer = client.get(address(name))

    assert answer.status_code == 200
    assert answer.content == published()[name]
    assert answer["Content-Type"] == kind
    assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Cache-Control"] == "public, max-age=3600"


def test_every_address_of_the_index_is_served_with_the_bytes_it_says(client: Client) -> None:
    index = json.loads(client.get(reverse("desk:guide-data")).content)

    for each in index["content"]["documents"]:
        answer = client.get(address(each["address"]))
        assert "sha256:" + hashlib.sha256(answer.content).hexdigest() == each["file_hash"]


def test_who_has_the_document_is_told_that_nothing_changed(client: Client) -> None:
    tag = client.get(address("guide.json"))["ETag"]

    again = client.get(address("guide.json"), headers={"if-none-match": tag})
    other = client.get(address("guide.json"), headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize("name", ["nothing.json", "../guide.json", "overlays/ZZ.json", "guide.json/"])
def test_document_that_does_not_exist_is_not_found(client: Client, name: str) -> None:
    assert client.get("/guide/data/" + name).status_code == 404


def test_document_is_only_read(client: Client) -> None:
    assert client.post(address("guide.json"), {"content": "mine"}).status_code in (403, 405)
