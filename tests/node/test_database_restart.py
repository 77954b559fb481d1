"""Stop and start the real database under a real server and worker: 503 with words, nothing lost, and on they go.

What was answered as saved is there afterwards, whole, with its row on the audit trail; server and worker are never
restarted.
"""

import http.client
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.base import postgres
from amparo.cases.models import Entry
from amparo.node.home import Home
from tests.desk.people import a_browser
from tests.exchange.nodes import free_port, start, wait_until_it_answers
from tests.factories import a_case

pytestmark = pytest.mark.django_db(transaction=True)
CSRF = "a" * 32


@dataclass
class Desk:
    """The desk of a real server, as one signed-in person sends to it."""

    url: str
    session: str
    saved: list[UUID] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request on a connection of its own; return status and page."""
        parts = urlsplit(self.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        headers = {
            "Cookie": cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "en",
        }
        body = urlencode(form | {"csrfmiddlewaretoken": CSRF}) if form else None
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def save_words(self, case_id: UUID) -> None:
        """Add words to a case; remember them where the answer says that they are kept."""
        entry = uuid4()
        form = {"form_id": str(entry), "kind": "words", "text": "Quiero ir a la escuela.", "closest": "no",
                "when": "2026-11-01T10:00"}  # fmt: skip
        status, _page = self.ask("POST", f"/cases/{case_id}/words/", form)
        self.statuses.append(status)
        if status == 302:
            self.saved.append(entry)


@pytest.fixture
def desk(node_home: Home) -> Iterator[Desk]:
    """A caseworker at a real server of the node under test."""
    url = f"http://127.0.0.1:{free_port()}"
    server = start(node_home, "serve", "--listen", url.removeprefix("http://"))
    try:
        wait_until_it_answers(url, server)
        yield Desk(url, _session(a_browser()))
    finally:
        _ended(server)


def _session(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _ended(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture
def database(node_home: Home) -> Iterator[Home]:
    """The home whose database a test stops; it runs again afterwards, whatever happened."""
    yield node_home
    postgres.start(node_home.path)
    connections.close_all()


def _until(done: Callable[[], bool]) -> bool:
    """Wait as long as a slow machine needs."""
    for _ in range(1_200):
        if done():
            return True
        time.sleep(0.1)
    return False


def test_while_the_database_is_away_every_page_says_so_and_afterwards_all_goes_on(
    desk: Desk, database: Home
) -> None:
    case_id = a_case()
    before = desk.ask("GET", f"/cases/{case_id}/")
    connections.close_all()

    postgres.stop(database.path)
    away = [desk.ask("GET", f"/cases/{case_id}/"), desk.ask("GET", "/find/")]
    desk.save_words(case_id)
    postgres.start(database.path)
    after = desk.ask("GET", f"/cases/{case_id}/")

    assert before[0] == after[0] == 200
    assert [status for status, _page in away] == [503, 503]
    assert "was not saved; what was saved before is kept" in away[0][1]
    assert "Ana" not in away[0][1]
    assert desk.statuses == [503]
    with acting_as(SYSTEM):
        assert not Entry.objects.filter(case_id=case_id, kind="words").exists()


def test_a_restart_in_the_middle_loses_nothing_that_was_answered_and_leaves_nothing_half(
    desk: Desk, database: Home
) -> None:
    case_id, stopped = a_case(), threading.Event()
    connections.close_all()

    def work() -> None:
        while not stopped.is_set():
            desk.save_words(case_id)

    people = [threading.Thread(target=work) for _ in range(3)]
    for one in people:
        one.start()
    for _ in range(2):
        saved = len(desk.saved)
        assert _until(lambda saved=saved: len(desk.saved) > saved + 3)  # type: ignore[misc]
        # As when the machine loses its power: nobody is asked to finish.
        postgres.cluster._stop(database.path, mode="immediate", wait_seconds=60)
        postgres.start(database.path)
    saved = len(desk.saved)
    recovered = _until(lambda: len(desk.saved) > saved + 3)
    stopped.set()
    for one in people:
        one.join()

    with acting_as(SYSTEM):
        kept = set(Entry.objects.filter(case_id=case_id, kind="words").values_list("pk", flat=True))
        written = AuditEntry.objects.filter(event="case.recorded", subject=f"case:{case_id}").count()
    assert recovered
    assert set(desk.statuses) <= {302, 503}
    assert set(desk.saved) <= kept
    assert len(kept) == written


def test_the_worker_goes_on_by_itself_after_the_database_was_away(node_home: Home, database: Home) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from amparo.cases.tasks import tell_stuck_cases

    def job() -> Callable[[], bool]:
        number = tell_stuck_cases.configure(queueing_lock=str(uuid4())).defer(timestamp=0)
        return lambda: ProcrastinateJob.objects.filter(pk=number, status="succeeded").exists()

    worker = start(node_home, "worker")
    try:
        worked = _until(job())
        connections.close_all()
        postgres.stop(database.path)
        time.sleep(1)
        postgres.start(database.path)
        works_again = _until(job())
        alive = worker.poll() is None
    finally:
        _ended(worker)

    assert worked
    assert works_again
    assert alive
    assert worker.returncode == 0
