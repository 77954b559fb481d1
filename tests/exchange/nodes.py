"""Bring up a second real node beside the node under test, each with its own server, and let its people act.

No double stands in: the other node is `amparo migrate`, `amparo serve` and a process that calls its actions.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from amparo.base import seal
from amparo.base.clock import now
from amparo.base.keyring import read_keyring
from amparo.node import trust
from amparo.node.home import PROFILES, Home, make_home

NUMBER = 5  # of the list that both nodes hold; tests bring older and newer ones


@dataclass
class Hand:
    """The people of the other node: each call is one action or question in its own process."""

    process: subprocess.Popen[str]

    def __call__(self, do: str, **said: Any) -> Any:  # noqa: ANN401
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **said}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "refused" in answer:
            raise OtherSaysNo(answer["refused"], answer["codes"])
        return answer["answer"]


class OtherSaysNo(Exception):
    """An action at the other node was refused; `kind` is the class of the refusal."""

    def __init__(self, kind: str, codes: list[str]) -> None:
        super().__init__(f"{kind}: {codes}")
        self.kind, self.codes = kind, codes


@dataclass
class TwoNodes:
    """Both nodes, their addresses, and the root that signs their trust list."""

    mx: Home
    hn: Home
    mx_url: str
    hn_url: str
    root: seal.KeyPair
    hand: Hand
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)

    def trust_list(self, *, number: int = NUMBER, only: str = "", **changes: Any) -> str:  # noqa: ANN401
        """Sign a list of both nodes, or of one."""
        cards = [_card(self.mx, self.mx_url), _card(self.hn, self.hn_url)]
        kept = [card for card in cards if only in ("", card["id"])]
        return trust.publish(kept, root=self.root, number=number, at=changes.pop("at", now()), **changes)


def bring_up(mx: Home) -> TwoNodes:
    """Start Honduras, and a server for Mexico, and let both adopt the same trust list."""
    urls = [f"http://127.0.0.1:{free_port()}" for _ in range(2)]
    hn = _second_home(urls[1])
    _run(hn, "migrate")
    processes = [start(hn, "serve"), start(mx, "serve", "--listen", urls[0].removeprefix("http://"))]
    root = seal.new_sign_keys()
    nodes = TwoNodes(mx, hn, urls[0], urls[1], root, Hand(_start_hand(hn)), processes)
    text = nodes.trust_list()
    for home in (mx, hn):
        trust.adopt(home, text, root.public)
    for url, process in zip((urls[1], urls[0]), processes, strict=True):
        wait_until_it_answers(url, process)
    return nodes


def take_down(nodes: TwoNodes) -> None:
    """End every process that was started here, by its own id."""
    from amparo.base import postgres

    for process in [nodes.hand.process, *nodes.processes]:
        process.terminate()
    for process in [nodes.hand.process, *nodes.processes]:
        process.wait(timeout=20)
    postgres.remove(nodes.hn.path)


def post(url: str, content: bytes) -> tuple[int, str]:
    """Post an envelope as a stranger would; return the status and the text that came back."""
    request = Request(url + "/api/v1/envelopes", data=content, method="POST")
    request.add_header("Content-Type", "application/octet-stream")
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def _card(home: Home, url: str) -> dict[str, Any]:
    return trust.card_of(home, read_keyring(home.keyring)) | {"url": url}


def _second_home(url: str) -> Home:
    folder = Path(tempfile.mkdtemp(prefix="amparo-test-hn-"))
    profile = folder / "hn.yaml"
    profile.write_text(
        (PROFILES / "hn.yaml").read_text("utf-8").replace("http://127.0.0.1:8502", url), "utf-8"
    )
    return make_home(folder / "home", profile)


def environment(home: Home) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "AMPARO_DB_ROLE"}
    return kept | {"AMPARO_HOME": str(home.path), "DJANGO_SETTINGS_MODULE": "amparo.node.settings"}


def _run(home: Home, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "amparo", *words], env=environment(home), check=True, capture_output=True
    )


def start(home: Home, *words: str) -> "subprocess.Popen[str]":
    """Start one of a node's own processes."""
    command = [sys.executable, "-m", "amparo", *words]
    return subprocess.Popen(command, env=environment(home), text=True, stdout=subprocess.DEVNULL)


def _start_hand(home: Home) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.exchange.other_hand"]
    return subprocess.Popen(
        command, env=environment(home), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_it_answers(url: str, process: "subprocess.Popen[str]") -> None:
    """Wait as long as a busy machine may need, but not for a process that has ended.

    Raises:
        AssertionError: it ended, with its exit code, or is silent after three minutes.
    """
    for _ in range(1_800):
        if (code := process.poll()) is not None:
            raise AssertionError(f"{url} cannot answer: its process ended with {code}; what it said is above")
        try:
            with urlopen(url + "/api/v1/trust-list", timeout=5):
                return
        except HTTPError:
            return  # it has no trust list yet, and says so
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{url} is still starting: process {process.pid} runs and does not answer")
