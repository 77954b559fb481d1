"""Speak with the field door as a telephone does, well and badly."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency, AuditEntry
from amparo.access.rules import Role
from amparo.cases import queries
from amparo.cases.models import Case, Entry
from amparo.cases.queries import CaseLine
from amparo.forms.actions import NobodyLeads, enrol_device, revoke_device
from amparo.forms.models import Attachment, Submission
from tests.factories import a_migration_officer, an_actor
from tests.factories.forms import a_filled_intake, a_published_intake, an_enrolled_device, basic

pytestmark = pytest.mark.django_db


class Phone:
    """A telephone: a client that signs every request."""

    def __init__(self) -> None:
        a_published_intake()
        self.device = an_enrolled_device()
        self.headers = {"Authorization": basic(self.device), "Accept-Language": "es"}
        self.client = Client()

    def get(self, path: str) -> HttpResponse:
        return cast("HttpResponse", self.client.get(path, headers=self.headers))

    def post(
        self, xml: bytes, files: Mapping[str, bytes] | None = None, *, incomplete: bool = False
    ) -> HttpResponse:
        parts = {"xml_submission_file": _named(xml, "submission.xml")}
        parts |= {name: _named(content, name) for name, content in (files or {}).items()}
        marks = {"*isIncomplete*": "yes"} if incomplete else {}
        answer = self.client.post("/openrosa/submission", parts | marks, headers=self.headers)
        return cast("HttpResponse", answer)


def _named(content: bytes, name: str) -> io.BytesIO:
    part = io.BytesIO(content)
    part.name = name
    return part


def address_in(element: str, text: str) -> str:
    """Return the path that an element of a list names."""
    return text.split(f"<{element}>http://testserver")[1].split("<")[0]


def _submissions() -> int:
    with acting_as(SYSTEM):
        return Submission.objects.count()


def _lines() -> tuple[CaseLine, ...]:
    worker = an_actor()
    with acting_as(worker):
        return queries.open_cases_of(worker).lines


def test_form_list_form_and_manifest_fit_each_other() -> None:
    phone = Phone()

    listed = phone.get("/openrosa/formList").content.decode()
    form = phone.get(address_in("downloadUrl", listed))
    manifest = phone.get(address_in("manifestUrl", listed)).content.decode()
    file = phone.get(address_in("downloadUrl", manifest))

    assert f"md5:{hashlib.md5(form.content).hexdigest()}" in listed
    assert f"md5:{hashlib.md5(file.content).hexdigest()}" in manifest


def test_every_answer_carries_what_collect_asks_for() -> None:
    phone = Phone()

    for path in ("/openrosa/formList", "/openrosa/submission"):
        response = phone.client.head(path, headers=phone.headers)
        assert response["X-OpenRosa-Version"] == "1.0"
        assert int(response["X-OpenRosa-Accept-Content-Length"]) > 1_000_000
    assert phone.client.head("/openrosa/submission", headers=phone.headers).status_code == 204
    assert phone.get("/openrosa/formList")["Content-Type"].startswith("text/xml")


def test_a_submission_becomes_a_case_with_its_reference_in_the_answer() -> None:
    phone = Phone()

    response = phone.post(a_filled_intake())

    line = _lines()[0]
    assert response.status_code == 201
    assert line.reference in response.content.decode()
    assert (line.label, line.needs_now, line.age_status) == ("Ana", 2, "unknown")


def test_the_same_submission_again_is_the_same_one() -> None:
    phone, xml = Phone(), a_filled_intake()

    answers = [phone.post(xml) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert _submissions() == 1
    assert len(_lines()) == 1
    assert answers[0].content == answers[2].content


def test_the_same_number_with_other_answers_is_a_conflict_and_both_are_kept() -> None:
    phone, instance = Phone(), f"uuid:{uuid4()}"
    phone.post(a_filled_intake(instance=instance))

    first = phone.post(a_filled_intake(instance=instance, given="Otra"))
    again = phone.post(a_filled_intake(instance=instance, given="Tercera"))

    assert (first.status_code, again.status_code) == (409, 409)
    assert _submissions() == 3
    assert [line.label for line in _lines()] == ["Ana"]


def test_a_child_is_received_before_her_photograph_arrives() -> None:
    phone, xml = Phone(), a_filled_intake(photo="ana.jpg")

    part = phone.post(xml, incomplete=True)
    opened = len(_lines())
    whole = phone.post(xml, {"ana.jpg": b"\xff\xd8picture"})

    assert (part.status_code, opened, whole.status_code) == (202, 1, 201)
    assert _submissions() == 1


def test_a_missing_photograph_keeps_the_submission_open() -> None:
    phone = Phone()

    response = phone.post(a_filled_intake(photo="ana.jpg"))

    assert response.status_code == 202


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (b"<data", 400),
        (b"", 400),
        (b"\xff\xfe\x00", 400),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><data id="intake">&a;</data>', 400),
        (b"<data/>", 400),
        (b'<data id="intake" version="1"><meta/></data>', 400),
        (b'<data id="nowhere" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>', 404),
        (a_filled_intake(version="1999"), 404),
        (b"<a>" * 5000, 413),
        (b"<data id='intake'>" + b"x" * 3_000_000 + b"</data>", 413),
    ],
    ids=["cut", "empty", "not text", "entity", "no form", "no number", "form", "version", "deep", "large"],
)  # fmt: skip
def test_bad_forms_get_a_clear_answer_and_leave_nothing(xml: bytes, status: int) -> None:
    phone = Phone()

    response = phone.post(xml)

    assert response.status_code == status
    assert b"<OpenRosaResponse" in response.content
    assert _submissions() == 0
    assert AuditEntry.objects.filter(event="form.submission-refused", allowed=False).count() == 1


def test_refusals_speak_the_language_of_the_caller() -> None:
    phone = Phone()
    said = {}
    for language in ("es", "en", "fr", "pt", "ht"):
        phone.headers["Accept-Language"] = language
        said[language] = phone.post(b"<data").content

    assert len(set(said.values())) == 5


@pytest.mark.parametrize("name", ["../ana.jpg", ".hidden", "a/b.jpg", "x" * 300])
def test_a_file_name_that_is_a_path_is_refused_or_made_harmless(name: str) -> None:
    phone = Phone()

    response = phone.post(a_filled_intake(), {name: b"x"})

    assert response.status_code in (201, 400)
    with acting_as(SYSTEM):
        assert Attachment.objects.count() == 0


def test_a_cut_multipart_request_is_refused() -> None:
    phone = Phone()

    response = phone.client.post(
        "/openrosa/submission", b"--x\r\nContent-Disposition: form-data; name=", headers=phone.headers,
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip

    assert response.status_code == 400


def test_a_request_over_the_announced_size_is_refused() -> None:
    phone = Phone()

    response = phone.client.post(
        "/openrosa/submission", b"", headers=phone.headers | {"Content-Length": "99999999"},
        content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99999999",
    )  # fmt: skip

    assert response.status_code == 413


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!", "Basic eDp5", "Bearer abc", "Basic /w=="])
def test_without_a_known_device_nothing_is_shown(header: str) -> None:
    phone = Phone()
    phone.headers["Authorization"] = header

    response = phone.get("/openrosa/formList")

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic")
    assert b"intake" not in response.content


def test_a_telephone_of_the_migration_side_hands_a_child_in_and_can_read_nothing_back() -> None:
    phone = Phone()
    phone.device = an_enrolled_device("mx-migracion")
    phone.headers["Authorization"] = basic(phone.device)

    answer = phone.post(a_filled_intake())
    again = phone.post(a_filled_intake())

    officer = a_migration_officer()
    with acting_as(officer):
        seen = (Case.objects.count(), Submission.objects.count(), Entry.objects.count())
    assert (answer.status_code, again.status_code) == (201, 201)
    assert len(_lines()) == 2, "child protection leads both"
    assert seen == (0, 0, 0)


def test_an_agency_whose_cases_no_protection_agency_leads_gets_no_telephone() -> None:
    chief = an_actor(Role.SUPERVISOR)
    Agency.objects.filter(code="mx-migracion").update(lead=None)

    with acting_as(chief), pytest.raises(NobodyLeads):
        enrol_device(name="x", by=chief, agency="mx-migracion")


def test_a_known_device_with_another_secret_is_not_let_in() -> None:
    phone, other = Phone(), an_enrolled_device()
    phone.headers["Authorization"] = basic(replace(phone.device, secret=other.secret))

    assert phone.get("/openrosa/formList").status_code == 401


@pytest.mark.parametrize(
    ("role", "counts"), [("first-contact-officer", True), ("child-protection-authority", False)]
)
def test_a_shelters_telephone_cannot_attest_as_child_protection(role: str, counts: bool) -> None:
    phone = Phone()

    phone.post(a_filled_intake(role=role))

    worker = an_actor()
    with acting_as(worker):
        file = queries.case_for(worker, _lines()[0].id, purpose="casework")
    assert ("contact-recorded" in file.facts["evidence"]) is counts
    assert bool([line for line in file.told("note") if line.name == "claim-not-counted"]) is not counts


def test_a_revoked_device_is_out_at_once() -> None:
    phone, chief = Phone(), an_actor(Role.SUPERVISOR)
    with acting_as(chief):
        revoke_device(device=phone.device.device, by=chief)

    assert phone.post(a_filled_intake()).status_code == 401


def test_a_clock_that_is_ahead_does_not_lose_the_child_nor_date_things_in_the_future() -> None:
    phone = Phone()

    response = phone.post(a_filled_intake(ended="2099-01-01T00:00:00.000-06:00"))

    worker = an_actor()
    with acting_as(worker):
        file = queries.case_for(worker, _lines()[0].id, purpose="casework")
    assert response.status_code == 201
    assert max(line.at for line in file.story) <= max(line.recorded_at for line in file.story)


def test_no_answer_of_a_child_stands_in_a_url_or_a_message() -> None:
    phone = Phone()

    response = phone.post(a_filled_intake(given="Xochiquetzal"))

    assert b"Xochiquetzal" not in response.content
    assert "Xochiquetzal" not in "".join(str(row.__dict__) for row in AuditEntry.objects.all())
