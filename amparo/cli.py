"""Give every room of Amparo its place on the command line.

A room is imported only when it is asked for, so that `amparo guide` needs neither Django nor a database.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

# Each module offers `add_arguments(parser)` and `run(arguments) -> exit code`.
ROOMS = {
    "guide": ("amparo.guide.commands", "ask the Guide: check, explain, may, diff"),
    "forms": ("amparo.forms.commands", "compile and lint instruments"),
    "demo": ("amparo.node.demo_commands", "two country nodes and the secretariat on this machine"),
    "init": ("amparo.node.init_commands", "make the home of a new node"),
    "serve": ("amparo.node.serve_commands", "start the web server of this node"),
    "worker": ("amparo.node.serve_commands", "start the background worker of this node"),
    "migrate": ("amparo.node.serve_commands", "bring the database of this node up to date"),
    "doctor": ("amparo.node.doctor_commands", "say what is missing or wrong on this machine"),
    "trust": ("amparo.node.trust_commands", "the trust list: card, publish, adopt"),
    "person": ("amparo.node.people_commands", "make or close the account of a person"),
    "device": ("amparo.node.people_commands", "enrol, list or revoke telephones"),
    "cases": ("amparo.node.case_commands", "judge or index cases again; plant invented children"),
    "restore-check": ("amparo.node.restore_commands", "after a restore: remove again what was erased"),
    "keys": ("amparo.node.keys_commands", "the keys that wrap: key process, rotation, log"),
    "custody": ("amparo.node.custody_commands", "verify custody and returns; accept a child who returns"),
    "p3": ("amparo.node.sealed_commands", "what is sealed to agencies: ceremony, recovery, drill"),
    "audit": ("amparo.node.audit_commands", "verify the audit trail"),
    "manage": ("amparo.node.manage_commands", "Django's own commands, for developers"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 well, 1 refused or failed, 2 bad input."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="amparo", description="Protection of children in human mobility.")
    rooms = parser.add_subparsers(dest="room", metavar="COMMAND", required=True)
    for name, (module, summary) in ROOMS.items():
        room = rooms.add_parser(name, help=summary, description=summary)
        if words[:1] == [name]:
            importlib.import_module(module).add_arguments(room)
    arguments = parser.parse_args(words)
    module, _ = ROOMS[arguments.room]
    return int(importlib.import_module(module).run(arguments))
