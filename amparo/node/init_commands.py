"""Make the home of a new node from a profile: `amparo init FOLDER --profile mx`."""

import argparse
import sys
from pathlib import Path

from amparo.node.home import PROFILES, make_home
from amparo.node.profile import ProfileWrong


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    known = ", ".join(sorted(path.stem for path in PROFILES.glob("*.yaml")))
    parser.add_argument("folder", type=Path, help="where the node will live")
    parser.add_argument("--profile", default="mx", help=f"a file, or one that comes with Amparo: {known}")


def run(arguments: argparse.Namespace) -> int:
    """Make the home; 0 made or already there, 2 the profile or the folder cannot be used."""
    named = PROFILES / f"{arguments.profile}.yaml"
    profile = named if named.is_file() else Path(arguments.profile)
    try:
        home = make_home(arguments.folder, profile)
    except ProfileWrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    except OSError as wrong:
        sys.stderr.write(
            f"{arguments.folder}: no home can be made there ({wrong.strerror}); name another folder.\n"
        )
        return 2
    sys.stdout.write(f"AMPARO_HOME={home.path}\nNext: amparo migrate, then amparo serve and amparo worker.\n")
    return 0
