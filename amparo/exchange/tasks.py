"""Send what is due in the background, and have the audit trail witnessed each hour.

A sweep each minute finds what a stopped worker left behind.
"""

from procrastinate.contrib.django import app

from amparo.exchange import checkpoints, delivery
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


@app.periodic(cron="7 * * * *")
@app.task(name="amparo.exchange.witness_trail", queueing_lock="exchange-witness-trail", pass_context=False)
def witness_trail(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for which minute this is
    """Sign the head of the audit trail and ask the witnesses to cosign it."""
    checkpoints.make_checkpoint()
    checkpoints.ask_witnesses()
