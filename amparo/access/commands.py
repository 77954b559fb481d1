"""Verify the audit trail: `amparo audit verify [--head NUMBER:HASH]`."""

import argparse
import os
import sys

from amparo.access.chain_head import read_head


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="check every row; exit 1 and the places if the trail was touched")
    verify.add_argument("--head", type=read_head, default=None, help="NUMBER:HASH noted at an earlier check")


def run(arguments: argparse.Namespace) -> int:
    """Check the chain; 0 it holds, 1 it does not."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.node.settings")
    django.setup()
    from amparo.access.chain import verify

    verdict = verify(arguments.head)
    for found in verdict.breaks:
        sys.stderr.write(f"{found}\n")
    sys.stdout.write(f"{verdict.head.number} rows, head {verdict.head.number}:{verdict.head.hash}\n")
    sys.stdout.write("The trail does NOT hold.\n" if verdict.breaks else "The trail holds.\n")
    return 1 if verdict.breaks else 0
