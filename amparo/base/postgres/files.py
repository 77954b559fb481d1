"""Write the small files of a cluster so that they are whole or absent, and read by their owner only.

No database, no processes.
"""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from amparo.base.postgres.errors import ClusterBusy


def new_password() -> str:
    """Return a fresh password with 192 random bits, safe in URLs and shells."""
    return secrets.token_urlsafe(24)


def write_private(path: Path, content: Mapping[str, str]) -> None:
    """Write a JSON object with mode 0600; a reader sees the old file or the new one, never half."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(dict(content), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_private(path: Path) -> dict[str, str]:
    """Return a JSON object of strings, empty if the file does not exist."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return {str(key): str(value) for key, value in json.loads(text).items()}


@contextlib.contextmanager
def only_one(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold a lock file, so that two launchers (processes or threads) take turns.

    The lock goes away with its holder, however it ends. Raises ClusterBusy after `wait_seconds`.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _wait_for(descriptor, path, until=time.monotonic() + wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, path: Path, *, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise ClusterBusy(
                    f"Another process holds {path}. Wait for it to finish, then try again."
                ) from None
            time.sleep(0.05)
        else:
            return
