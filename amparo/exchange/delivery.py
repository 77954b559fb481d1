"""Post an envelope to the node it is for, and take the effect of the signed receipt in the same transaction.

One worker at a time holds an envelope. What fails is tried again, at random moments further and further apart,
until the envelope ends. With an expired trust list nothing leaves. Design: security design 4.3.
"""

import json
import random
from datetime import timedelta

import httpx

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.base.clock import now
from amparo.exchange import models
from amparo.exchange.codes import Code
from amparo.exchange.held import TrustListMissing, trust_now
from amparo.exchange.outbox import defer_sending
from amparo.exchange.receipts import MAX_BYTES, Receipt, ReceiptWrong, read_receipt
from amparo.exchange.record import move_to
from amparo.exchange.rules import Move, MoveRefused, Side, Stage, hears
from amparo.exchange.trust import PeerUnknown, TrustList, TrustListExpired, TrustListRolledBack
from amparo.exchange.trust_document import TrustListWrong

PATH = "/api/v1/envelopes"
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
LONGEST_ANSWER = 3 * MAX_BYTES
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
# The other node may know us in a moment, when it has fetched the trust list again; the rest is final.
TRY_AGAIN = frozenset({Code.SENDER_UNKNOWN})
_HEADERS = {"Content-Type": "application/octet-stream", "Accept": "text/plain, application/json"}
_NO_TRUST = (TrustListMissing, TrustListWrong, TrustListRolledBack, TrustListExpired, PeerUnknown)


def send_envelope(envelope_id: str) -> bool:
    """Post one envelope if it is due; tell whether it was answered with a receipt that holds.

    An envelope that another worker holds, that was answered or has ended is left alone.
    """
    with acting_as(SYSTEM):
        rows = models.Outgoing.objects.select_for_update(skip_locked=True, of=("self",))
        row = rows.filter(pk=envelope_id, answered_at__isnull=True, ends__gt=now()).first()
        if row is None or row.content is None:
            return False
        return _try(row)


def due_envelopes(limit: int = 50) -> list[str]:
    """Return the ids of envelopes that are due to be posted, the oldest first."""
    with acting_as(SYSTEM):
        moment = now()
        rows = models.Outgoing.objects.filter(
            answered_at__isnull=True, next_try_at__lte=moment, ends__gt=moment
        )
        return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def longest_wait(tries: int) -> timedelta:
    """Return the most that may pass before the next try: 5 s, doubled each time, an hour at most."""
    doublings = min(tries, 12)  # far beyond an hour already; the power stays small
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def _try(row: models.Outgoing) -> bool:
    row.tries += 1
    receipt = _exchange(row)
    if receipt is None or receipt.code in TRY_AGAIN:
        _try_later(row)
        return False
    row.answered_at = now()
    row.refused = receipt.code.value if receipt.code else ""
    row.content = None
    row.save()
    if receipt.code is None:
        _hear_receipt(row)
    else:
        subject = f"envelope:{row.pk}"
        audit.record(
            Event.ENVELOPE_REFUSED,
            by=SYSTEM,
            subject=subject,
            allowed=False,
            reasons=("by-peer", receipt.code.value),
        )
    return True


def _exchange(row: models.Outgoing) -> Receipt | None:
    """Post the bytes and read the receipt; None where nothing came that we may believe."""
    try:
        trust = trust_now()
        url = trust.node(row.to_node, now()).url
    except _NO_TRUST:
        return None  # nothing leaves without a trust list that is good now
    content = bytes(row.content or b"")
    text = _post(url + PATH, content)
    return _read(row, text, content, trust)


def _read(row: models.Outgoing, text: str, content: bytes, trust: TrustList) -> Receipt | None:
    try:
        receipt = read_receipt(text, envelope=content, to_node=row.to_node, trust=trust, now=now())
    except ReceiptWrong:
        return None
    row.receipt = text
    return receipt


def _post(url: str, content: bytes) -> str:
    """Return the receipt in the answer; empty where there is none, whatever the reason."""
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=content, headers=_HEADERS) as answer,
        ):
            body = _bounded(answer)
    except (httpx.HTTPError, httpx.InvalidURL):
        return ""
    return body if answer.status_code == httpx.codes.OK else _receipt_in(body)


def _bounded(answer: httpx.Response) -> str:
    """Read no more than a receipt can be; a longer answer is none."""
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > LONGEST_ANSWER:
            return ""
    return body.decode("ascii", errors="replace")


def _receipt_in(body: str) -> str:
    """Return the signed refusal in a JSON answer; an unsigned one is not believed."""
    try:
        document = json.loads(body)
    except ValueError:
        return ""
    receipt = document.get("receipt") if isinstance(document, dict) else None
    return receipt if isinstance(receipt, str) else ""


def _hear_receipt(row: models.Outgoing) -> None:
    rows = models.Transfer.objects.select_for_update(of=("self",)).select_related("agency")
    transfer = rows.get(pk=row.transfer_id)
    if transfer.side != Side.SENDER:
        return  # only the sender's stages wait for receipts
    former = Stage(transfer.stage)
    try:
        stage = hears(Side.SENDER, former, Move.RECEIPT, answers=Move(row.move))
    except MoveRefused:
        return
    if stage is not former:
        move_to(transfer, stage, Move.RECEIPT, by=SYSTEM, envelope=row.pk, heard=True)


def _try_later(row: models.Outgoing) -> None:
    wait = random.SystemRandom().uniform(1.0, longest_wait(row.tries - 1).total_seconds())
    row.next_try_at = now() + timedelta(seconds=wait)
    row.save(update_fields=["tries", "next_try_at"])
    defer_sending(row.pk, seconds=int(wait) + 1)
