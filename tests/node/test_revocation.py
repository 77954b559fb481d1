"""Show over real server processes that whoever is sent away is out at her next request, whichever of them answers.

The server is `amparo serve` with two processes; what takes the right away happens in another process, by the command or
by two people of her agency. Security design 5: revocation effective in 60 seconds.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from amparo.access.letting_go import close_person, sign_out_person
from amparo.access.models import Person
from amparo.access.people_changes import propose_role
from amparo.access.rules import Role
from amparo.node.home import Home
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.desk.people import PASSWORD, a_person
from tests.exchange.nodes import environment, free_port, start, wait_until_it_answers
from tests.factories.forms import an_enrolled_device, basic

pytestmark = pytest.mark.django_db(transaction=True)
# More than there are server processes, each asked over a connection of its own.
KNOCKS = 6


@dataclass
class Browser:
    """Somebody's browser at the real server: it keeps cookies, and opens a connection for each request."""

    url: str
    cookies: httpx.Cookies

    def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return self._ask("GET", path)

    def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form that was just opened."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)
        assert token
        return self._ask("POST", path, data=form | {"csrfmiddlewaretoken": token[1]})

    def _ask(self, method: str, path: str, **more: dict[str, str]) -> httpx.Response:
        with httpx.Client(cookies=self.cookies, trust_env=False, timeout=60) as client:
            answer = client.request(method, self.url + path, **more)  # type: ignore[arg-type]
            self.cookies = httpx.Cookies(client.cookies)
            return answer


@pytest.fixture
def server(node_home: Home) -> Iterator[str]:
    """The address of the node under test, served by two processes of its own."""
    host = f"127.0.0.1:{free_port()}"
    process = start(node_home, "serve", "--listen", host, "--workers", "2")
    try:
        wait_until_it_answers(f"http://{host}", process)
        yield f"http://{host}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def _signed_in(server: str, person: Person) -> Browser:
    browser = Browser(server, httpx.Cookies())
    browser.post("/account/login/", login=person.email, password=PASSWORD)
    assert {browser.get("/day/").status_code for _ in range(KNOCKS)} == {200}
    return browser


def _by_command(person: Person, home: Home) -> None:
    _amparo(home, "person", "stop", person.email)


def _by_a_colleague(person: Person, _home: Home) -> None:
    with acting(an_administrator()) as actor:
        close_person(person=person.pk, by=actor)


def _by_signing_her_out(person: Person, _home: Home) -> None:
    with acting(an_administrator()) as actor:
        sign_out_person(person=person.pk, by=actor)


def _by_another_role(person: Person, _home: Home) -> None:
    with acting(an_administrator()) as actor:
        change = propose_role(person=person.pk, role=Role.SERVICE_PROVIDER, by=actor)
    confirm(change, a_supervisor())


def _amparo(home: Home, *words: str) -> None:
    command = [sys.executable, "-m", "amparo", *words]
    subprocess.run(command, env=environment(home), check=True, capture_output=True)


@pytest.mark.parametrize("sent_away", [_by_command, _by_a_colleague, _by_signing_her_out, _by_another_role])
def test_whoever_is_sent_away_is_out_at_her_next_request_at_every_process(
    sent_away: Callable[[Person, Home], None], server: str, node_home: Home
) -> None:
    person, other = a_person(), a_person()
    # Two computers of hers, and a colleague who stays.
    browsers = [_signed_in(server, person) for _ in range(2)]
    colleague = _signed_in(server, other)

    sent_away(person, node_home)
    answers = [browser.get("/day/") for browser in browsers for _ in range(KNOCKS)]

    assert {answer.status_code for answer in answers} == {302}
    assert all("/account/login/" in answer.headers["Location"] for answer in answers)
    assert colleague.get("/day/").status_code == 200


def test_a_telephone_that_is_revoked_neither_reads_nor_sends_at_its_next_request(
    server: str, node_home: Home
) -> None:
    device, answers_for_it = an_enrolled_device(), an_administrator()
    headers = {"Authorization": basic(device)}

    def knock() -> set[int]:
        paths = ("GET", "/openrosa/formList"), ("HEAD", "/openrosa/submission")
        return {
            httpx.request(verb, server + path, headers=headers, trust_env=False, timeout=60).status_code
            for verb, path in paths
            for _ in range(KNOCKS)
        }

    before = knock()
    _amparo(node_home, "device", "revoke", str(device.device), "--by", answers_for_it.email)

    assert before <= {200, 204}
    assert knock() == {401}
