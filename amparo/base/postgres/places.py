"""Decide where the parts of a cluster live, and record it in the node's folder.

Usually everything is under `HOME/pg`. Data go elsewhere only when the account of the server cannot
enter the home (root's own folder, say), and the socket when its path would be too long.
Folders of other people are never changed.
"""

import logging
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from amparo.base.postgres.account import Account, choose_account
from amparo.base.postgres.binaries import Binaries
from amparo.base.postgres.errors import HomeUnusable
from amparo.base.postgres.files import read_private, write_private

log = logging.getLogger(__name__)

# Only names the socket file: no network port is opened.
PORT = 5433
# A socket's path has room for 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_DIR = 100 - len("/.s.PGSQL.65535")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
# pg_ctl puts the paths of data and log between double quotes of a shell command.
SHELL_WORDS = re.compile(r"[\"$`\\\n]")
OTHER_BASES = (Path("/var/lib/amparo"), Path("/srv/amparo"), Path("/opt/amparo"))


@dataclass(frozen=True)
class Places:
    """Where one cluster lives: folders, the account that owns them, and the programs last used (or None)."""

    home: Path
    base: Path
    socket_dir: Path
    account: Account
    bin_dir: Path | None = None

    @property
    def data(self) -> Path:
        """Return the data directory of the server."""
        return self.base / "data"

    @property
    def log_file(self) -> Path:
        """Return the log of the server; it holds no statements and no values."""
        return self.base / "log" / "server.log"

    @property
    def secrets(self) -> Path:
        """Return the file with the superuser's password, mode 0600, always in the node's own folder."""
        return self.home / "pg" / "secrets.json"


def pg_dir(home: Path) -> Path:
    """Return the node's own folder for its cluster: records, lock, secrets."""
    return home / "pg"


def find_places(home: Path) -> Places | None:
    """Return where the cluster of a home lives, or None if none was ever made there."""
    try:
        record = read_private(pg_dir(home) / "location")
    except PermissionError:
        raise HomeUnusable(
            f"{pg_dir(home)} belongs to another account. Run Amparo as that account."
        ) from None
    if not record:
        return None
    base = Path(record["base"])
    bin_dir = Path(record["bin_dir"]) if record.get("bin_dir") else None
    return Places(home, base, Path(record["socket_dir"]), choose_account(base / "data"), bin_dir)


def make_places(home: Path, binaries: Binaries) -> Places:
    """Find or make the folders of a cluster and record them; changes nothing that exists and is right.

    Raises HomeUnusable, saying why, when no folder can be found that the server's account can enter.
    """
    known = find_places(home)
    if known is not None and not known.base.is_dir():
        raise HomeUnusable(
            f"The data of {home} were kept in {known.base}, which is gone. Put it back from a backup; "
            f"or, to begin again without the data, delete {pg_dir(home)}."
        )
    base = known.base if known else _choose_base(home)
    account = known.account if known else choose_account(base / "data")
    (base / "log").mkdir(mode=0o700, exist_ok=True)
    account.take(base / "log")
    socket_dir = _choose_socket_dir(base, account, known.socket_dir if known else None)
    places = Places(home, base, socket_dir, account, binaries.bin_dir)
    record = {"base": str(base), "socket_dir": str(socket_dir), "bin_dir": str(binaries.bin_dir)}
    write_private(pg_dir(home) / "location", record)
    return places


def open_pg_dir(home: Path) -> None:
    """Make the node's own folder for its cluster; as root others may pass through it but not list it."""
    if SHELL_WORDS.search(str(home)):
        raise HomeUnusable(
            f"The path {home} holds a character that pg_ctl cannot take. Choose a plainer path."
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
        pg_dir(home).mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    except OSError as trouble:
        raise HomeUnusable(f"{home} cannot be used as a node's folder: {trouble.strerror}.") from trouble
    if not os.access(pg_dir(home), os.W_OK | os.X_OK):
        raise HomeUnusable(f"{pg_dir(home)} belongs to another account. Run Amparo as that account.")


def remove_places(places: Places) -> None:
    """Delete the cluster's folders, wherever they are, and the records of it."""
    shutil.rmtree(places.socket_dir, ignore_errors=True)
    shutil.rmtree(places.base, ignore_errors=True)
    shutil.rmtree(pg_dir(places.home), ignore_errors=True)


def _choose_base(home: Path) -> Path:
    account = choose_account(pg_dir(home) / "data")
    if account.can_enter(pg_dir(home)):
        return pg_dir(home)
    for parent in OTHER_BASES:
        base = _private_base(parent, account)
        if base is not None:
            log.warning(
                "The account of the database cannot enter %s, so the data are kept in %s (recorded in %s).",
                home,
                base,
                pg_dir(home) / "location",
            )
            return base
    raise HomeUnusable(
        f"The account of the database can enter neither {home} nor {OTHER_BASES[0]}. Choose another."
    )


def _private_base(parent: Path, account: Account) -> Path | None:
    """Make a fresh folder below a parent that the account can enter; None if that cannot be done."""
    try:
        parent.mkdir(mode=0o755, exist_ok=True)
        base = Path(tempfile.mkdtemp(prefix="node-", dir=parent))
    except OSError:
        return None
    base.chmod(0o711)
    if account.can_enter(base):
        return base
    base.rmdir()
    return None


def _choose_socket_dir(base: Path, account: Account, known: Path | None) -> Path:
    """Return a folder of the account alone (0700) whose path is short enough for a socket."""
    if known is not None and _is_private(known, account):
        return known
    near = base / "run"
    if _is_short_and_plain(near):
        near.mkdir(mode=0o700, exist_ok=True)
        account.take(near)
        return near
    return _temporary_socket_dir(account)


def _temporary_socket_dir(account: Account) -> Path:
    for parent in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp
        if not parent or not _is_short_and_plain(Path(parent) / "amparo-12345678"):
            continue
        if Path(parent).is_dir() and os.access(parent, os.W_OK) and account.can_enter(Path(parent)):
            folder = Path(tempfile.mkdtemp(prefix="amparo-", dir=parent))
            account.take(folder)
            return folder
    raise HomeUnusable("No short folder was found for the database's socket. Set TMPDIR to a short path.")


def _is_short_and_plain(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= LONGEST_SOCKET_DIR and PLAIN_PATH.fullmatch(str(folder)) is not None


def _is_private(folder: Path, account: Account) -> bool:
    """Test that a recorded folder is still ours: temporary folders are cleaned, and names can be squatted."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return (
        stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700
    )
