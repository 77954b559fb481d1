"""Knock at the field door with what no phone should send, and fail behind it: every answer is still OpenRosa."""

import base64
import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from amparo.access.actor import acting_as
from amparo.access.models import Agency
from amparo.base.clock import now
from amparo.cases import queries
from amparo.cases.queries import CaseFile
from amparo.field.openrosa import for_devices
from tests.factories import an_actor
from tests.factories.forms import a_filled_intake, an_enrolled_device, basic
from tests.field.test_openrosa import Phone

pytestmark = pytest.mark.django_db
EXTREMES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
SECRET = "Xochiquetzal"


def _the_file() -> CaseFile:
    worker = an_actor()
    with acting_as(worker):
        [line] = queries.open_cases_of(worker).lines
        return queries.case_for(worker, line.id, purpose="casework")


@pytest.mark.parametrize("moment", EXTREMES)
def test_a_form_closed_in_an_impossible_year_is_received_and_the_reason_kept(moment: str) -> None:
    response = Phone().post(a_filled_intake(ended=moment))

    told = [line.value for line in _the_file().told("note") if line.name == "not-taken-over"]
    assert response.status_code == 201
    assert "/data/end" in [one["path"] for one in told[0]]


@pytest.mark.parametrize("moment", EXTREMES)
def test_a_first_contact_in_an_impossible_year_is_received_and_not_believed(moment: str) -> None:
    said = f"<contact><contact_now>no</contact_now><first_contact_at>{moment}</first_contact_at></contact>"
    xml = a_filled_intake().replace(b"<safety>", said.encode() + b"<safety>")

    response = Phone().post(xml)

    assert response.status_code == 201
    assert "first_contact_at" not in _the_file().facts


def test_a_telephone_whose_clock_is_ahead_puts_no_deadline_off() -> None:
    xml = a_filled_intake().replace(b"<start>2026-", b"<start>2099-")

    response = Phone().post(xml)

    facts = _the_file().facts
    assert response.status_code == 201
    for name in ("first_contact_at", "accompaniment_known_at"):
        assert datetime.fromisoformat(facts[name]) <= now()


def test_a_form_name_with_nul_lists_nothing() -> None:
    response = Phone().get("/openrosa/formList?formID=%00")

    assert response.status_code == 200
    assert b"<xform>" not in response.content


def test_a_file_name_with_nul_is_not_there() -> None:
    response = Phone().get("/openrosa/forms/1/files/%00")

    assert response.status_code == 404
    assert b"<OpenRosaResponse" in response.content


def test_a_device_name_with_nul_is_a_stranger() -> None:
    signed = base64.b64encode(b"d-\0:x").decode()

    response = Client().get("/openrosa/formList", headers={"Authorization": f"Basic {signed}"})

    assert response.status_code == 401


def _failing(request: HttpRequest) -> HttpResponse:
    Agency.objects.create(code="half-written", sector="protection", kind="shelter", telephone="0")
    try:
        raise LookupError(SECRET)
    except LookupError as first:
        raise ValueError(f"{SECRET} is no number") from first


def _asked(door: Any) -> HttpResponse:  # noqa: ANN401
    request = RequestFactory().get("/x", headers={"Authorization": basic(an_enrolled_device())})
    answer: HttpResponse = for_devices(door)(request)
    return answer


def test_a_failure_is_said_to_the_phone_as_openrosa_after_everything_was_undone() -> None:
    answer = _asked(_failing)

    assert (answer.status_code, answer["X-OpenRosa-Version"]) == (500, "1.0")
    assert b"<OpenRosaResponse" in answer.content
    assert SECRET not in answer.content.decode()
    assert not Agency.objects.filter(code="half-written").exists()


def test_a_failure_of_the_database_is_said_the_same_way() -> None:
    def door(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return HttpResponse()

    answer = _asked(door)

    assert answer.status_code == 500
    assert b"<OpenRosaResponse" in answer.content


def test_a_failure_is_logged_with_its_place_and_cause_and_without_what_was_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        _asked(_failing)

    assert "_failing" in caplog.text
    assert "builtins.ValueError" in caplog.text
    assert "builtins.LookupError" in caplog.text
    assert SECRET not in caplog.text


def test_behind_a_tls_proxy_every_address_is_the_public_one(settings: Settings) -> None:
    phone = Phone()
    profile = replace(settings.HOME.profile, url="https://amparo.example.org")
    settings.HOME = replace(settings.HOME, profile=profile)

    listed = phone.get("/openrosa/formList").content.decode()
    manifest = phone.get(
        listed.split("<manifestUrl>https://amparo.example.org")[1].split("<")[0]
    ).content.decode()

    assert "http://testserver" not in listed + manifest
    assert "<downloadUrl>https://amparo.example.org/openrosa/forms/" in listed
    assert "<downloadUrl>https://amparo.example.org/openrosa/forms/" in manifest


def test_without_tls_the_address_is_the_one_the_phone_used() -> None:
    assert not settings.HOME.profile.url.startswith("https://")

    assert "<downloadUrl>http://testserver/openrosa/" in Phone().get("/openrosa/formList").content.decode()
