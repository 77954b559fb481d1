"""Promise S4, at the server: as an officer of the migration authority, ask every page and open every file she could.

Marks stand where protection keeps names: children and their documents, telephones, teams, invitations, accounts. None
comes out in a page, a refusal or an error, nor in a file that the migration server's own account can read; and what
leads nowhere is answered like what is kept from her.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.test import Client
from django.urls import get_resolver

from amparo.access.actor import acting_as
from amparo.access.models import Invitation, Team
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.base.ids import case_reference
from amparo.cases import actions, queries
from amparo.cases.intake import receive_submission
from amparo.forms.actions import enrol_device
from amparo.forms.queries import device_of
from amparo.node.home import Home
from tests.conftest import dsn_of
from tests.desk.people import a_person
from tests.factories import a_case, agency, an_actor
from tests.factories.forms import a_filled_intake, a_published_intake, a_stream
from tests.safeguards.addresses import within
from tests.trust.conftest import Tried
from tests.trust.size import size
from tests.trust.test_f1_fuzz import GIVEN_AWAY, HOSTILE

pytestmark = [pytest.mark.trust("A4"), pytest.mark.django_db(transaction=True)]
Login = Callable[[], AbstractContextManager[None]]
MARK = "xochitlmarca"
MARKS = size(quick=300, full=2_000)
# Roles of her own side, and roles of protection that her side could write into an account of its own.
ROLES = (
    Role.MIGRATION_OFFICER,
    Role.ADMINISTRATOR,
    Role.DATA_PROTECTION_OFFICER,
    Role.SUPERVISOR,
    Role.OVERSIGHT,
)


@pytest.fixture
def reference() -> str:
    """Plant marks in everything of protection; return the reference on the paper of one child."""
    worker = an_actor()
    a_published_intake()
    chief = an_actor(Role.SUPERVISOR)
    with acting_as(chief):
        telephone = enrol_device(name=f"{MARK} teléfono", by=chief, agency="mx-albergue")
    device = device_of(telephone.username, telephone.secret)
    assert device is not None
    for number in range(3):
        form = a_filled_intake(given=f"{MARK}{number}", photo=f"{MARK}{number}.jpg")
        with acting_as(device):
            receive_submission(
                xml=form,
                attachments={f"{MARK}{number}.jpg": a_stream(f"foto {MARK}".encode())},
                incomplete=False,
                by=device,
            )
    case_id = a_case(label=f"{MARK} niña")
    with acting_as(worker):
        for start in range(0, MARKS, 50):
            words = " ".join(f"{MARK}{number}" for number in range(start, min(start + 50, MARKS)))
            actions.add_words(
                case_id=case_id, kind="words", words=words, by=worker, at=now(), entry_id=uuid4()
            )
        found = queries.case_for(worker, case_id, purpose="casework").reference
    for number in range(20):
        a_person(name=f"{MARK}{number}")
    Team.objects.create(id=uuid4(), agency=agency("mx-proteccion"), name=f"{MARK} equipo")
    return found


def _paths(reference: str) -> Iterator[str]:
    """Yield every address of the migration server, with what leads somewhere and what does not in its place."""
    ids = [str(uuid4()), reference, MARK][size(quick=1, full=0) :]
    for _name, _pattern, route in within(get_resolver(), "", ""):
        if "<" not in route:
            yield f"/{route}"
            continue
        for value in (*ids, "held", "return"):
            yield "/" + re.sub(r"<[^>]+>", value, route)


def _sent(reference: str) -> list[dict[str, str]]:
    """Return what is sent: a look at the gate that leads somewhere, one that does not, and hostile values."""
    usual = {"form_id": str(uuid4()), "at": "2026-11-20T10:00", "place": "Estación", "sure": "yes"}
    values = (reference, "MX-7Q2K-4F9P", *HOSTILE[:: size(quick=14, full=1)])
    return [{"reference": value, "corrects": value, **usual} for value in values]


def test_no_page_and_no_refusal_of_the_migration_server_shows_a_mark(
    reference: str, migration_login: Login, tried: Tried
) -> None:
    leaks, count = [], 0

    with migration_login():
        for role in ROLES:
            client = Client(raise_request_exception=False, headers={"accept-language": "en"})
            client.force_login(a_person(role, "mx-migracion"))
            for path in _paths(reference):
                answers = [client.get(path, {"q": MARK.upper(), "next": "/"})]
                if "gate" in path:
                    answers += [client.post(path, said) for said in _sent(reference)]
                for answer in answers:
                    count += 1
                    page = b"".join(answer).decode("utf-8", "replace").replace(path, "")
                    if MARK in page or GIVEN_AWAY.search(page) or answer.status_code >= 500:
                        leaks.append((role.value, path, answer.status_code))

    tried(count, "pages, looks at the gate and refusals of the migration server, as five roles")
    assert leaks == []


def test_references_that_lead_nowhere_are_answered_alike_whatever_is_asked(
    reference: str, migration_login: Login, tried: Tried
) -> None:
    """The gate tells an officer who has the paper that the child is known; no other answer tells references apart."""
    unknown = [case_reference("MX") for _ in range(4)]
    kinds = ("held", "let-out", "hearing", "decision", "void", "return")

    with migration_login():
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        client.force_login(a_person(Role.MIGRATION_OFFICER, "mx-migracion"))
        told = {kind: {_told(client, kind, one) for one in unknown} for kind in kinds}
        cut = {client.post("/gate/", {"reference": one}).status_code for one in (reference[:-1], "", "\x00")}

    tried(len(kinds) * len(unknown), "references that lead nowhere")
    assert [kind for kind, answers in told.items() if len(answers) != 1] == []
    assert cut == {200}


def _told(client: Client, kind: str, reference: str) -> tuple[int, str]:
    answer = client.post(f"/gate/{kind}/", {"reference": reference})
    page = answer.content.decode().replace(reference, "")
    return answer.status_code, re.sub(r'value="[^"]*"', "", page)


def test_what_the_account_of_the_migration_server_can_read_holds_no_mark_and_no_key(
    reference: str, node_home: Home, tried: Tried
) -> None:
    """Its own folder, and whatever in the home of the node is open to more than the account that keeps it."""
    del reference
    hers = [path for path in node_home.migration_keys.rglob("*") if path.is_file()]
    open_to_all = [
        path for path in node_home.path.rglob("*") if path.is_file() and path.stat().st_mode & 0o077
    ]
    reachable = [
        path for path in open_to_all if all(_may_enter(folder, node_home) for folder in path.parents)
    ]
    other_logins = [_password(login) for login in ("owner", "app", "worker")]

    read = {path: path.read_bytes() for path in {*hers, *reachable}}

    tried(len(read), "files that the migration server's account can read")
    assert [str(path) for path, content in read.items() if MARK.encode() in content] == []
    assert [
        str(path) for path, content in read.items() if any(one.encode() in content for one in other_logins)
    ] == []
    assert node_home.keyring not in read
    assert node_home.wrapping_keys not in read


def _may_enter(folder: Path, home: Home) -> bool:
    """Test whether another account may go through a folder of the home; folders above it are the machine's."""
    return folder not in (home.path, *home.path.rglob("*")) or bool(folder.stat().st_mode & 0o011)


def _password(login: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(dsn_of(login))["password"])


def test_teams_and_invitations_of_protection_are_not_there_for_the_other_side(
    reference: str, migration_login: Login, tried: Tried
) -> None:
    del reference

    with migration_login(), acting_as(a_person(Role.ADMINISTRATOR, "mx-migracion").as_actor()):
        teams = Team.objects.filter(name__contains=MARK).count()
        invitations = Invitation.objects.exclude(agency__sector="migration").count()

    tried(2, "teams and invitations")
    assert (teams, invitations) == (0, 0)
