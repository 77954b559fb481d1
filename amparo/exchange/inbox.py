"""Receive an envelope: check it, keep its mark and take its effect in one transaction, and sign a receipt.

The same bytes get the same receipt again; the same id with other bytes is refused and told to people. Message n of
a thread waits for n-1. A refusal leaves one row on the audit trail and nothing else. Design: security design 4.3.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from amparo.access import audit, vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.keys import node_keyring
from amparo.access.limits import OncePer
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.keyring import KeyMissing
from amparo.exchange import models
from amparo.exchange.codes import Code, EnvelopeRefused
from amparo.exchange.envelope import Opened, open_envelope
from amparo.exchange.events import id_reused
from amparo.exchange.hearing import Heard, hear
from amparo.exchange.held import TrustListMissing, trust_now
from amparo.exchange.line import split
from amparo.exchange.receipts import make_receipt
from amparo.exchange.rules import MoveRefused, OnThread, on_thread
from amparo.exchange.trust import TrustList, TrustListRolledBack
from amparo.exchange.trust_document import TrustListWrong

# Refused before any signature was found good: whoever can reach this node can cause them.
_OF_STRANGERS = frozenset((Code.TOO_LARGE, Code.LINE_UNREADABLE, Code.SENDER_UNKNOWN, Code.SIGNATURE_WRONG))
_strangers = OncePer()
_log = logging.getLogger(__name__)


def receive_envelope(content: bytes, *, address: str = "") -> str:
    """Take an envelope in and return the signed receipt.

    Args:
        content: as it came.
        address: of the machine that sent it over the network; what a stranger there sends is written down
            once a minute only, so that nobody can make the trail grow. Without one, every refusal is.

    Raises:
        EnvelopeRefused: with one of twelve public codes; the refusal is on the audit trail.
    """
    try:
        return _received(content)
    except EnvelopeRefused as refused:
        if refused.code not in _OF_STRANGERS or not address or _strangers.first(f"{address} {refused.code}"):
            _write_down(content, refused.code)
        raise


def refusal_receipt(content: bytes, code: Code) -> str:
    """Sign that these bytes were refused, so that the sender need not believe just anybody."""
    at = now()
    return make_receipt(node_keyring().node_sign_key(at), content, code=code, at=at)


def _received(content: bytes) -> str:
    try:
        with acting_as(SYSTEM):
            return _take_in(content)
    except IntegrityError:  # the same id came at the same moment by another road; the first one is kept now
        with acting_as(SYSTEM):
            return _take_in(content)


def _take_in(content: bytes) -> str:
    split(content)
    digest = seal.file_digest(content)
    kept = models.Incoming.objects.filter(sha256=digest).first()
    if kept is not None:
        return kept.receipt
    at = now()
    opened = open_envelope(content, trust=_trust(), us=settings.HOME.profile.id, key_for=_private_key, now=at)
    _wait_turn(opened)
    _require_new_id(opened)
    return _keep(opened, content, at)


def _keep(opened: Opened, content: bytes, at: datetime) -> str:
    """Write the mark and take the effect; both stand or fall together."""
    route = opened.line.route
    receipt = make_receipt(node_keyring().node_sign_key(at), content, envelope_id=route.id, at=at)
    turn = on_thread(route.n, applied=_applied(opened))
    if turn is OnThread.REPEAT:
        raise EnvelopeRefused(Code.NOT_PERMITTED)  # another message already stands under this number
    row = models.Incoming.objects.create(
        id=route.id,
        from_node=route.from_node,
        thread=route.thread,
        n=route.n,
        sha256=seal.file_digest(content),
        at=at,
        receipt=receipt,
    )
    audit.record(Event.ENVELOPE_RECEIVED, by=SYSTEM, subject=f"envelope:{route.id}", reasons=(turn.value,))
    if turn is OnThread.WAIT:
        _let_wait(row, content)
    else:
        _apply(row, _heard(opened))
        _apply_waiting(route.from_node, route.thread)
    return receipt


def _apply(row: models.Incoming, heard: Heard) -> None:
    try:
        hear(heard)
    except MoveRefused:
        raise EnvelopeRefused(Code.NOT_PERMITTED) from None
    _settle(row)


def _settle(row: models.Incoming) -> None:
    """Mark a message as heard; what waited of it goes, with its key."""
    row.applied_at, row.waiting, row.wrapped_key = now(), None, None
    row.save(update_fields=["applied_at", "waiting", "wrapped_key"])


def _apply_waiting(from_node: str, thread: str) -> None:
    """Take the effect of what waited for the message that just came, one after the other."""
    rows = models.Incoming.objects.filter(from_node=from_node, thread=thread)
    while True:
        row = rows.filter(n=rows.filter(applied_at__isnull=False).count() + 1).first()
        if row is None or row.waiting is None:
            return
        _apply_late(row)


def _apply_late(row: models.Incoming) -> None:
    """Take the effect of a message that has its receipt already; where it has none any more, write that down."""
    key = vault.data_key(UUID(row.pk), row.wrapped_key or b"")
    content = vault.open_bytes(key, row.waiting or b"", place=f"incoming.waiting:{row.pk}")
    try:
        with transaction.atomic():
            # Checked as of the moment it came: its dates may be over by now.
            opened = open_envelope(
                content, trust=_trust(), us=settings.HOME.profile.id, key_for=_private_key, now=row.at
            )
            _apply(row, _heard(opened))
    except EnvelopeRefused as refused:
        _settle(row)
        _record_refusal(f"envelope:{row.pk}", refused.code)


def _let_wait(row: models.Incoming, content: bytes) -> None:
    key, row.wrapped_key = vault.new_data_key(UUID(row.pk))
    row.waiting = vault.seal_bytes(key, content, place=f"incoming.waiting:{row.pk}")
    row.save(update_fields=["waiting", "wrapped_key"])


def _heard(opened: Opened) -> Heard:
    route = opened.line.route
    return Heard(
        envelope=route.id,
        thread=route.thread,
        from_node=route.from_node,
        made=route.made,
        message=opened.message,
        evidence=opened.evidence,
    )


def _applied(opened: Opened) -> int:
    route = opened.line.route
    rows = models.Incoming.objects.filter(from_node=route.from_node, thread=route.thread)
    return rows.filter(applied_at__isnull=False).count()


def _require_new_id(opened: Opened) -> None:
    envelope_id = opened.line.route.id
    if models.Incoming.objects.filter(pk=envelope_id).exists():
        _log.warning(
            "Envelope %s came again with other bytes, from node %s.", envelope_id, opened.line.route.from_node
        )
        id_reused.send(models.Incoming, envelope_id=envelope_id)
        raise EnvelopeRefused(Code.ID_REUSED)


def _wait_turn(opened: Opened) -> None:
    """Let one message of a thread in at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [opened.line.route.thread])


def _trust() -> TrustList:
    try:
        return trust_now()
    except (TrustListMissing, TrustListWrong, TrustListRolledBack):
        raise EnvelopeRefused(Code.SENDER_UNKNOWN) from None


def _private_key(key_id: str) -> bytes | None:
    try:
        return node_keyring().seal_private(key_id, now())
    except KeyMissing:
        return None


def _write_down(content: bytes, code: Code) -> None:
    """Leave the trace of a refusal in its own transaction; the bytes are named by their hash."""
    with acting_as(SYSTEM):
        _record_refusal(f"bytes:{seal.file_digest(content)}", code)


def _record_refusal(subject: str, code: Code) -> None:
    audit.record(Event.ENVELOPE_REFUSED, by=SYSTEM, subject=subject, allowed=False, reasons=(code.value,))
