"""A provider of our own on loopback that signs whatever a test wants, also what no provider should; and its ministry.

It checks what a good one checks: the client's secret, the code, the address to come back to, and PKCE (S256).
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import RSAKey

from amparo.access.ministry_rules import Ministry
from amparo.base.clock import now

CLIENT, SECRET, SUBJECT = "amparo mx", "a secret: of two words", "1b9f-lucia"
Claims = dict[str, Any]


@cache
def a_key(name: str = "one") -> RSAKey:
    """Return a key of the provider; the same for each name, as making one is slow."""
    return RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})


def signed(claims: Claims, *, key: RSAKey | None = None, **header: str) -> str:
    """Sign claims as a good provider does."""
    said = {"alg": "RS256", "kid": "k1", "typ": "JWT"} | header
    return jws.serialize_compact(said, json.dumps(claims), key or a_key(), algorithms=[said["alg"]])


@dataclass
class Provider:
    """What the provider answers; a test changes any of it."""

    issuer: str = ""
    document: Claims = field(default_factory=dict)
    keys: Callable[[], list[Any]] = lambda: [a_key().as_dict(private=False)]
    sign: Callable[[Claims], object] = signed
    answer: Callable[[str], tuple[int, bytes, dict[str, str]] | None] = lambda _path: None
    codes: dict[str, Claims] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def approve(self, address: str, *, sub: str = SUBJECT, **claims: Any) -> dict[str, str]:  # noqa: ANN401
        """Let somebody sign in who was sent here, and return what her browser brings back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code, at = uuid4().hex, int(now().timestamp())
        said = {
            "iss": self.issuer, "aud": CLIENT, "sub": sub, "nonce": asked["nonce"], "iat": at, "exp": at + 300,
        }  # fmt: skip
        kept = {one for one, value in claims.items() if value is None}
        self.codes[code] = {
            "claims": {name: value for name, value in (said | claims).items() if name not in kept},
            "challenge": asked["code_challenge"],
            "back": asked["redirect_uri"],
        }
        return {"code": code, "state": asked["state"]}

    def told(self, path: str, form: dict[str, list[str]], basic: str) -> tuple[int, Any]:
        """Answer one question."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            } | self.document  # fmt: skip
        if path == "/keys":
            return 200, {"keys": self.keys()}
        kept = self.codes.pop(form.get("code", [""])[0], None)
        return (
            (200, {"id_token": self.sign(kept["claims"])})
            if kept and _proven(kept, form, basic)
            else (400, {})
        )


def _proven(kept: Claims, form: dict[str, list[str]], basic: str) -> bool:
    client = base64.b64decode(basic.removeprefix("Basic ")).decode()
    digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
    return (
        client == "amparo%20mx:a%20secret%3A%20of%20two%20words"
        and form["redirect_uri"] == [kept["back"]]
        and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == kept["challenge"]
    )


@contextmanager
def a_provider() -> Iterator[Provider]:
    """Let a provider answer on loopback until the end of the `with`."""
    provider = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _answer(self, form: dict[str, list[str]]) -> None:
            forced = provider.answer(self.path)
            if forced is None:
                status, said = provider.told(self.path, form, self.headers.get("Authorization", ""))
                forced = (status, json.dumps(said).encode(), {"Content-Type": "application/json"})
            self.send_response(forced[0])
            for name, value in (forced[2] | {"Content-Length": str(len(forced[1]))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(forced[1])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def a_ministry(issuer: str, **other: Any) -> Ministry:  # noqa: ANN401
    """Return the ministry of that provider, for two agencies of child protection."""
    said = {
        "id": "gobernacion", "name": {"es": "Gobernación", "en": "Ministry of the Interior"}, "issuer": issuer,
        "client_id": CLIENT, "agencies": ("mx-proteccion", "mx-albergue"), "side": "protection",
    }  # fmt: skip
    return Ministry(**(said | other))
