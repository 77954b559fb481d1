"""Stop and start the real database under a real background worker: it goes on by itself, and is never restarted."""

import subprocess
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.db import connections

from amparo.base import postgres
from amparo.node.home import Home
from tests.exchange.nodes import start

pytestmark = pytest.mark.django_db(transaction=True)


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
