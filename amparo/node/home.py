"""Find the home of this node: the folder with its profile, keys, database and log.

The home is named by AMPARO_HOME. Nothing here touches the database, so settings can be imported anywhere.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from amparo.node.profile import Profile, read_profile

PROFILES = Path(__file__).parent / "profiles"


class HomeMissing(Exception):
    """AMPARO_HOME does not name the home of a node; the message says how to make one."""


@dataclass(frozen=True)
class Home:
    """The folder of one node; `profile` is what stands in its node.yaml."""

    path: Path
    profile: Profile

    @property
    def keys(self) -> Path:
        """The folder of this node's keys, readable by its account alone."""
        return self.path / "keys"

    @property
    def keyring(self) -> Path:
        """The file with the keys that wrap, sign and open."""
        return self.keys / "keyring.json"

    @property
    def wrapping_keys(self) -> Path:
        """The file with the keys that wrap data keys; with a key process it is not here but in that one's home."""
        return self.keys / "wrapping-keys.json"

    @property
    def erased(self) -> Path:
        """The ledger of what was erased: hashes, kept outside the database so that no restore undoes it."""
        return self.path / "erased.ledger"

    @property
    def key_process(self) -> Path | None:
        """The socket of the key process that holds the keys that wrap; None where they are this node's own file."""
        return Path(self.profile.key_process) if self.profile.key_process else None

    @property
    def trust_list(self) -> Path:
        """The signed trust list this node works with."""
        return self.path / "trust-list.jws"

    @property
    def trust_root(self) -> Path:
        """The public root key that vouches for the trust list, as it was handed over in person."""
        return self.path / "trust-root.txt"

    @property
    def migration_keys(self) -> Path:
        """The folder of what the migration side's server may read; it may belong to an account of its own."""
        return self.path / "migration"

    def ministry_secret(self, ministry: str, sector: str) -> Path:
        """The secret that one side of the node shares with a ministry's identity provider, written by its operator."""
        return (self.migration_keys if sector == "migration" else self.keys) / f"sign-in-{ministry}.secret"

    def database_secrets(self, role: str) -> Path:
        """How one database role signs in: a file of its own, so that a process reads its own and no other."""
        if role == "migration":
            return self.migration_keys / "database.json"
        return self.keys / f"database-{role}.json"


@cache
def this_home() -> Home:
    """Return the home that AMPARO_HOME names.

    Raises:
        HomeMissing: the variable is not set or its folder has no node.yaml.
        ProfileWrong: node.yaml cannot be used.
    """
    folder = os.environ.get("AMPARO_HOME", "")
    if not folder or not (Path(folder) / "node.yaml").is_file():
        raise HomeMissing("AMPARO_HOME must name the home of a node; make one with: amparo init FOLDER.")
    path = Path(folder).resolve()
    return Home(path, read_profile(path / "node.yaml"))


def make_home(folder: Path, profile: Path) -> Home:
    """Make the home of a new node from a profile file; an existing home is left as it is.

    Raises:
        ProfileWrong: the profile cannot be used; no folder is made then.
    """
    checked = read_profile(profile)
    for private in ("keys", "migration"):
        (folder / private).mkdir(parents=True, exist_ok=True)
        (folder / private).chmod(0o700)
    if not (folder / "node.yaml").exists():
        (folder / "node.yaml").write_text(profile.read_text(encoding="utf-8"), encoding="utf-8")
    return Home(folder.resolve(), checked)


def session_secret(home: Home, sector: str = "protection") -> str:
    """Return the secret that signs one side's sessions, made on first use and readable by this account alone."""
    return _secret(home, sector, "session-secret")


def second_factor_secret(home: Home, sector: str = "protection") -> str:
    """Return the secret that seals one side's second factors; without it nobody of that side can sign in."""
    return _secret(home, sector, "second-factor-secret")


def _secret(home: Home, sector: str, name: str) -> str:
    path = (home.migration_keys if sector == "migration" else home.keys) / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")
