"""Verify the audit trail, have it witnessed now, and say what we saw of another node's trail.

`amparo audit verify`, `amparo audit checkpoint`, `amparo audit witnessed NODE`. Reads hashes and ids; opens no case.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from amparo.access.chain_head import Head, read_head
from amparo.node.setup import NODE_TROUBLES, open_node

if TYPE_CHECKING:
    from amparo.exchange.vouching import Report

HOLDS, BROKEN, UNWITNESSED = 0, 1, 3
_LONGEST = 4 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the commands take."""
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser(
        "verify", help="check every row; exit 0 proven, 1 touched, 3 whole but not enough witnesses vouch"
    )
    verify.add_argument("--head", type=head_noted, default=None, help="NUMBER:HASH noted at an earlier check")
    verify.add_argument(
        "--witnessed", type=Path, action="append", default=[], help="what a witness printed: audit witnessed"
    )
    verify.add_argument("--offline", action="store_true", help="do not ask the witnesses now")
    acts.add_parser("checkpoint", help="sign the head of the trail now and ask the witnesses to cosign it")
    seen = acts.add_parser("witnessed", help="print what this node saw of another node's trail, signed")
    seen.add_argument("node", help="id of the other node")


def head_noted(text: str) -> Head:
    """Read a head that somebody noted; argparse says what is wrong with any other text, and where to find one."""
    try:
        return read_head(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(
            f"{text[:90]!r} is no head. A head is NUMBER:HASH, the hash 64 signs of 0-9 and a-f, as an earlier check"
            " printed it after 'rows, head'. Copy the whole of it; without one, leave --head out."
        ) from wrong


def run(arguments: argparse.Namespace) -> int:
    """Run one command; 0 it holds, 1 it does not or cannot be looked at, 3 not enough witnesses vouch."""
    try:
        open_node("app")
    except NODE_TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return BROKEN
    return _RUN[arguments.act](arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from amparo.exchange.vouching import verify_trail

    try:
        statements = [path.read_text(encoding="ascii")[:_LONGEST].strip() for path in arguments.witnessed]
    except (OSError, UnicodeDecodeError) as wrong:
        sys.stderr.write(f"A statement of a witness cannot be read: {wrong.__class__.__name__}.\n")
        return BROKEN
    if not arguments.offline:
        _ask_again()
    report = verify_trail(arguments.head, statements)
    for found in report.verdict.breaks:
        sys.stderr.write(f"{found}\n")
    sys.stdout.write(_told(report))
    return _exit_code(report)


def _ask_again() -> None:
    """Ask each witness, whatever our database says of it: somebody may have put the database back."""
    from django.conf import settings

    from amparo.exchange import checkpoints

    if not settings.HOME.profile.witnesses:
        return
    try:
        checkpoints.make_checkpoint()
    except checkpoints.TrailRewound as found:
        sys.stderr.write(f"{found}\n")
    for witness in settings.HOME.profile.witnesses:
        said = checkpoints.ask_witness(witness, again=True)
        sys.stderr.write(f"{witness}: {said}\n")


def _exit_code(report: "Report") -> int:
    from django.conf import settings

    if report.verdict.breaks:
        return BROKEN
    return HOLDS if report.well_witnessed or not settings.HOME.profile.witnesses else UNWITNESSED


def _told(report: "Report") -> str:
    """Say what was found; an empty trail is said to be empty, since it looks the same when somebody emptied it."""
    verdict = report.verdict
    if verdict.breaks:
        last = "The trail does NOT hold."
    elif verdict.head.number == 0:
        last = "The trail is empty. Only a head noted earlier (--head) can tell whether somebody emptied it."
    else:
        last = "The trail holds."
    proven = [
        f"Rows up to {one.number} are proven since {one.at:%Y-%m-%d %H:%M} UTC by {one.witness}"
        f"{' (oversight)' if one.oversees else ''}.\n"
        for one in report.proven
    ]
    lines = f"{verdict.head.number} rows, head {verdict.head.number}:{verdict.head.hash}\n{last}\n"
    if not verdict.breaks and not report.well_witnessed:
        proven.append("Fewer than two witnesses, one of them oversight, vouch for it.\n")
    return lines + "".join(proven)


def _checkpoint(_: argparse.Namespace) -> int:
    from amparo.base.keyring import KeyMissing
    from amparo.exchange import checkpoints

    try:
        made = checkpoints.make_checkpoint()
    except (checkpoints.TrailRewound, KeyMissing) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return BROKEN
    sys.stdout.write(f"Checkpoint {made.number}:{made.hash}\n" if made else "The trail is empty.\n")
    answers = checkpoints.ask_witnesses()
    sys.stdout.write("".join(f"{witness}: {said}\n" for witness, said in answers.items()))
    return HOLDS if all(said == "ok" for said in answers.values()) else UNWITNESSED


def _witnessed(arguments: argparse.Namespace) -> int:
    from amparo.exchange.vouching import statement_about

    text = statement_about(arguments.node)
    if not text:
        sys.stderr.write(f"This node has cosigned no head of {arguments.node}.\n")
        return BROKEN
    sys.stdout.write(f"{text}\n")
    return HOLDS


_RUN = {"verify": _verify, "checkpoint": _checkpoint, "witnessed": _witnessed}
