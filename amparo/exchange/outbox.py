"""Put a message into the outbox: sealed, signed, and its job deferred, in the transaction of what it tells of.

Nothing here posts anything. The job carries the envelope's id alone. Design: security design 4.3.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from procrastinate.contrib.django import app

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.keys import node_keyring
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import random_id
from amparo.base.keyring import KeyMissing
from amparo.exchange import models
from amparo.exchange.envelope import Message, MessageNotSendable, make_envelope
from amparo.exchange.held import TrustListMissing, trust_now
from amparo.exchange.line import Route
from amparo.exchange.refused import TransferRefused
from amparo.exchange.rules import Move, Refusal
from amparo.exchange.trust import (
    PeerNotAllowed,
    PeerUnknown,
    TrustList,
    TrustListExpired,
    TrustListRolledBack,
)
from amparo.exchange.trust_document import TrustListWrong

LIFE = timedelta(days=7)
SEND_TASK = "amparo.exchange.send_envelope"
PURPOSE = "care"
# What keeps an envelope from being made: a sentence for the person, by kind of trouble.
_TROUBLES: Mapping[type[Exception], tuple[str, str]] = {
    TrustListMissing: (
        "trust-list-missing",
        "This node has no trust list: nothing can leave until it has one.",
    ),
    TrustListWrong: ("trust-list-wrong", "The trust list of this node was touched: nothing leaves."),
    TrustListRolledBack: ("trust-list-old", "An older trust list was put in place: nothing leaves."),
    TrustListExpired: (
        "trust-list-expired",
        "The trust list has expired: nothing leaves until there is a new one.",
    ),
    PeerUnknown: (
        "peer-unknown",
        "The other agency is not in the trust list, or has no key that is good now.",
    ),
    PeerNotAllowed: ("peer-not-allowed", "The trust list does not let these two agencies exchange this."),
    KeyMissing: ("key-missing", "Our agency has no signing key that is good now."),
}


def write_message(
    transfer: models.Transfer,
    move: Move,
    data: Mapping[str, Any],
    *,
    by: Actor,
    basis: Mapping[str, Any] | None = None,
    view: Mapping[str, Any] | None = None,
) -> str:
    """Seal the next message of a transfer and put it into the outbox; return the envelope's id.

    Raises:
        TransferRefused: the recipient cannot be trusted with it now, or the message lacks something.
    """
    message = Message(
        from_agency=transfer.agency.code,
        to_agency=transfer.peer_agency,
        type=move.value,
        profile=transfer.profile,
        purpose=PURPOSE,
        data=data,
        basis=basis,
        view=view,
    )
    route = _next_route(transfer)
    content = _sealed(message, route, transfer.pk)
    _keep(transfer, move, route, content)
    audit.record(
        Event.ENVELOPE_SENT, by=by, subject=f"envelope:{route.id}", purpose=PURPOSE, reasons=(move.value,)
    )
    return route.id


def usable_trust(transfer_id: UUID) -> TrustList:
    """Return the trust list, or raise TransferRefused with words a person can act on."""
    try:
        trust = trust_now()
        trust.require_current(now())
    except (TrustListMissing, TrustListWrong, TrustListRolledBack, TrustListExpired) as trouble:
        raise refusal_of(trouble, transfer_id) from trouble
    return trust


def refusal_of(trouble: Exception, transfer_id: UUID) -> TransferRefused:
    """Put a trouble with a peer or the trust list into words."""
    code, why = _TROUBLES[type(trouble)]
    return TransferRefused([Refusal(code, why)], subject=audit.subject_of("transfer", transfer_id))


def defer_sending(envelope_id: str, *, seconds: int = 0) -> None:
    """Ask the worker to post an envelope, at once or later; undone if the transaction is undone."""
    later = {"schedule_in": {"seconds": seconds}} if seconds else {}
    app.configure_task(SEND_TASK, **later).defer(envelope_id=envelope_id)  # type: ignore[arg-type]


def _next_route(transfer: models.Transfer) -> Route:
    sent = models.Outgoing.objects.filter(thread=transfer.thread).aggregate(last=Max("n"))["last"] or 0
    made = now().replace(microsecond=0)  # the line knows whole seconds
    return Route(
        id=random_id(),
        thread=transfer.thread,
        n=sent + 1,
        from_node=settings.HOME.profile.id,
        to_node=transfer.peer_node,
        made=made,
        ends=made + LIFE,
    )


def _sealed(message: Message, route: Route, transfer_id: UUID) -> bytes:
    trust, keys = usable_trust(transfer_id), node_keyring()
    try:
        return make_envelope(
            message,
            route,
            trust=trust,
            node_key=keys.node_sign_key(route.made),
            agency_key=keys.agency_sign_key(message.from_agency, route.made),
        )
    except (TrustListExpired, PeerUnknown, PeerNotAllowed, KeyMissing) as trouble:
        raise refusal_of(trouble, transfer_id) from trouble
    except MessageNotSendable as lacking:
        because = [Refusal(code, f"The message cannot be sent: {code}.") for code in lacking.codes]
        raise TransferRefused(because, subject=audit.subject_of("transfer", transfer_id)) from lacking


def _keep(transfer: models.Transfer, move: Move, route: Route, content: bytes) -> None:
    models.Outgoing.objects.create(
        id=route.id,
        transfer=transfer,
        thread=route.thread,
        n=route.n,
        move=move.value,
        to_node=route.to_node,
        content=content,
        made=route.made,
        ends=route.ends,
        urgent=transfer.urgent,
        next_try_at=route.made,
    )
    defer_sending(route.id)
