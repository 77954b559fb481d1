"""Open a child's photograph and her voice from the pages, as those who may and as those who may not."""

import io
from uuid import UUID

import psycopg
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from amparo.access import models as access
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.roles import Relation
from amparo.access.rules import Role
from amparo.cases.models import Case
from amparo.forms.models import Attachment, AttachmentPiece
from tests.cases.test_erasing import erase, ledger
from tests.conftest import dsn_of
from tests.desk.people import a_browser
from tests.factories import a_case, files
from tests.factories.forms import a_filled_intake
from tests.factories.sealed import PASSPHRASE, Officer, a_ceremony, an_officer
from tests.factories.ties import a_guardian, tied
from tests.field.test_openrosa import Phone

pytestmark = pytest.mark.django_db
__all__ = ["ledger"]
WHY = {"purpose": "casework"}


def _sent(content: bytes, *, voice: bool = False) -> str:
    """Send a form with one file; return the address of the file's page."""
    name = "v.bin"
    Phone().post(a_filled_intake(**{"audio" if voice else "photo": name}), {name: content})
    with acting_as(SYSTEM):
        one = Attachment.objects.latest("id")
    return reverse("desk:attachment", args=[one.case_id, one.pk])


def _case_page(address: str) -> str:
    return address.split("attachments")[0]


def _post(browser: Client, address: str, **more: str) -> HttpResponse:
    return browser.post(address, WHY | more)  # type: ignore[return-value]


def _content(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def _browser(officer: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(access.Person.objects.get(pk=officer.actor.id))
    return client


def _trail(event: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=event).order_by("at"))


def test_a_caseworker_opens_the_photograph_for_a_purpose_and_it_stands_on_the_trail() -> None:
    address, browser = _sent(files.a_picture()), a_browser(language="en")

    listed = browser.get(_case_page(address)).content.decode()
    asked = browser.get(address)
    given = _post(browser, address)

    with Image.open(io.BytesIO(_content(given))) as image:
        assert image.size == (64, 48)
    [entry] = _trail("attachment.read")
    assert address in listed
    assert "Photo of the child" in listed
    assert b"JFIF" not in asked.content
    assert (entry.purpose, entry.allowed, entry.reasons) == ("casework", True, ["jpeg", "personal"])
    assert entry.subject == f"case:{address.split('/')[2]}"


def test_a_file_can_run_nothing_is_kept_nowhere_and_carries_no_name_of_the_telephone() -> None:
    address, browser = _sent(files.a_picture()), a_browser()

    given = _post(browser, address)

    assert given["Content-Type"] == "image/jpeg"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given["Content-Security-Policy"]
    assert "default-src 'none'" in given["Content-Security-Policy"]
    assert given["Cache-Control"] == "no-store"
    assert given["Content-Disposition"].startswith("inline")
    assert "v.bin" not in str(given.headers) + browser.get(_case_page(address)).content.decode()


@pytest.mark.parametrize("content", [files.DOCUMENT, files.an_m4a(film=True)], ids=["document", "film"])
def test_what_was_not_cleaned_is_only_saved_and_says_so(content: bytes) -> None:
    address, browser = _sent(content), a_browser(language="en")

    page = browser.get(address).content.decode()
    given = _post(browser, address)

    assert "may tell where" in page
    assert given["Content-Disposition"].startswith("attachment")
    assert _content(given) == content


@pytest.mark.parametrize("content", [files.PAGE, files.DRAWING, files.ARCHIVE, files.a_bomb()])
def test_what_opens_safely_nowhere_is_listed_and_given_to_nobody(content: bytes) -> None:
    address, browser = _sent(content), a_browser(language="en")

    page = browser.get(_case_page(address)).content.decode()
    given = _post(browser, address)

    assert "kept sealed" in page
    assert address not in page
    assert given.status_code == 403
    assert b"script" not in given.content.split(b"<main")[1]
    assert _trail("attachment.refused")[0].reasons == ["shut"]
    assert _trail("attachment.read") == []


@pytest.mark.parametrize("purpose", ["", "curiosity", "migration"])
def test_without_a_purpose_nothing_opens(purpose: str) -> None:
    address, browser = _sent(files.a_picture()), a_browser()

    answer = browser.post(address, {"purpose": purpose})

    assert answer["Content-Type"].startswith("text/html")
    assert _trail("attachment.read") == []


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.FIRST_CONTACT, "mx-albergue"), (Role.ADMINISTRATOR, "mx-proteccion"),
        (Role.DATA_PROTECTION_OFFICER, "mx-proteccion"), (Role.PANEL_MEMBER, "mx-proteccion"),
    ],
)  # fmt: skip
def test_other_roles_are_refused(role: Role, code: str) -> None:
    address = _sent(files.a_picture())

    answer = _post(a_browser(role, code), address)

    assert answer.status_code in (403, 404)
    assert _trail("attachment.read") == []


def test_a_guardian_sees_that_there_is_a_photograph_and_cannot_open_it() -> None:
    address = _sent(files.a_picture())
    guardian = a_guardian()
    tied(UUID(address.split("/")[2]), guardian, Relation.GUARDIAN)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(access.Person.objects.get(pk=guardian.id))

    page = browser.get(_case_page(address))
    answer = _post(browser, address)

    assert page.status_code == 200
    assert "Photo of the child" in page.content.decode()
    assert address not in page.content.decode()
    assert answer.status_code == 403


def test_another_agency_finds_no_such_file_not_even_through_a_case_of_its_own() -> None:
    address = _sent(files.a_picture())
    access.Agency.objects.create(code="mx-otra", sector="protection", kind="shelter", telephone="0")
    stranger = a_browser(code="mx-otra")
    mine = a_case()

    asked = _post(stranger, address)
    swapped = _post(a_browser(), reverse("desk:attachment", args=[mine, address.split("/")[-2]]))

    assert (asked.status_code, swapped.status_code) == (404, 404)
    assert _trail("attachment.read") == []


def test_the_migration_side_has_no_such_address_and_its_login_cannot_name_the_tables() -> None:
    _sent(files.a_picture())

    with psycopg.connect(dsn_of("migration"), autocommit=True) as login:
        for table in ("forms_attachment", "forms_attachmentpiece"):
            with pytest.raises(psycopg.Error):
                login.execute(f"SELECT * FROM protection.{table}".encode())


def _change(statement: str, owner_dsn: str) -> None:
    """Change rows as whoever owns the tables, past triggers and policies."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        for table in ("forms_attachment", "forms_attachmentpiece"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        owner.execute("SELECT set_config('amparo.reach', 'node', false)")
        owner.execute(statement.encode())
        for table in ("forms_attachment", "forms_attachmentpiece"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE forms_attachmentpiece SET content = set_byte(content, 40, get_byte(content, 40) # 1)",
        "DELETE FROM forms_attachmentpiece WHERE number = 1",
        "DELETE FROM forms_attachmentpiece",
        "UPDATE forms_attachmentpiece SET number = 9 - number",
        "UPDATE forms_attachmentpiece SET content = substr(content, 1, length(content) - 1) WHERE number = 1",
        "INSERT INTO forms_attachmentpiece (attachment_id, number, content)"
        " SELECT attachment_id, 7, content FROM forms_attachmentpiece WHERE number = 0",
        "UPDATE forms_attachment SET sealed_key = set_byte(sealed_key, 20, get_byte(sealed_key, 20) # 1)",
    ],
    ids=["bit", "last piece gone", "all gone", "order", "cut", "added", "key"],
)
def test_a_file_changed_in_the_database_shows_nothing_and_says_so(statement: str, owner_dsn: str) -> None:
    address, browser = _sent(files.an_m4a(b"v" * 1_500_000)), a_browser(language="en")
    _change(statement, owner_dsn)

    answer = _post(browser, address)

    assert answer.status_code == 409
    assert "changed or damaged" in answer.content.decode()
    assert _trail("attachment.refused")[0].reasons == ["broken"]
    assert _trail("attachment.read") == []


@pytest.mark.django_db(transaction=True)
def test_a_file_moved_to_another_child_or_exchanged_for_hers_shows_nothing(owner_dsn: str) -> None:
    first, second = _sent(files.a_picture()), _sent(files.a_picture("PNG"))
    one, other = first.split("/")[-2], second.split("/")[-2]
    case, another = first.split("/")[2], second.split("/")[2]
    browser = a_browser()

    _change(f"UPDATE forms_attachment SET case_id = '{another}' WHERE id = '{one}'", owner_dsn)
    moved = _post(browser, reverse("desk:attachment", args=[another, one]))
    _change(f"UPDATE forms_attachment SET case_id = '{case}' WHERE id = '{one}'", owner_dsn)
    back = _post(browser, first)
    _change(
        f"UPDATE forms_attachmentpiece SET attachment_id = '{other}', number = 1 WHERE attachment_id = '{one}'",
        owner_dsn,
    )
    mixed = _post(browser, second)

    assert (moved.status_code, back.status_code, mixed.status_code) == (409, 200, 409)


def test_of_an_erased_case_no_file_is_left() -> None:
    address = _sent(files.a_picture())

    erase(UUID(address.split("/")[2]))
    answer = _post(a_browser(), address)

    assert answer.status_code == 404
    with acting_as(SYSTEM):
        assert (Case.objects.count(), Attachment.objects.count(), AttachmentPiece.objects.count()) == (
            0,
            0,
            0,
        )


def test_a_child_kept_back_from_a_reader_keeps_her_photograph_back_too() -> None:
    address, browser = _sent(files.a_picture()), a_browser()
    with acting_as(SYSTEM):
        Case.objects.update(withheld_from=[f"person:{browser.session['_auth_user_id']}"])

    assert _post(browser, address).status_code == 404
    assert _post(a_browser(), address).status_code == 200


def test_her_voice_opens_with_an_officers_own_passphrase_and_is_only_saved() -> None:
    officer, stranger = an_officer(), an_officer()
    a_ceremony(officer)
    address, voice = _sent(files.an_m4a(), voice=True), files.an_m4a()

    page = _browser(officer).get(_case_page(address)).content.decode()
    without = _post(_browser(officer), address)
    not_let_in = _post(_browser(stranger), address, passphrase=PASSPHRASE)
    given = _post(_browser(officer), address, passphrase=PASSPHRASE)

    content = _content(given)
    assert "Her voice" in page
    assert "Sealed: only officers" in page
    assert without["Content-Type"].startswith("text/html")
    assert (not_let_in.status_code, given.status_code) == (403, 200)
    assert given["Content-Disposition"].startswith("attachment")
    assert len(content) == len(voice)
    assert b"her voice" in content
    assert [entry.reasons for entry in _trail("attachment.read")] == [["m4a", "sealed"]]
