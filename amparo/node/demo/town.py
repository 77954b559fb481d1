"""Bring up a region on one machine: homes, databases, trust list, servers, workers; and take it down again.

Each node is the real thing: its own folder, PostgreSQL, keys, processes. Everything listens on loopback only.
Processes are ended by the ids they were started with.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from amparo.base import postgres
from amparo.node.home import PROFILES, make_home

PORTS = {"region": 8500, "mx": 8501, "hn": 8502}
CHILDREN = {"mx": 24, "hn": 6}
_READY_WITHIN = 120


class TownBroken(Exception):
    """A step of bringing the region up failed; the message names the step, the node and the log to read."""


@dataclass
class Town:
    """A running region; `made` holds accounts and devices by node."""

    folder: Path
    ports: Mapping[str, int]
    password: str = ""
    made: dict[str, Any] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def home(self, node: str) -> Path:
        """Return the folder of one node."""
        return self.folder / node

    def url(self, node: str) -> str:
        """Return the address of one node."""
        return f"http://127.0.0.1:{self.ports[node]}"

    def migration_url(self, node: str) -> str:
        """Return the address of the migration authority's server of one node."""
        return f"http://127.0.0.1:{self.ports[node] + 100}"

    def run(self, node: str, *words: str, given: str = "") -> str:
        """Run `python -m WORDS` inside one node and return what it printed; raises TownBroken."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            env=self.env(node),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise TownBroken(f"{node}: {' '.join(words)} failed.\n{done.stderr or done.stdout}")
        return done.stdout

    def start(self, node: str, *words: str) -> None:
        """Start a server or worker of one node; its output goes to a log in the node's folder."""
        (self.home(node) / "log").mkdir(exist_ok=True)
        with (self.home(node) / "log" / f"{'-'.join(words).replace('--', '')}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "amparo", *words], env=self.env(node), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)

    def stop(self) -> None:
        """End what was started here, and the databases; data stay for the next time."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()
        for node in self.ports:
            postgres.stop(self.home(node))

    def env(self, node: str) -> dict[str, str]:
        """Return the environment of one node's processes: its home, and no database of somebody else."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {"AMPARO_HOME": str(self.home(node)), "PYTHONUNBUFFERED": "1"}


def bring_up(
    folder: Path,
    *,
    ports: Mapping[str, int] = PORTS,
    children: Mapping[str, int] = CHILDREN,
    say: Callable[[str], None] = lambda _step: None,
) -> Town:
    """Bring a region up in a folder, made on first use; return it running. `say` is told each step before it is done.

    Raises:
        TownBroken: a step failed; what was started is ended again.
    """
    town = Town(folder.resolve(), ports)
    town.folder.mkdir(parents=True, exist_ok=True)
    try:
        for step, words in (
            (_make_homes, "a folder and keys for each node"),
            (_migrate, "the databases (the longest step the first time)"),
            (_trust, "the trust list, signed by the secretariat"),
            (partial(_fill, children=children), "accounts and invented children"),
            (_serve, "servers and workers"),
        ):
            say(words)
            step(town)
    except BaseException:
        town.stop()
        raise
    return town


def remove(folder: Path) -> None:
    """Remove a region with all its data, also what its databases keep elsewhere."""
    for home in sorted(folder.glob("*/node.yaml")):
        postgres.remove(home.parent.resolve())
    shutil.rmtree(folder, ignore_errors=True)


def _make_homes(town: Town) -> None:
    for node, port in town.ports.items():
        profile = town.folder / f"{node}.yaml"
        text = (PROFILES / f"{node}.yaml").read_text(encoding="utf-8")
        profile.write_text(text.replace(f":{PORTS[node]}", f":{port}"), encoding="utf-8")
        make_home(town.home(node), profile)


def _migrate(town: Town) -> None:
    """Migrate all nodes at the same time: each waits mostly for its own database."""
    running = [
        (
            node,
            subprocess.Popen(
                [sys.executable, "-m", "amparo", "migrate"], env=town.env(node), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            ),
        )
        for node in town.ports
    ]  # fmt: skip
    failed = [
        f"{node}: {said}"
        for node, process in running
        if (said := process.communicate()[0]) and process.returncode
    ]
    if failed:
        raise TownBroken("A database could not be prepared.\n" + "\n".join(failed))


def _trust(town: Town) -> None:
    """Let the secretariat sign a trust list of the nodes' public keys, and each node adopt it."""
    signed = town.folder / "trust-list.jws"
    cards = []
    for node in town.ports:
        card = town.folder / f"card-{node}.json"
        card.write_text(town.run(node, "amparo", "trust", "card"), encoding="utf-8")
        cards.append(str(card))
    root = town.run("region", "amparo", "trust", "publish", *cards, "--out", str(signed)).strip().split()[-1]
    for node in town.ports:
        town.run(node, "amparo", "trust", "adopt", str(signed), "--root", root)


def _fill(town: Town, *, children: Mapping[str, int]) -> None:
    """Make accounts, telephones and children on the first start; remember them beside the homes."""
    kept = town.folder / "accounts.json"
    if kept.exists():
        known = json.loads(kept.read_text(encoding="utf-8"))
        town.password, town.made = known["password"], known["made"]
        return
    town.password = "-".join(secrets.token_hex(2) for _ in range(4))
    for node in town.ports:
        words = ("amparo.node.demo.fill", "--children", str(children.get(node, 0)))
        town.made[node] = json.loads(town.run(node, *words, given=town.password))
    kept.touch(mode=0o600)
    kept.write_text(json.dumps({"password": town.password, "made": town.made}), encoding="utf-8")


def _serve(town: Town) -> None:
    for node in town.ports:
        town.start(node, "serve")
        if node != "region":
            town.start(node, "serve", "--sector", "migration")
            town.start(node, "worker")
    until = time.monotonic() + _READY_WITHIN
    for node in town.ports:
        _wait_for(town, node, town.url(node), until)
        if node != "region":
            _wait_for(town, node, town.migration_url(node), until)


def _wait_for(town: Town, node: str, url: str, until: float) -> None:
    while time.monotonic() < until:
        if any(process.poll() is not None for process in town.processes):
            break
        try:
            with urllib.request.urlopen(f"{url}/account/login/", timeout=5):  # noqa: S310 - our own node
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TownBroken(f"{node} did not answer at {url}. See {town.home(node) / 'log'}.")


def every_port() -> list[int]:
    """Return the ports of a demonstration: one for each node, and one for each migration authority's server."""
    return [*PORTS.values(), *(port + 100 for node, port in PORTS.items() if node != "region")]


def ports_in_use(ports: Sequence[int]) -> list[int]:
    """Return those of some loopback ports that somebody already listens on."""
    taken = []
    for port in ports:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                taken.append(port)
    return taken
