"""Hold the ceremony of an agency's key for class P3, recover it, drill that, and close what waits: `amparo p3`.

Shares are typed or read from standard input, one a line, never from the command line. Nothing here prints a key; a
ceremony shows each share once, to its keeper alone. Decision: 0022. How to: sealed-things.
"""

import argparse
import getpass
import sys
from collections.abc import Iterator, Sequence

from amparo.node.setup import NODE_TROUBLES, open_node

_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the commands take."""
    acts = parser.add_subparsers(dest="act", required=True)
    ceremony = acts.add_parser("ceremony", help="make an agency's key before three keepers of shares")
    ceremony.add_argument("--officers", nargs="*", default=[], help="e-mails of the officers let in first")
    ceremony.add_argument("--keepers", nargs=3, required=True, help="names of three people, one share each")
    recover = acts.add_parser(
        "recover", help="let an officer in with two shares, where nobody is left who could"
    )
    recover.add_argument("--officer", required=True, help="e-mail of an officer who has set her passphrase")
    drill = acts.add_parser("drill", help="prove that two shares open what is sealed; shows nothing")
    for one in (ceremony, recover, drill):
        one.add_argument("--agency", required=True, help="code of an agency of this node")
    acts.add_parser("reseal", help="close what of class P3 is still kept under the cases' own keys")
    acts.add_parser("status", help="which agencies have a key, and when recovery was tried")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 done, 1 not done and why."""
    from amparo.base.shares import ShareMistyped, SharesApart, ShareTwice

    try:
        open_node("app")
        return _done(arguments)
    except (*NODE_TROUBLES, ShareMistyped, SharesApart, ShareTwice) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1


def _done(arguments: argparse.Namespace) -> int:
    from amparo.access.actions import AgencyUnknown
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.access.key_changes import CeremonyUndecided
    from amparo.access.sealed_ceremony import (
        DrillFailed,
        KeepersWrong,
        NoSeal,
        OfficersWrong,
        SealInUse,
        ShareOfAnother,
    )

    try:
        if arguments.act == "reseal":
            return _reseal()
        with acting_as(SYSTEM):
            return _ACTS[arguments.act](arguments)
    except (
        AgencyUnknown, CeremonyUndecided, DrillFailed, KeepersWrong, NoSeal, OfficersWrong, SealInUse, ShareOfAnother,
    ) as refused:  # fmt: skip
        sys.stderr.write(f"{refused}\n")
        return 1


def _ceremony(arguments: argparse.Namespace) -> int:
    from amparo.access.sealed_ceremony import make_agency_seal

    split = make_agency_seal(agency=arguments.agency, officers=arguments.officers, keepers=arguments.keepers)
    for keeper, share in zip(arguments.keepers, split.shares, strict=True):
        _show(keeper, share)
    sys.stdout.write(f"The key of {arguments.agency} is made. Hold a drill now: amparo p3 drill\n")
    return 0


def _show(keeper: str, share: str) -> None:
    """Show one share to its keeper alone: she writes it down, it leaves the screen, the next one comes."""
    if not sys.stdin.isatty():
        sys.stdout.write(f"{keeper}: {share}\n")
        return
    input(f"{_CLEAR}Only {keeper} looks at the screen now. Enter shows her share. ")
    words = share.split()
    lines = [
        " ".join(f"{n:2}. {word:10}" for n, word in list(enumerate(words, 1))[at : at + 4])
        for at in range(0, 33, 4)
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    input(f"{keeper}: write all 33 words on paper, compare them, then press Enter. ")
    sys.stdout.write(_CLEAR)
    sys.stdout.flush()


def _recover(arguments: argparse.Namespace) -> int:
    from amparo.access.sealed_ceremony import recover

    recover(agency=arguments.agency, shares=_two_shares(), officer=arguments.officer)
    sys.stdout.write(f"{arguments.officer} can open what is sealed to {arguments.agency}.\n")
    return 0


def _drill(arguments: argparse.Namespace) -> int:
    from amparo.access.sealed_ceremony import drill

    drill(agency=arguments.agency, shares=_two_shares())
    sys.stdout.write(f"Two shares open what is sealed to {arguments.agency}. The day is kept.\n")
    return 0


def _status(_arguments: argparse.Namespace) -> int:
    for line in stand_lines():
        sys.stdout.write(f"{line}\n")
    return 0


def stand_lines() -> Iterator[str]:
    """Yield how class P3 stands at each agency that leads cases, in words for whoever runs the node."""
    from amparo.access.sealed_ceremony import seals_of_node

    for one in seals_of_node():
        drilled = f"recovery tried {one.drilled_at:%Y-%m-%d}" if one.drilled_at else "recovery never tried"
        state = f"key made {one.made_at:%Y-%m-%d}, {drilled}" if one.made_at else "no key yet"
        waits = ", to be replaced" if one.rotate else ""
        yield f"{one.agency:20} {state}{waits}"


def _reseal() -> int:
    from amparo.cases.resealing import seal_waiting, waiting_entries
    from amparo.forms.resealing import seal_waiting_forms

    done = 0
    while closed := seal_waiting() + seal_waiting_forms():
        done += closed
        sys.stdout.write(f"  {done} closed\n")
    left = waiting_entries()
    words = f" {left} wait for the ceremony of their agency." if left else ""
    sys.stdout.write(f"Closed {done}.{words}\n")
    return 1 if left else 0


def _two_shares() -> Sequence[str]:
    if sys.stdin.isatty():
        return [
            getpass.getpass(f"Share of the {which} keeper (not shown): ") for which in ("first", "second")
        ]
    return [line.strip() for line in sys.stdin if line.strip()][:2]


_ACTS = {"ceremony": _ceremony, "recover": _recover, "drill": _drill, "status": _status}
