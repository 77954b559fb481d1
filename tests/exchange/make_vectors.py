"""Write the test vectors that another implementation can check itself against.

Run `python -m tests.exchange.make_vectors` only when the protocol changes: sealing is random, so the bytes
differ each time.
All keys come from public words and protect nobody.
"""

import base64
import json
from pathlib import Path
from typing import Any

from amparo.base import seal
from amparo.base.clock import moment_text
from amparo.exchange.codes import Code
from amparo.exchange.envelope import Message
from amparo.exchange.receipts import make_receipt
from amparo.exchange.trust import make_trust_list
from tests.exchange import world

FOLDER = Path(__file__).parent / "vectors"
BARE: dict[str, Any] = {"basis": None, "view": None}
MESSAGES = {
    "propose": world.proposal(),
    "ask": world.proposal(type="ask", data={"note": "Which languages does she speak?"}, **BARE),
    "decline": world.proposal(type="decline", data={"reason": "other", "note": "No place."}, **BARE),
    "release": world.proposal(type="release", data={}, **BARE),
}


def main() -> None:
    """Write one file for the peers, one for each good envelope, and one for the broken ones."""
    FOLDER.mkdir(exist_ok=True)
    _write("peers", _peers())
    for n, (name, message) in enumerate(MESSAGES.items(), start=1):
        raw = world.envelope(message, world.route(n=n, id=f"{n:032x}"))
        _write(name, {"envelope": _text(raw), "message": _said(message, n), "receipt": _receipt(raw, n)})
    _write("broken", {"envelopes": _broken()})


def _peers() -> dict[str, Any]:
    names = ["hn-proteccion", "mx-proteccion"]
    return {
        "now": moment_text(world.NOW),
        "us": "hn",
        "root": seal.to_text(world.ROOT.public),
        "trust_list": make_trust_list(world.document(), world.ROOT),
        "seal_seeds": {name: seal.to_text(world.seal_pair(name).private) for name in names},
        "sign_seeds": {name: seal.to_text(world.sign_pair(name).private) for name in ["mx", "hn", *names]},
    }


def _said(message: Message, n: int) -> dict[str, Any]:
    names = ("to_agency", "from_agency", "type", "profile", "purpose", "basis", "view", "data")
    said = {name: getattr(message, name) for name in names}
    return {**said, "id": f"{n:032x}", "thread": "a" * 32, "n": n}


def _receipt(raw: bytes, n: int) -> str:
    return make_receipt(world.sign_pair("hn"), raw, envelope_id=f"{n:032x}", at=world.NOW)


def _broken() -> list[dict[str, str]]:
    good = world.envelope()
    line, _, sealed = good.partition(b"\n")
    late = world.envelope(where=world.route(made=world.NOW - world.DAY / 24, ends=world.NOW))
    elsewhere = world.envelope(
        world.proposal(from_agency="hn-proteccion", to_agency="mx-proteccion"),
        world.route(from_node="hn", to_node="mx"),
    )
    cases = {
        Code.LINE_UNREADABLE: b"no line at all",
        Code.TOO_LARGE: b"a" * 8193 + b"\n",
        Code.SIGNATURE_WRONG: line[:-2] + (b"AA" if line[-2:] != b"AA" else b"BA") + b"\n" + sealed,
        Code.BYTES_CHANGED: line + b"\n" + sealed[:-1] + bytes([sealed[-1] ^ 1]),
        Code.OUTSIDE_DATES: late,
        Code.WRONG_RECIPIENT: elsewhere,
    }
    return [{"code": code.value, "envelope": _text(raw)} for code, raw in cases.items()]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
