"""Bring up one throw-away node for a measurement, and take it down."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amparo.base import postgres
from amparo.base.passphrase import offered_passphrase
from amparo.node.demo.fill import PEOPLE
from amparo.node.home import PROFILES, make_home

PORT = 8591


@dataclass(frozen=True)
class Node:
    """A node that answers at `url`; `device` signs in at its OpenRosa door."""

    home: Path
    url: str
    device: dict[str, str]
    password: str

    def owner_dsn(self) -> str:
        """How to reach its database as the owner."""
        owner = json.loads((self.home / "keys" / "database-owner.json").read_text(encoding="utf-8"))
        return (
            f"host={owner['HOST']} port={owner['PORT']} dbname={owner['NAME']}"
            f" user={owner['USER']} password={owner['PASSWORD']}"
        )


@contextlib.contextmanager
def a_node(*, workers: int = 2) -> Iterator[Node]:
    """Run a node of the Mexican demonstration profile on loopback."""
    with tempfile.TemporaryDirectory(prefix="amparo-bench-") as folder:
        home = Path(folder) / "mx"
        profile = Path(folder) / "mx.yaml"
        text = (PROFILES / "mx.yaml").read_text(encoding="utf-8")
        profile.write_text(text.replace(":8501", f":{PORT}"), encoding="utf-8")
        make_home(home, profile)
        environment = os.environ | {"AMPARO_HOME": str(home)}
        password = offered_passphrase()
        try:
            subprocess.run(
                [sys.executable, "-m", "amparo", "migrate"], env=environment, check=True, capture_output=True
            )
            filled = subprocess.run(
                [sys.executable, "-m", "amparo.node.demo.fill"], env=environment, check=True, capture_output=True,
                input=password.encode(),
            )  # fmt: skip
            yield from _served(home, environment, json.loads(filled.stdout)["device"], password, workers)
        finally:
            postgres.remove(home)


def _served(
    home: Path, environment: dict[str, str], device: dict[str, str], password: str, workers: int
) -> Iterator[Node]:
    log = (home / "serve.log").open("wb")
    command = [sys.executable, "-m", "amparo", "serve", "--workers", str(workers)]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{PORT}/account/login/")
        yield Node(home, f"http://127.0.0.1:{PORT}", device, password)
    finally:
        server.terminate()
        server.wait(timeout=15)
        log.close()


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own node
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the node of the measurement did not answer")


CASEWORKER = f"{PEOPLE['mx'][0][0]}@mx.example"
