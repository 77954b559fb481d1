"""Keep the keys: `amparo keys init|serve|rewrap|rotate|status|log`.

`--home` names the folder of a key process; without it a command works on this node (AMPARO_HOME). A new key, and
the end of an old one, is decided by two people on the desk; only a demonstration does it by command.
How to run it: docs/how-to/run-the-key-process.md. Decisions: 0021, 0027.
"""

import argparse
import os
import sys
from pathlib import Path

from amparo.base.clock import now
from amparo.base.keyring import KeyringMissing, KeyringUnsafe, KeyringWrong, due_keys, read_keyring
from amparo.base.seal import SealBroken
from amparo.keys import server
from amparo.keys.holder import Holder
from amparo.keys.log import LogBroken, verify_log
from amparo.keys.rules import Limits
from amparo.keys.trouble import KeysTrouble
from amparo.keys.wrapping import make_once, read_wrapping
from amparo.node.home import this_home
from amparo.node.key_files import require_keys
from amparo.node.setup import NODE_TROUBLES, open_node

_TWO = (
    "Nothing was changed: two people decide this. One proposes it on the desk under Keys, another confirms it there"
    " under To confirm, and at that moment the key is made. Afterwards, in the node: amparo keys rewrap"
)


class TwoDecide(Exception):
    """A command would change keys alone."""


TROUBLES = (
    *NODE_TROUBLES, KeyringMissing, KeyringUnsafe, KeyringWrong, SealBroken, KeysTrouble, LogBroken, TwoDecide,
    server.SocketTaken, OSError,
)  # fmt: skip
_KEYS, _LEDGER, _LOG = "wrapping-keys.json", "erased.ledger", "log"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the commands take."""
    acts = parser.add_subparsers(dest="act", required=True)
    _with_home(
        acts.add_parser("init", help="make the folder of a key process, with a first key"), needed=True
    )
    serve = acts.add_parser("serve", help="answer on a socket: the key process")
    _with_home(serve, needed=True)
    serve.add_argument("--socket", type=Path, required=True, help="where it answers")
    serve.add_argument(
        "--allow", type=int, action="append", required=True, metavar="ACCOUNT",
        help="number of an account that may ask (id -u NAME); give it once for each",
    )  # fmt: skip
    for name in ("officer-cases", "node-cases"):
        serve.add_argument(f"--{name}", type=int, default=None, help="different cases a minute")
    acts.add_parser("rewrap", help="in the node: wrap everything under the newest key; may be run again")
    acts.add_parser(
        "rotate", help="in a demonstration: make a new key, then rewrap; in a real node two people decide"
    )
    acts.add_parser("status", help="in the node: which keys are held, and which are due; exit 1 if one is")
    log = acts.add_parser("log", help="verify the log of a key process; exit 1 if it was touched")
    _with_home(log, needed=True)


def run(arguments: argparse.Namespace) -> int:
    """Run one of them; 1 and words when something is missing or wrong."""
    try:
        return _RUN[arguments.act](arguments)
    except TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def _with_home(parser: argparse.ArgumentParser, *, needed: bool = False) -> None:
    parser.add_argument("--home", type=Path, required=needed, help="the folder of a key process")


def _init(arguments: argparse.Namespace) -> int:
    arguments.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_once(arguments.home / _KEYS, now())
    read_wrapping(arguments.home / _KEYS)
    sys.stdout.write(f"Keys in {arguments.home}. Next: amparo keys serve --home {arguments.home} ...\n")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    """Become the key process, until a signal ends it."""
    os.umask(0o007)
    read_wrapping(arguments.home / _KEYS)
    given = {"officer_cases": arguments.officer_cases, "node_cases": arguments.node_cases}
    holder = Holder(
        arguments.home / _KEYS,
        arguments.home / _LEDGER,
        limits=Limits(**{name: value for name, value in given.items() if value is not None}),
        log_folder=arguments.home / _LOG,
    )
    server.run(holder, arguments.socket, accounts=arguments.allow)
    return 0


def _rewrap(_: argparse.Namespace) -> int:
    open_node("worker")
    from amparo.access.rewrapping import rewrap

    count = rewrap(say=lambda line: sys.stdout.write(f"  {line}\n"))
    sys.stdout.write(f"{count} wrapped anew; nothing is left under an older key, and older keys only open.\n")
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    if not this_home().profile.demonstration:
        raise TwoDecide(_TWO)
    open_node("worker")
    from amparo.access.actor import SYSTEM
    from amparo.access.keys import key_provider
    from amparo.keys.rules import Asker

    made = key_provider().new_key(Asker(SYSTEM.id, "system", "rotation"))
    sys.stdout.write(f"The new key {made} wraps from now on.\n")
    return _rewrap(arguments)


def _status(_: argparse.Namespace) -> int:
    home = this_home()
    *older, newest = require_keys(home)
    for one in older:
        sys.stdout.write(f"  only opens   {one.removeprefix('retired:')}{_since_retired(one)}\n")
    sys.stdout.write(f"  wraps now    {newest}\n")
    due = due_keys(read_keyring(home.keyring), now())
    sys.stdout.write("".join(f"  needs you    {line}\n" for line in due))
    return int(bool(due))


def _since_retired(key: str) -> str:
    if key.startswith("retired:"):
        return "  (retired; 30 days later two people may have it destroyed)"
    return "  (rows may still be under it; run: amparo keys rewrap)"


def _log(arguments: argparse.Namespace) -> int:
    count, last = verify_log(arguments.home / _LOG)
    sys.stdout.write(f"{count} lines, the last {last}\nThe log holds.\n")
    return 0


_RUN = {
    "init": _init, "serve": _serve, "rewrap": _rewrap, "rotate": _rotate, "status": _status, "log": _log,
}  # fmt: skip
