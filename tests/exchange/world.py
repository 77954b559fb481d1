"""Make two nodes, four agencies and a trust list with fixed keys, so that all tests speak of the same peers.

All keys come from public words: they protect nobody and must never leave the tests.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from amparo.base import seal
from amparo.base.clock import moment_text
from amparo.exchange.envelope import Message, make_envelope
from amparo.exchange.line import Route
from amparo.exchange.trust import TrustList, make_trust_list, read_trust_list

NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT = seal.sign_keys_from(hashlib.sha256(b"root").digest())

BASIS = {
    "kind": "best-interests-determination",
    "decided_by": "panel of three, child protection office",
    "decided_on": "2026-11-20",
    "ends": "2027-05-20",
    "guardian": "yes",
}
VIEW = {"heard_on": "2026-11-19", "language": "es", "said": "Quiero estar con mi tía y ser maestra."}
CASE = {
    "identity": {"first_name": "Ana", "age": 10},
    "plan": {"care": "with her aunt"},
    "determination": {"option": "care with kin"},
}


def sign_pair(name: str) -> seal.KeyPair:
    return seal.sign_keys_from(hashlib.sha256(f"sign {name}".encode()).digest())


def seal_pair(name: str) -> seal.KeyPair:
    return seal.seal_keys_from(hashlib.sha256(f"seal {name}".encode()).digest())


def listed(
    pair: seal.KeyPair, *, since: datetime = NOW - DAY, until: datetime = NOW + 60 * DAY
) -> dict[str, Any]:
    return {
        "id": pair.id,
        "public": seal.to_text(pair.public),
        "since": moment_text(since),
        "until": moment_text(until),
    }


def agency(name: str, sector: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": name,
        "sector": sector,
        "names": {"es": f"Agencia {name}", "en": f"Agency {name}"},
        "duty_telephone": "+52 55 0000 0001",
        "sends": ["transfer", "referral", "gate"],
        "receives": ["transfer", "referral", "gate"],
        "speaks": [1],
        "sign_keys": [listed(sign_pair(name))],
        "seal_keys": [listed(seal_pair(name))],
    } | changes


def node(name: str, country: str, agencies: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": name,
        "country": country,
        "url": f"http://127.0.0.1:85{len(name)}1",
        "sign_keys": [listed(sign_pair(name))],
        "agencies": agencies,
    } | changes


def document(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "format_version": 1,
        "number": 7,
        "made": moment_text(NOW - DAY),
        "expires": moment_text(NOW + 20 * DAY),
        "nodes": [
            node("mx", "MX", [agency("mx-proteccion", "protection"), agency("mx-migracion", "migration")]),
            node("hn", "HN", [agency("hn-proteccion", "protection"), agency("hn-migracion", "migration")]),
        ],
    } | changes


def trust_list(**changes: Any) -> TrustList:  # noqa: ANN401
    return read_trust_list(make_trust_list(document(**changes), ROOT), ROOT.public)


def route(**changes: Any) -> Route:  # noqa: ANN401
    fields: dict[str, Any] = {
        "id": "0" * 31 + "1",
        "thread": "a" * 32,
        "n": 1,
        "from_node": "mx",
        "to_node": "hn",
        "made": NOW,
        "ends": NOW + 7 * DAY,
    }
    return Route(**(fields | changes))


def proposal(**changes: Any) -> Message:  # noqa: ANN401
    fields: dict[str, Any] = {
        "from_agency": "mx-proteccion",
        "to_agency": "hn-proteccion",
        "type": "propose",
        "profile": "transfer",
        "purpose": "care",
        "basis": BASIS,
        "view": VIEW,
        "data": {"case": CASE, "reference": "MX-7Q2K-4F9D", "urgent": False, "why": "Her aunt lives there."},
    }
    return Message(**(fields | changes))


def envelope(
    message: Message | None = None, where: Route | None = None, trust: TrustList | None = None
) -> bytes:
    said = message or proposal()
    way = where or route()
    return make_envelope(
        said,
        way,
        trust=trust or trust_list(),
        node_key=sign_pair(way.from_node),
        agency_key=sign_pair(said.from_agency),
    )


def key_for(key_id: str) -> bytes | None:
    pairs = [seal_pair("hn-proteccion"), seal_pair("hn-migracion")]
    return {pair.id: pair.private for pair in pairs}.get(key_id)


def with_fields(base: Mapping[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a copy with some fields changed; a change to `...` takes the field away."""
    merged = {**base, **changes}
    return {name: value for name, value in merged.items() if value is not ...}
