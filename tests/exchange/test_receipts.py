"""Show that a receipt proves who got which bytes, and when."""

from typing import Any

import pytest

from amparo.base import seal
from amparo.exchange.codes import Code
from amparo.exchange.receipts import TYP, Receipt, ReceiptWrong, Status, make_receipt, read_receipt
from tests.exchange import world
from tests.exchange.world import NOW

TRUST = world.trust_list()
SENT = b"line\nsealed"
ID = "c" * 32


def _read(text: str, **changes: Any) -> Receipt:  # noqa: ANN401
    fields: dict[str, Any] = {"envelope": SENT, "to_node": "hn", "trust": TRUST, "now": NOW} | changes
    return read_receipt(text, **fields)


def _signed(**claims: Any) -> str:  # noqa: ANN401
    key = world.sign_pair("hn")
    good = {"id": ID, "sha256": seal.file_digest(SENT), "at": "2026-11-21T10:00:00Z", "status": "stored"}
    return seal.sign(key.private, world.with_fields(good, **claims), kid=key.id, typ=TYP)


def test_receipt_of_a_stored_envelope_is_read() -> None:
    text = make_receipt(world.sign_pair("hn"), SENT, envelope_id=ID, at=NOW)

    assert _read(text) == Receipt(ID, seal.file_digest(SENT), NOW, Status.STORED, None)


def test_receipt_is_the_same_when_made_again_for_the_same_moment() -> None:
    texts = {make_receipt(world.sign_pair("hn"), SENT, envelope_id=ID, at=NOW) for _ in range(2)}

    assert len(texts) == 1


def test_receipt_of_a_refused_envelope_tells_one_code() -> None:
    text = make_receipt(world.sign_pair("hn"), SENT, code=Code.SEAL_BROKEN, at=NOW)

    receipt = _read(text)

    assert (receipt.status, receipt.code, receipt.id) == (Status.REFUSED, Code.SEAL_BROKEN, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"envelope": b"line\nother"},
        {"to_node": "mx"},
        {"trust": world.trust_list(expires="2026-11-21T10:00:00Z")},
        {"now": NOW + 90 * world.DAY},
    ],
)
def test_receipt_about_something_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ReceiptWrong):
        _read(make_receipt(world.sign_pair("hn"), SENT, envelope_id=ID, at=NOW), **changes)


@pytest.mark.parametrize("signer", ["nobody", "hn-proteccion", "mx"])
def test_receipt_of_somebody_else_is_refused(signer: str) -> None:
    with pytest.raises(ReceiptWrong):
        _read(make_receipt(world.sign_pair(signer), SENT, envelope_id=ID, at=NOW))


@pytest.mark.parametrize(
    "claims",
    [
        {"status": "lost"}, {"status": ...}, {"at": "now"}, {"id": ""}, {"id": "x"}, {"id": ...},
        {"status": "refused"}, {"status": "refused", "code": "because"}, {"crit": ["x"], "x": 1},
        {"status": "refused", "code": "seal-broken", "id": "x"},
    ],
)  # fmt: skip
def test_receipt_that_says_something_odd_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(ReceiptWrong):
        _read(_signed(**claims))


def test_no_changed_receipt_is_accepted() -> None:
    text = make_receipt(world.sign_pair("hn"), SENT, envelope_id=ID, at=NOW)

    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(ReceiptWrong):
            _read(changed)
