"""Copy PostgreSQL's programs beside the data when the server's account cannot reach the originals.

Wheels often live below root's own folder. Only our copy gets open modes; the originals and their
parents stay as they are.
"""

import hashlib
import logging
import shutil
import stat
from dataclasses import replace
from pathlib import Path

from amparo.base.postgres.binaries import PROGRAMS, Binaries
from amparo.base.postgres.places import Places

log = logging.getLogger(__name__)


def reachable_binaries(binaries: Binaries, places: Places) -> Binaries:
    """Return programs the server's account can run: those given, or a copy of them beside the data."""
    if all(places.account.can_start(binaries.program(program)) for program in PROGRAMS):
        return binaries
    prefix = binaries.bin_dir.parent
    copy = places.base / f"install-{binaries.version}-{_fingerprint(binaries)}"
    if not copy.exists():
        log.warning("The account of the database cannot reach %s; copying it to %s.", prefix, copy)
        _copy_install(prefix, copy)
    return replace(binaries, bin_dir=copy / _package(prefix) / prefix.name / "bin")


def _fingerprint(binaries: Binaries) -> str:
    with Path(binaries.program("postgres")).open("rb") as program:
        return hashlib.file_digest(program, "sha256").hexdigest()[:12]


def _package(prefix: Path) -> str:
    return prefix.parent.name or "package"


def _copy_install(prefix: Path, target: Path) -> None:
    """Copy a tree and the `.libs` folder that repaired wheels keep beside their package."""
    for old in target.parent.glob("install-*"):
        shutil.rmtree(old)
    partial = target.with_name(f"partial-{target.name}")
    shutil.rmtree(partial, ignore_errors=True)
    package = _package(prefix)
    shutil.copytree(prefix, partial / package / prefix.name, symlinks=True)
    libraries = prefix.parent.with_name(f"{package}.libs") if prefix.parent.name else prefix / "no-libs"
    if libraries.is_dir():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    _open_for_reading(partial)
    partial.rename(target)


def _open_for_reading(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        owner = path.stat().st_mode
        path.chmod(0o755 if path.is_dir() or owner & stat.S_IXUSR else 0o644)
