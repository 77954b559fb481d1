"""Make real envelopes of Mexico by hand, so that tests can send what an honest node never would."""

from datetime import timedelta
from typing import Any

from amparo.base.clock import now
from amparo.base.ids import random_id
from amparo.base.keyring import read_keyring
from amparo.exchange.envelope import Message, make_envelope
from amparo.exchange.line import Route
from amparo.exchange.trust import read_trust_list
from tests.exchange.nodes import TwoNodes
from tests.exchange.ready import a_basis, a_view

CASE = {
    "identity": {"given_names": {"value": "Ana"}},
    "facts": {"age_status": {"value": "child", "at": "2026-09-01"}},
}


def a_route(**changes: Any) -> Route:  # noqa: ANN401
    """Return the numbers of a first message from Mexico to Honduras."""
    made = now().replace(microsecond=0)
    fields: dict[str, Any] = {
        "id": random_id(),
        "thread": random_id(),
        "n": 1,
        "from_node": "mx",
        "to_node": "hn",
        "made": made,
        "ends": made + timedelta(days=7),
    }
    return Route(**(fields | changes))


def a_proposal(**changes: Any) -> Message:  # noqa: ANN401
    """Return a complete proposal."""
    fields: dict[str, Any] = {
        "from_agency": "mx-proteccion",
        "to_agency": "hn-proteccion",
        "type": "propose",
        "profile": "transfer",
        "purpose": "care",
        "basis": a_basis(),
        "view": a_view(),
        "data": {"case": CASE, "reference": "MX-TEST", "urgent": False},
    }
    return Message(**(fields | changes))


def a_word(kind: str, **data: Any) -> Message:  # noqa: ANN401
    """Return a later message of the sender, such as a cancel."""
    return a_proposal(type=kind, basis=None, view=None, data=data)


def crafted(nodes: TwoNodes, message: Message, route: Route) -> bytes:
    """Seal and sign as Mexico does."""
    keys = read_keyring(nodes.mx.keyring)
    return make_envelope(
        message,
        route,
        trust=read_trust_list(nodes.mx.trust_list.read_text("ascii"), nodes.root.public),
        node_key=keys.node_sign_key(route.made),
        agency_key=keys.agency_sign_key(message.from_agency, route.made),
    )
