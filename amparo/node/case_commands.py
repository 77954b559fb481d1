"""Judge open cases again: `amparo cases reevaluate [--most N]`. Index names again: `amparo cases reindex [--again]`.

After a new version of the Guide the background worker judges by itself, some at a time; this does it at once and says
how far it is. Closed cases and those handed over keep their version. Names are indexed again after an upgrade that
says so. Stopped at any point, the next run of either goes on. `amparo cases plant-invented` sets alarms for whoever
reads without a reason; it says how many there are, never which.
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
    index = acts.add_parser("reindex", help="write again under which blind words children are found")
    index.add_argument(
        "--again", action="store_true", help="take every case anew, after the key of the indexes was replaced"
    )
    plant = acts.add_parser(
        "plant-invented", help="open cases of invented children: any reading of one tells oversight"
    )
    plant.add_argument("--agency", required=True, help="code of the agency that takes them in")
    plant.add_argument("--count", type=_some, default=1)


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 all done or --most reached, 1 some cannot be read or nothing could be done."""
    try:
        open_node("app" if arguments.act == "plant-invented" else "worker")
        if arguments.act == "plant-invented":
            return _plant(arguments.agency, arguments.count)
        return _reindex(again=arguments.again) if arguments.act == "reindex" else _reevaluate(arguments.most)
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


def _reindex(*, again: bool) -> int:
    from amparo.cases.naming import reindex_names

    done = reindex_names(told=_so_far, again=again)
    sys.stdout.write(f"{done} cases indexed again.\n")
    return 0


def _plant(agency: str, count: int) -> int:
    from amparo.cases.planting import PlantingRefused, plant

    try:
        there_are = plant(agency=agency, count=count)
    except PlantingRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    sys.stdout.write(
        f"Planted {count}. This node has {there_are} invented children. Nobody needs to know which.\n"
    )
    return 0


def _so_far(done: int) -> None:
    sys.stdout.write(f"  {done}\n")
    sys.stdout.flush()


def _progress(done: int, waiting: int) -> None:
    sys.stdout.write(f"  {done} of {waiting}\n")
    sys.stdout.flush()


def _some(text: str) -> int:
    """Read a number of cases; argparse says what is wrong with any other text."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
