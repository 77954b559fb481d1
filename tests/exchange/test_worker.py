"""Show that the real background worker posts what the outbox holds, without anybody asking."""

import time
from typing import Any

from amparo.access.actor import SYSTEM, acting_as
from amparo.exchange.models import Outgoing
from amparo.exchange.tasks import sweep
from tests.exchange.nodes import TwoNodes, start
from tests.exchange.ready import a_ready_case
from tests.exchange.test_transfer import propose


def _answered(thread: str) -> bool:
    with acting_as(SYSTEM):
        return Outgoing.objects.filter(thread=thread, answered_at__isnull=False).exists()


def test_the_worker_posts_a_proposal_by_itself(nodes: TwoNodes) -> None:
    thread = propose(a_ready_case())
    worker = start(nodes.mx, "worker")

    try:
        for _ in range(1200):
            if _answered(thread):
                break
            time.sleep(0.1)
        answered = _answered(thread)
    finally:
        worker.terminate()
        worker.wait(timeout=30)

    assert answered
    assert nodes.hand("stage", thread=thread) == "stored"


def test_the_sweep_finds_what_a_stopped_worker_left(nodes: TwoNodes) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    propose(a_ready_case())
    with acting_as(SYSTEM):
        envelope_id = Outgoing.objects.get().pk

    sweep(timestamp=0)

    jobs: list[dict[str, Any]] = [
        job.args for job in ProcrastinateJob.objects.filter(task_name__endswith="send_envelope")
    ]
    assert jobs == [{"envelope_id": envelope_id}] * 2, "one of the proposal, one of the sweep; only ids"
