"""Send what is due in the background; a sweep each minute finds what a stopped worker left behind."""

from procrastinate.contrib.django import app

from amparo.exchange import delivery
from amparo.exchange.outbox import SEND_TASK, defer_sending


@app.task(name=SEND_TASK)
def send_envelope(envelope_id: str) -> None:
    """Post one envelope."""
    delivery.send_envelope(envelope_id)


@app.periodic(cron="* * * * *")
@app.task(name="amparo.exchange.sweep", queueing_lock="exchange-sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for which minute this is
    """Send again what is due."""
    for envelope_id in delivery.due_envelopes():
        defer_sending(envelope_id)
