"""Show the whole of Amparo on this machine: `amparo demo`. Ctrl-C ends it, the data stay; `--remove` deletes them."""

import argparse
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from types import FrameType

from amparo.base.clock import now
from amparo.base.postgres import PostgresTrouble
from amparo.node.demo.ana import LABEL, answers_of_ana
from amparo.node.demo.fill import sealed_passphrase
from amparo.node.demo.phone import Phone
from amparo.node.demo.town import Town, TownBroken, bring_up, every_port, ports_in_use, remove

FOLDER = Path("var/demo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the demonstration keeps its nodes")
    parser.add_argument("--remove", action="store_true", help="delete the demonstration and all its data")


def run(arguments: argparse.Namespace) -> int:
    """Bring the region up and wait; 1 with words when something stands in the way."""
    if arguments.remove:
        remove(arguments.folder)
        return 0
    if taken := ports_in_use(every_port()):
        sys.stderr.write(f"Ports {taken} are in use. Is a demonstration already running? End it first.\n")
        return 1
    # Ended while it comes up, it takes down what it has started by then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.stdout.write("Bringing up Mexico, Honduras and the secretariat ...\n")
    try:
        town = bring_up(arguments.folder, say=_say)
    except (TownBroken, PostgresTrouble) as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Ended before it was up; start it again to go on.\n")
        return 1
    try:
        receive_ana(town)
        _tell(town)
        _wait()
    finally:
        sys.stdout.write("Ending the demonstration; its data stay in the folder.\n")
        town.stop()
    return 0


def _say(step: str) -> None:
    """Say which step is done now: the first time the whole takes a minute or two."""
    sys.stdout.write(f"  {step} ...\n")
    sys.stdout.flush()


def receive_ana(town: Town) -> None:
    """Let the shelter's telephone send Ana's intake, once, over the real protocol."""
    mark = town.folder / "ana-was-received"
    if mark.exists():
        return
    device = town.made["mx"]["device"]
    phone = Phone(f"{town.url('mx')}/openrosa", device["username"], device["secret"])
    sent = phone.send(phone.fetch("intake"), answers_of_ana(now() - timedelta(minutes=5)), label=LABEL)
    if sent.status != 201:
        raise TownBroken(f"mx did not take Ana's intake: {sent.status} {sent.message}")
    mark.touch()


def _tell(town: Town) -> None:
    lines = [
        "",
        "Amparo is running. Sign in with this password for every account:",
        "",
        f"    {town.password}",
        "",
        "What is sealed (Ana's own words) opens with this passphrase, for the people of child protection:",
        "",
        f"    {sealed_passphrase(town.password)}",
        "",
    ]
    for node in ("mx", "hn", "region"):
        lines += [f"  {town.url(node)}"]
        lines += [
            f"      {one['email']:28} {one['name']} ({one['role']})"
            + (f" signs in at {town.migration_url(node)}" if one["role"] == "migration-officer" else "")
            for one in town.made[node]["people"]
        ]
    device = town.made["mx"]["device"]
    lines += [
        "",
        "Try first: sign in at the first address as lucia@mx.example. Ana is near the top of the list.",
        "Open her, and read what she must get now and what must not be done to her.",
        "Then: teresa stands up for one child and may ask who has opened her file; olga reads three cases that chance",
        "drew; diego keeps the node running and reads no child; ivan and bruno see five facts and no more.",
        "",
        f"A telephone with ODK Collect or any OpenRosa client: {town.url('mx')}/openrosa",
        f"      name {device['username']}  secret {device['secret']}",
        "",
        "Ctrl-C ends the demonstration.",
        "",
    ]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()


def _wait() -> None:
    """Wait until somebody ends the demonstration."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    ended.wait()
