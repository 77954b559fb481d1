"""Bring a restored database up to the ledger of erased records: `amparo restore-check`, after every restore.

As the owner of the database; `amparo migrate` does the same. Decision: 0021.
"""

import argparse
import sys

from amparo.keys.trouble import KeysTrouble
from amparo.node.setup import NODE_TROUBLES, open_node


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(_arguments: argparse.Namespace) -> int:
    """Remove again what came back; 0 done, 1 and words where it cannot be."""
    try:
        open_node("owner")
        count = forget_again()
    except (*NODE_TROUBLES, KeysTrouble) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write(f"{count} erased records had come back and are gone again.\n")
    return 0


def forget_again() -> int:
    """Remove again what was erased, signed in as the owner, and return how many records that were."""
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.cases.erasing import erase_again

    with acting_as(SYSTEM):
        return erase_again()
