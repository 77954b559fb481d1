"""A door on loopback that keeps to OpenRosa, or breaks one rule at a time, to check the client itself.

It is no stand-in for the node's own door, which the journey tests: it only proves what the client insists on.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import urlparse

from amparo.forms import openrosa
from amparo.forms.compile import Compiled

DEVICE, SECRET = "phone-7", "correct horse"


@dataclass
class Door:
    """What the door offers, which rule it breaks (""), and what it received."""

    form: Compiled
    breaks: str = ""
    limit: int = 10_000_000
    url: str = ""
    posts: list[dict[str, bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str) -> tuple[int, bytes, str]:
        """Return status, body and content type for a path below the base."""
        form_hash = "0" * 32 if self.breaks == "hash" else self.form.md5
        entry = openrosa.FormEntry(
            self.form.form_id,
            "Intake",
            self.form.version,
            form_hash,
            f"{self.url}/form",
            f"{self.url}/manifest",
        )
        files = [openrosa.ManifestEntry(one.name, one.md5, f"{self.url}/media") for one in self.form.media]
        kind = "text/html" if self.breaks == "portal" else openrosa.CONTENT_TYPE
        return {
            "/formList": (200, openrosa.render_form_list([entry]), kind),
            "/form": (200, self.form.xform, kind),
            "/manifest": (200, openrosa.render_manifest(files), openrosa.CONTENT_TYPE),
            "/media": (200, self.form.media[0].content or b"", "text/csv"),
            "/submission": self._submission(method),
        }[path]

    def _submission(self, method: str) -> tuple[int, bytes, str]:
        if method == "HEAD":
            return (200 if self.breaks == "head" else 204, b"", "text/plain")
        status = 200 if self.breaks == "post" else 409 if self.breaks == "conflict" else 201
        return status, openrosa.render_response("recibido"), openrosa.CONTENT_TYPE


class _Handler(BaseHTTPRequestHandler):
    door: ClassVar[Door]
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._respond()

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        body = self._chunks()
        if self._signed_in():
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            parts = message_from_bytes(head + body, policy=policy.HTTP).iter_parts()
            named = {str(one.get_param("name", header="content-disposition")): one for one in parts}
            self.door.posts.append({name: bytes(one.get_payload(decode=True)) for name, one in named.items()})
        self._respond()

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _signed_in(self) -> bool:
        pair = base64.b64encode(f"{DEVICE}:{SECRET}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {pair}"

    def _respond(self) -> None:
        asked = urlparse(self.path)
        if not self._signed_in():
            self._write(401, b"", "text/plain", {"WWW-Authenticate": 'Basic realm="node"'})
            return
        self.door.asked.append(f"{self.command} {asked.path.removeprefix('/base')}?{asked.query}")
        status, body, kind = self.door.answer(self.command, asked.path.removeprefix("/base"))
        self._write(status, body, kind, {openrosa.LENGTH_HEADER: str(self.door.limit)})

    def _write(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        version = {} if self.door.breaks == "header" else dict(openrosa.HEADERS)
        for name, value in {**version, **headers, "Content-Type": kind}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: addresses carry the device."""


@contextmanager
def opened(door: Door) -> Iterator[Door]:
    """Open the door on a free port of loopback for the length of a block."""
    handler = type("Handler", (_Handler,), {"door": door})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    door.url = f"http://127.0.0.1:{server.server_port}/base"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
