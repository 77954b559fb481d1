"""Start, stop, show or remove a node's PostgreSQL from a developer's shell.

python -m amparo.base.postgres start|stop|status|remove HOME
"""

import argparse
import logging
import sys
from pathlib import Path

from amparo.base.postgres import cluster
from amparo.base.postgres.errors import PostgresTrouble


def main() -> int:
    """Run one command; return 0 if done, 1 if refused with a message."""
    parser = argparse.ArgumentParser(prog="python -m amparo.base.postgres", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "remove"])
    parser.add_argument("home", type=Path)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        sys.stdout.write(f"{_act(arguments.action, arguments.home)}\n")
    except PostgresTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


def _act(action: str, home: Path) -> str:
    if action == "start":
        running = cluster.start(home)
        return f"PostgreSQL {running.version}, socket in {running.socket_dir}, port {running.port}"
    if action == "stop":
        cluster.stop(home)
    elif action == "remove":
        cluster.remove(home)
    return cluster.status(home).value


if __name__ == "__main__":
    sys.exit(main())
