"""Judge open cases again after a new version of the Guide: `amparo cases reevaluate [--most N]`.

The background worker does the same by itself, some at a time; this does it at once and says how far it is.
Stopped at any point, the next run goes on. Closed cases and those handed over keep their version.
"""

import argparse
import sys

from amparo.guide import GuideFaulty, OverlayWeakens
from amparo.node.setup import NODE_TROUBLES, open_node


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True)
    again = acts.add_parser(
        "reevaluate", help="judge open cases again that another version of the Guide judged"
    )
    again.add_argument(
        "--most", type=_some, default=None, help="stop after so many cases; run again to go on"
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge them; 0 all done or --most reached, 1 some cannot be read or nothing could be done."""
    try:
        open_node("worker")
        return _reevaluate(arguments.most)
    except (*NODE_TROUBLES, GuideFaulty, OverlayWeakens) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def _reevaluate(most: int | None) -> int:
    from amparo.cases.reevaluating import count_outdated, reevaluate_open_cases

    waiting = count_outdated()
    sys.stdout.write(f"{waiting} open cases were judged under another version of the Guide.\n")
    judged = reevaluate_open_cases(most=most, told=lambda done: _progress(done, waiting))
    left = "" if judged.finished else " Some are left: run this again to go on."
    sys.stdout.write(f"{judged.done} judged again.{left}\n")
    for case_id in judged.unreadable:
        sys.stderr.write(f"case:{case_id} holds an answer this Guide does not know; it keeps its version.\n")
    return 1 if judged.unreadable else 0


def _progress(done: int, waiting: int) -> None:
    sys.stdout.write(f"  {done} of {waiting}\n")
    sys.stdout.flush()


def _some(text: str) -> int:
    """Read a number of cases; argparse says what is wrong with any other text."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
