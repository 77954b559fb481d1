"""Be the people of the other node: read one order a line, act in its own database, answer one line.

Runs in a process of its own, with the home of that node; never imported by tests.
"""

import json
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from amparo.access.actor import SYSTEM, acting_as  # noqa: E402
from amparo.access.models import Agency, AuditEntry  # noqa: E402
from amparo.access.refusal import Refused  # noqa: E402
from amparo.access.rules import Actor, Role, Sector  # noqa: E402
from amparo.cases.queries import case_for  # noqa: E402
from amparo.exchange import actions, delivery, queries  # noqa: E402
from amparo.exchange.models import Incoming, Outgoing, Transfer  # noqa: E402


def _worker() -> Actor:
    body = Agency.objects.get(code="hn-proteccion")
    return Actor(
        id=uuid4(), role=Role.CASEWORKER, sector=Sector(body.sector), agency_id=body.pk, agency=body.code
    )


def _id_of(thread: str) -> UUID:
    transfer_id: UUID = Transfer.objects.get(thread=thread).pk
    return transfer_id


def _act(name: str, thread: str, **said: Any) -> str:  # noqa: ANN401
    worker = _worker()
    with acting_as(worker):
        done = getattr(actions, name)(transfer_id=_id_of(thread), by=worker, **said)
    return str(done)


def _stage(thread: str) -> str:
    with acting_as(SYSTEM):
        row = Transfer.objects.filter(thread=thread).first()
    return row.stage if row else ""


def _view(thread: str) -> dict[str, Any]:
    worker = _worker()
    with acting_as(worker):
        view = queries.transfer_for(worker, _id_of(thread))
    return {
        "basis": dict(view.basis), "view": dict(view.view), "parts": dict(view.parts), "reference": view.reference,
        "incoming": [line.thread for line in queries_incoming(worker)],
    }  # fmt: skip


def queries_incoming(worker: Actor) -> tuple[queries.TransferLine, ...]:
    """Return the list as the caseworker sees it."""
    with acting_as(worker):
        return queries.incoming_transfers(worker)


def _case(case_id: str) -> dict[str, Any]:
    worker = _worker()
    with acting_as(worker):
        file = case_for(worker, UUID(case_id), purpose="casework")
    return {
        "identity": file.identity,
        "facts": {name: value for name, value in file.facts.items() if name not in ("evidence", "events")},
        "evidence": file.facts["evidence"],
        "sources": sorted({line.source for line in file.story}),
        "words": [line.words for line in file.told("words")],
    }


def _deliver(thread: str) -> list[bool]:
    """Post what this thread has to say, in order."""
    with acting_as(SYSTEM):
        rows = Outgoing.objects.filter(thread=thread, answered_at__isnull=True).order_by("n")
        waiting = list(rows.values_list("pk", flat=True))
    return [delivery.send_envelope(envelope_id) for envelope_id in waiting]


def _count(envelope: str = "", thread: str = "") -> dict[str, int]:
    with acting_as(SYSTEM):
        return {
            "incoming": Incoming.objects.filter(pk=envelope).count() if envelope else 0,
            "transfers": Transfer.objects.filter(thread=thread).count(),
            "steps": sum(one.steps.count() for one in Transfer.objects.filter(thread=thread)),
        }


def _audited(subject: str) -> list[list[Any]]:
    rows = AuditEntry.objects.filter(subject=subject).order_by("at")
    return [[row.event, row.allowed, row.reasons] for row in rows]


ORDERS: dict[str, Callable[..., Any]] = {
    "act": _act,
    "stage": _stage,
    "view": _view,
    "case": _case,
    "deliver": _deliver,
    "count": _count,
    "audited": _audited,
}


def main() -> None:
    """Answer until the other end closes."""
    for line in sys.stdin:
        order = json.loads(line)
        do = order.pop("do")
        try:
            answer: dict[str, Any] = {"answer": ORDERS[do](**order)}
        except Refused as refused:
            answer = {"refused": type(refused).__name__, "codes": list(refused.reason_codes)}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
