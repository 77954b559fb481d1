"""Verify the audit trail: `amparo audit verify [--head NUMBER:HASH]`."""

import argparse
import sys
from typing import TYPE_CHECKING

from amparo.access.chain_head import read_head
from amparo.node.setup import NODE_TROUBLES, open_node

if TYPE_CHECKING:
    from amparo.access.chain import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="check every row; exit 1 and the places if the trail was touched")
    verify.add_argument("--head", type=read_head, default=None, help="NUMBER:HASH noted at an earlier check")


def run(arguments: argparse.Namespace) -> int:
    """Check the chain; 0 it holds, 1 it does not, or cannot be looked at."""
    try:
        open_node("app")
    except NODE_TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    from amparo.access.chain import verify

    verdict = verify(arguments.head)
    for found in verdict.breaks:
        sys.stderr.write(f"{found}\n")
    sys.stdout.write(_told(verdict))
    return 1 if verdict.breaks else 0


def _told(verdict: "Verdict") -> str:
    """Say what was found; an empty trail is said to be empty, since it looks the same when somebody emptied it."""
    if verdict.breaks:
        last = "The trail does NOT hold."
    elif verdict.head.number == 0:
        last = "The trail is empty. Only a head noted earlier (--head) can tell whether somebody emptied it."
    else:
        last = "The trail holds."
    return f"{verdict.head.number} rows, head {verdict.head.number}:{verdict.head.hash}\n{last}\n"
