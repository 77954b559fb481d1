"""Show what strangers and misses leave on the trail: a trace each, and never so many that it grows from outside."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base.ids import case_reference
from tests.desk.people import a_browser
from tests.factories.forms import a_published_intake, an_enrolled_device, basic

pytestmark = pytest.mark.django_db


def _rows(event: str) -> list[tuple[str, str, bool]]:
    return list(AuditEntry.objects.filter(event=event).values_list("subject", "role", "allowed"))


def test_a_look_at_a_gate_that_does_not_exist_is_on_the_trail(
    migration_login: Callable[[], AbstractContextManager[None]],
) -> None:
    with migration_login():
        browser = a_browser(Role.MIGRATION_OFFICER, "mx-migracion")
        browser.post(reverse("desk:gate"), {"reference": case_reference("MX")})

    assert _rows("gate.read") == [("gate:unknown", "migration-officer", False)]


def test_a_wrong_device_secret_is_on_the_trail_once_per_address_and_minute() -> None:
    header = basic(an_enrolled_device())[:-6] + "AAAA=="

    for address in ("192.0.2.11", "192.0.2.11", "192.0.2.12"):
        Client(REMOTE_ADDR=address).get("/openrosa/formList", headers={"Authorization": header})

    assert _rows("device.refused") == [("device:unknown", "nobody", False)] * 2


def test_a_telephone_that_asks_how_to_sign_in_leaves_no_trace() -> None:
    Client(REMOTE_ADDR="192.0.2.13").get("/openrosa/formList")

    assert _rows("device.refused") == []


def test_a_form_that_a_telephone_takes_is_on_the_trail() -> None:
    pk, device = a_published_intake(), an_enrolled_device()

    Client().get(reverse("field:form", args=[pk]), headers={"Authorization": basic(device)})

    assert _rows("form.read") == [(f"form:{pk}", "device", True)]


def test_rubbish_from_one_address_is_written_down_once_a_minute_and_refused_each_time() -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.14")

    answers = [
        stranger.post("/api/v1/envelopes", content, content_type="application/octet-stream").status_code
        for content in (b"a", b"b", b"c")
    ]

    assert answers == [400] * 3
    assert len(_rows("envelope.refused")) == 1
