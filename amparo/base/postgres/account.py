"""Choose the account that runs PostgreSQL, and run its programs as that account and no other.

PostgreSQL refuses to run as root. We then use an account that already exists; we never make one, and
never open a folder of somebody else so that it can pass.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from amparo.base.postgres.errors import HomeUnusable

PREFERRED_ACCOUNTS = ("postgres", "nobody")
# Its own small environment: no PG* variable, library path or locale of ours reaches the server.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """The account of the server; `dropped` is true when root gives up its powers to become it."""

    uid: int
    gid: int
    dropped: bool

    def run(
        self,
        command: list[str],
        *,
        output: IO[bytes] | int = subprocess.DEVNULL,
        seconds: float | None = None,
    ) -> int:
        """Run a program to its end and return its exit code.

        Output goes to a file or nowhere, never a pipe: a server that pg_ctl starts inherits it, and a
        reader of the pipe would wait for as long as the server lives.
        Raises OSError if the account cannot reach the program.
        """
        finished = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=ENVIRONMENT,
            timeout=seconds,
            user=self.uid if self.dropped else None,
            group=self.gid if self.dropped else None,
            extra_groups=() if self.dropped else None,
        )
        return finished.returncode

    def can_enter(self, folder: Path) -> bool:
        """Test whether this account can pass through every parent of a folder, and into it."""
        return not self.dropped or self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]) == 0

    def can_start(self, program: str) -> bool:
        """Test whether this account can load a program with its libraries."""
        try:
            return self.run([program, "--version"]) == 0
        except OSError:
            return False

    def take(self, path: Path) -> None:
        """Make a path that we have just created this account's own."""
        if self.dropped:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose_account(data: Path) -> Account:
    """Return the account for a cluster: ourselves, or for root the owner of the data, or a weak account.

    Raises HomeUnusable if the data belong to root, to somebody who is not us, or no weak account exists.
    """
    if os.geteuid() != 0:
        return _ourselves(data)
    if data.exists():
        return _owner_of(data)
    for name in PREFERRED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, dropped=True)
    raise HomeUnusable(
        "PostgreSQL does not run as root, and neither the account postgres nor nobody exists. "
        "Run Amparo as an ordinary user, or add an account named postgres."
    )


def _ourselves(data: Path) -> Account:
    uid = os.geteuid()
    if data.exists() and data.stat().st_uid != uid:
        raise HomeUnusable(
            f"{data} belongs to another account (uid {data.stat().st_uid}). Run Amparo as root or as it."
        )
    return Account(uid, os.getegid(), dropped=False)


def _owner_of(data: Path) -> Account:
    found = data.stat()
    if found.st_uid == 0:
        raise HomeUnusable(
            f"{data} belongs to root, and PostgreSQL does not run as root. Give it its former owner."
        )
    return Account(found.st_uid, found.st_gid, dropped=True)
