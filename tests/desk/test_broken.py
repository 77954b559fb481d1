"""Fail behind a page of the desk: whoever asks gets plain words, and the log gets the first cause."""

import logging
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation
from pytest_django import Settings

from amparo.desk import errors
from amparo.desk.context import page_frame
from amparo.node.urls import handler400, handler403, handler404, handler500
from amparo.node.urls import urlpatterns as pages_of_the_node
from tests.factories import a_device

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    """The language of a page that nobody in particular reads, whatever the test before has read."""
    with translation.override("es"):
        yield


def _fails(request: HttpRequest) -> HttpResponse:
    request.actor = a_device()  # type: ignore[attr-defined]
    raise LookupError("the first cause")


def _fails_in_the_database(request: HttpRequest, state: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'what it said' USING ERRCODE = '{state}'; END $$")
    return HttpResponse(request.method)


urlpatterns = [
    *pages_of_the_node,
    path("fails/", _fails),
    path("fails/<str:state>/", _fails_in_the_database),
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def _a_devices_request() -> HttpRequest:
    request = RequestFactory().get("/x/")
    request.user = AnonymousUser()
    request.actor = a_device()  # type: ignore[attr-defined]
    return request


def test_a_device_has_no_account_in_the_frame() -> None:
    assert page_frame(_a_devices_request())["reader"] is None


def test_the_page_of_a_failure_is_said_to_a_device_too() -> None:
    answer = errors.broken(_a_devices_request())

    assert (answer.status_code, "Algo falló aquí" in answer.content.decode()) == (500, True)


def test_the_page_of_a_failure_reads_nothing_of_the_request() -> None:
    class Unreadable(HttpRequest):
        def __getattribute__(self, name: str) -> object:
            raise AssertionError(f"{name} was read")

    text = errors.broken(Unreadable()).content.decode()

    assert "Nodo de demostración México" in text
    assert 'name="language"' not in text


def test_what_failed_first_is_in_the_log_and_not_on_the_page(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = __name__

    with caplog.at_level(logging.ERROR, logger="django.request"):
        answer = Client(raise_request_exception=False).get("/fails/")

    assert answer.status_code == 500
    assert "Algo falló aquí" in answer.content.decode()
    assert "the first cause" not in answer.content.decode()
    assert "the first cause" in caplog.text


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("53100", 503),  # no room on the disk
        ("53300", 503),  # too many connections
        ("57P01", 503),  # the server is being stopped
        ("42P01", 500),  # a statement of ours is wrong: that is no moment to wait for
    ],
)
def test_a_database_that_is_full_or_stopped_is_said_as_such_and_not_in_its_own_words(
    settings: Settings, state: str, status: int
) -> None:
    settings.ROOT_URLCONF = __name__

    answer = Client(raise_request_exception=False).get(f"/fails/{state}/")

    assert answer.status_code == status
    assert ("La base de datos de este nodo no responde" in answer.content.decode()) is (status == 503)
    assert "what it said" not in answer.content.decode()
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)
