"""Hand Django's own commands to developers: `amparo manage COMMAND …`, as the owner of the database."""

import argparse
import sys

from amparo.node.setup import NODE_TROUBLES, open_node


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whatever follows as Django's."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(arguments: argparse.Namespace) -> int:
    """Run one of Django's commands; 1 and words where there is no node to run it in."""
    try:
        open_node("owner")
    except NODE_TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    from django.core.management import execute_from_command_line

    execute_from_command_line(["amparo manage", *arguments.words])
    return 0
