"""Answer `amparo guide publish DIR`: write the published documents into a folder, all of them or none.

Written beside the folder first and then put in its place; a folder that holds anything else is left alone.
Exit codes: 0 well, 2 bad input.
"""

import argparse
import json
import re
import shutil
import tempfile
from pathlib import Path

from amparo.guide.errors import GuideFaulty, Problem
from amparo.guide.publishing import BASE, published

_IRI = re.compile(r"(urn:[a-z0-9][a-z0-9-]{1,31}:|https://)[^\s<>\"{}|\\^`]*[^\s<>\"{}|\\^`/:#]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be said about publishing."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="a new or empty folder, or one written by this before"
    )
    parser.add_argument(
        "--base", default=BASE, metavar="IRI", help=f"what every identifier begins with ({BASE})"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the documents; GuideFaulty when the folder or the base cannot be used."""
    written = publish(arguments.folder, base=arguments.base)
    print(f"{arguments.folder}: {written} documents")
    return 0


def publish(folder: Path, *, base: str = BASE) -> int:
    """Write every published document into a folder and return how many; nothing is left half written."""
    if not _IRI.fullmatch(base):
        raise GuideFaulty([Problem("--base", "must be an https address or a urn, without / or : at its end")])
    _refuse_foreign(folder)
    files = published(base=base)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write(beside, files)
            _put_in_place(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as fault:
        raise GuideFaulty(
            [Problem(str(folder), "cannot be written: {why}", why=fault.strerror or "?")]
        ) from fault
    return len(files)


def _refuse_foreign(folder: Path) -> None:
    """Want a folder that is new, empty or our own: its index lists every file in it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise GuideFaulty([Problem(str(folder), "must be a folder")])
    held = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    if held - _listed(folder):
        raise GuideFaulty(
            [Problem(str(folder), "holds other files: name a new or an empty folder, nothing was written")]
        )


def _listed(folder: Path) -> set[str]:
    try:
        index = json.loads((folder / "index.json").read_bytes())
        return {"index.json", *(str(each["address"]) for each in index["content"]["documents"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    folder.chmod(0o755)  # to be read by others; a temporary folder is not


def _put_in_place(beside: Path, folder: Path) -> None:
    if not folder.exists():
        beside.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent)) / "old"
    folder.rename(old)
    try:
        beside.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)
