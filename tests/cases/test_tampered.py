"""Change one bit of each thing that is sealed, with all rights in the database: nothing false is shown."""

from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.base import postgres
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases.actions import add_words
from amparo.cases.models import Case
from tests.conftest import dsn_of
from tests.desk.people import a_browser
from tests.factories import a_case, an_actor

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Quiero ir a la escuela."


def _spoil(table: str, column: str, where: str, case_id: UUID) -> None:
    """Change the last bit of sealed bytes as a superuser who switches every guard off."""
    name = str(psycopg.conninfo.conninfo_to_dict(dsn_of("owner"))["dbname"])
    with psycopg.connect(postgres.start(settings.HOME.path).dsn(name)) as root:
        root.execute("SET LOCAL session_replication_role = replica")
        last = f"length({column}) - 1"
        done = root.execute(
            f"UPDATE {table} SET {column} = set_byte({column}, {last}, get_byte({column}, {last}) # 1)"
            f" WHERE {where} AND length({column}) > 0",
            {"case": case_id},
        )
        assert done.rowcount >= 1


def _a_story() -> UUID:
    worker, case_id = an_actor(), a_case()
    with acting_as(worker):
        add_words(
            case_id=case_id, kind="words", words=SAID, by=worker, at=now(), entry_id=uuid7(), closest=False
        )
    return case_id


def _pages(case_id: UUID, browser: Client) -> dict[str, tuple[int, str]]:
    browser.raise_request_exception = False
    answers = {
        "case": browser.get(f"/cases/{case_id}/"),
        "day": browser.get("/day/"),
        "find": browser.post("/find/", {"asked": "Ana", "because": "casework"}),
    }
    return {name: (answer.status_code, answer.content.decode()) for name, answer in answers.items()}


@pytest.mark.parametrize(
    ("table", "column", "where", "shut"),
    [
        ("protection.cases_case", "wrapped_key", "id = %(case)s", "case"),
        ("protection.cases_case", "sealed_identity", "id = %(case)s", "case"),
        ("protection.cases_entry", "sealed", "case_id = %(case)s", "case"),
    ],
)
def test_what_was_changed_is_not_shown_and_the_page_says_so(
    table: str, column: str, where: str, shut: str
) -> None:
    case_id, browser = _a_story(), a_browser(language="en")
    before = _pages(case_id, browser)[shut]

    _spoil(table, column, where, case_id)
    status, page = _pages(case_id, browser)[shut]

    assert before[0] == 200
    assert status == 500
    assert "This record cannot be opened" in page
    assert "Ana" not in page
    assert SAID not in page


def test_a_label_that_was_changed_shows_no_name_and_hides_no_other_child(
    caplog: pytest.LogCaptureFixture,
) -> None:
    case_id, other, browser = _a_story(), a_case(label="Berta"), a_browser(language="en")
    with acting_as(SYSTEM):
        reference = Case.objects.get(pk=case_id).reference

    _spoil("protection.cases_case", "sealed_label", "id = %(case)s", case_id)
    pages = _pages(case_id, browser)
    with acting_as(SYSTEM):
        written = AuditEntry.objects.filter(subject=f"case:{case_id}", allowed=False)
        reasons = {one for row in written for one in row.reasons}

    status, page = pages["day"]
    assert reasons == {"label-broken"}
    assert status == 200
    assert page.count("This label cannot be opened. Tell the administrator.") == 1
    assert "Berta" in page
    assert f"/cases/{other}/" in page
    assert reference in page
    assert "Ana" not in page
    assert "Ana" not in caplog.text
    assert reference not in caplog.text
    assert pages["case"][0] == pages["find"][0] == 200


def test_sealed_bytes_of_one_case_do_not_open_in_another() -> None:
    one, other, browser = _a_story(), a_case(label="Berta"), a_browser(language="en")
    browser.raise_request_exception = False
    with acting_as(SYSTEM):
        source = Case.objects.get(pk=one)
        Case.objects.filter(pk=other).update(
            wrapped_key=bytes(source.wrapped_key), sealed_identity=bytes(source.sealed_identity)
        )

    answer = browser.get(f"/cases/{other}/")

    assert answer.status_code == 500
    assert "Ana" not in answer.content.decode()
