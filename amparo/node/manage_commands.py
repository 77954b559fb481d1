"""Hand Django's own commands to developers: `amparo manage COMMAND …`, as the owner of the database."""

import argparse

from amparo.node.setup import open_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take whatever follows as Django's."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(arguments: argparse.Namespace) -> int:
    """Run one of Django's commands."""
    open_django("owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["amparo manage", *arguments.words])
    return 0
