"""Show that the stored vectors open, here and by a second implementation written from the specification."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from amparo.base import seal
from amparo.base.clock import read_moment
from amparo.exchange.codes import EnvelopeRefused
from amparo.exchange.envelope import Opened, open_envelope
from amparo.exchange.receipts import Status, read_receipt
from amparo.exchange.trust import read_trust_list
from tests.exchange import second_reader

VECTORS = Path(__file__).parent / "vectors"
GOOD = ("propose", "ask", "decline", "release")


def _vector(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return content


PEERS = _vector("peers")
NOW = read_moment(PEERS["now"])
TRUST = read_trust_list(PEERS["trust_list"], seal.from_text(PEERS["root"]))


def _key_for(key_id: str) -> bytes | None:
    pairs = [seal.seal_keys_from(seal.from_text(seed)) for seed in PEERS["seal_seeds"].values()]
    return {pair.id: pair.private for pair in pairs}.get(key_id)


def _opened(raw: bytes) -> Opened:
    return open_envelope(raw, trust=TRUST, us=PEERS["us"], key_for=_key_for, now=NOW)


@pytest.mark.parametrize("name", GOOD)
def test_stored_envelope_opens_to_the_stored_message(name: str) -> None:
    vector = _vector(name)

    opened = _opened(base64.b64decode(vector["envelope"]))

    said = {field: getattr(opened.message, field) for field in ("type", "data", "basis", "view", "purpose")}
    assert said == {field: vector["message"][field] for field in said}
    assert opened.line.route.n == vector["message"]["n"]


@pytest.mark.parametrize("name", GOOD)
def test_second_implementation_reads_the_same(name: str) -> None:
    vector = _vector(name)
    token, _, sealed = base64.b64decode(vector["envelope"]).partition(b"\n")
    node, agency = (second_reader.public_of(PEERS["sign_seeds"][who]) for who in ("mx", "mx-proteccion"))

    line = second_reader.read_signed(token.decode(), node, "amparo-env+1")
    seed = second_reader.unb64(PEERS["seal_seeds"]["hn-proteccion"])
    inner = second_reader.open_message(sealed, seed, line)

    assert second_reader.read_signed(inner, agency, "amparo-msg+1") == vector["message"]


@pytest.mark.parametrize("name", GOOD)
def test_stored_receipt_is_about_the_stored_envelope(name: str) -> None:
    vector = _vector(name)
    raw = base64.b64decode(vector["envelope"])

    receipt = read_receipt(vector["receipt"], envelope=raw, to_node="hn", trust=TRUST, now=NOW)

    assert (receipt.status, receipt.id) == (Status.STORED, vector["message"]["id"])


@pytest.mark.parametrize("broken", _vector("broken")["envelopes"], ids=lambda one: one["code"])
def test_broken_envelope_gets_the_stored_code(broken: dict[str, str]) -> None:
    with pytest.raises(EnvelopeRefused) as refused:
        _opened(base64.b64decode(broken["envelope"]))

    assert refused.value.code.value == broken["code"]
