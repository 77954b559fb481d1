"""Change the keys that wrap, by two people, while others read and write: nothing fails or is lost. Promise K2.

Once with the keys in the node's own file and once with a real key process. At the end the former keys are destroyed, as
30 days after they were retired, and every child that was there or came meanwhile still opens.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as node_settings
from django.db import connections
from django.test import Client
from pytest_django.fixtures import Settings

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.key_changes import DESTROY_OLD, NEW_KEY, propose_key_change
from amparo.access.keys import key_provider
from amparo.access.models import Person
from amparo.access.rewrapping import rewrap, under_older_keys
from amparo.base.clock import now
from amparo.cases.actions import add_words
from amparo.keys.rules import Asker
from amparo.keys.wrapping import WrappingKeys, make_once, read_wrapping, write_wrapping
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.desk.people import a_browser
from tests.factories import a_case, an_actor
from tests.keys.conftest import Running
from tests.keys.conftest import key_home as key_home
from tests.keys.conftest import start as start
from tests.trust.conftest import Tried
from tests.trust.size import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.trust("K2")]
WAITED = timedelta(days=31)


@pytest.fixture(params=["the node's own file", "a key process"])
def key_file(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Path:
    """Where the keys that wrap stand, in a node of its own keys; the settings are those of that node."""
    home = node_settings.HOME
    if request.param == "a key process":
        folder: Path = request.getfixturevalue("key_home")
        one: Running = request.getfixturevalue("start")("--allow", str(os.geteuid()))
        settings.HOME = replace(home, profile=replace(home.profile, key_process=str(one.socket)))
        return folder / "wrapping-keys.json"
    (tmp_path / "home").mkdir(mode=0o700)
    path = tmp_path / "home" / home.wrapping_keys.relative_to(home.path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_once(path, now())
    _copied(home.keyring, tmp_path / "home" / home.keyring.relative_to(home.path))
    settings.HOME = replace(home, path=tmp_path / "home")
    return path


def _copied(file: Path, to: Path) -> None:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    to.write_bytes(file.read_bytes())
    to.chmod(0o600)


@dataclass
class Traffic:
    """People at work until they are stopped: what they did, and what failed."""

    did: int = 0
    failed: list[str] = field(default_factory=list)
    cases: list[UUID] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def forever(self, work: Callable[[], None]) -> threading.Thread:
        """Do something again and again in a thread of its own."""

        def run() -> None:
            try:
                while not self.stopped.is_set():
                    work()
                    self.did += 1
            except Exception as failed:
                self.failed.append(f"{type(failed).__name__}: {failed}")
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    """People at work; whatever happens, they go home."""
    one = Traffic()
    yield one
    one.stopped.set()


def _reads(browser: Client, cases: list[UUID]) -> Callable[[], None]:
    def work() -> None:
        for address in (*(f"/cases/{one}/" for one in cases), "/day/"):
            status = browser.get(address).status_code
            assert status == 200, (address, status)

    return work


def _writes(traffic: Traffic) -> Callable[[], None]:
    worker = an_actor()

    def work() -> None:
        case_id = a_case(label="Berta")
        with acting_as(worker):
            add_words(case_id=case_id, kind="words", words="Hola", by=worker, at=now(), entry_id=uuid4())
        traffic.cases.append(case_id)

    return work


def _decide(kind: str, first: Person, second: Person) -> None:
    with acting(first) as actor:
        change = propose_key_change(kind=kind, by=actor)
    confirm(change, second)


def _ids() -> list[str]:
    with acting_as(SYSTEM):
        return key_provider().key_ids(Asker(UUID(int=0), "system", "test"))


def _thirty_days_pass(key_file: Path) -> None:
    *older, newest = read_wrapping(key_file).keys
    aged = [replace(one, retired=one.retired - WAITED) for one in older if one.retired]
    write_wrapping(WrappingKeys((*aged, newest)), key_file)


def test_keys_change_while_people_work_and_nothing_fails(
    key_file: Path, traffic: Traffic, tried: Tried
) -> None:
    here, first, second = [a_case(label=f"Ana {n}") for n in range(4)], an_administrator(), a_supervisor()
    before = _ids()
    working = [traffic.forever(_reads(a_browser(), here)) for _ in range(2)]
    working.append(traffic.forever(_writes(traffic)))
    rotations = size(quick=3, full=20)

    for _ in range(rotations):
        _decide(NEW_KEY, first, second)
        done = traffic.did
        rewrap(say=lambda _line: None, batch=3)
        while traffic.did < done + 3 and not traffic.failed:
            traffic.stopped.wait(0.05)
    traffic.stopped.set()
    for thread in working:
        thread.join()
    rewrap(say=lambda _line: None)
    _thirty_days_pass(key_file)
    _decide(DESTROY_OLD, first, second)

    tried(traffic.did, f"rounds of reading or writing while keys changed {rotations} times")
    assert traffic.failed == []
    assert not under_older_keys()
    assert len(_ids()) == 1
    assert set(_ids()).isdisjoint(before)
    _reads(a_browser(), [*here, *traffic.cases[-10:]])()


def test_while_a_row_is_under_a_former_key_no_key_is_destroyed(key_file: Path) -> None:
    from amparo.access.key_changes import KeysStillUsed

    a_case()
    _decide(NEW_KEY, an_administrator(), a_supervisor())

    with pytest.raises(KeysStillUsed):
        _decide(DESTROY_OLD, an_administrator("Berta Prueba"), a_supervisor("Inés Prueba"))

    assert len(read_wrapping(key_file).keys) == 2
