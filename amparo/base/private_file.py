"""Read and write small files that only this account may touch: whole or not at all, never through a link.

It knows nothing of what is in them.
"""

import os
from pathlib import Path


class FileMissing(Exception):
    """There is no such file."""


class FileUnsafe(Exception):
    """The file is a link or no plain file, or other accounts have a right on it."""


def read_private(path: Path) -> bytes:
    """Return the content of a file that belongs to this account alone; raises FileMissing, FileUnsafe."""
    try:
        with open(path, "rb", opener=_without_links) as file:
            facts = os.fstat(file.fileno())
            if facts.st_mode & 0o077 or facts.st_uid != os.geteuid():
                raise FileUnsafe(f"{path.name} must belong to this account alone: chmod 600 {path.name}")
            return file.read()
    except FileNotFoundError:
        raise FileMissing(f"There is no file {path.name}.") from None
    except OSError:
        raise FileUnsafe(f"{path.name} cannot be opened as a plain file of this account.") from None


def write_private(path: Path, content: bytes) -> None:
    """Write a file so that a crash or a full disk leaves the old one or the new one, for this account alone.

    Raises:
        OSError: it could not be written; the old file stands as it was.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def append_private(path: Path, content: bytes) -> None:
    """Add whole lines at the end of a file of this account and wait until the disk has them.

    What stands after the last line end was cut off by a crash before anybody was told of it, and goes.
    Where the disk is full nothing of the new lines stays.

    Raises:
        FileUnsafe: it is a link, or other accounts have a right on it.
        OSError: it could not be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError as wrong:
        raise FileUnsafe(f"{path.name} cannot be opened as a plain file of this account.") from wrong
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        facts = os.fstat(file.fileno())
        if facts.st_mode & 0o077 or facts.st_uid != os.geteuid():
            raise FileUnsafe(f"{path.name} must belong to this account alone: chmod 600 {path.name}")
        end = _end_of_last_line(file.fileno(), facts.st_size)
        try:
            os.ftruncate(file.fileno(), end)
            written = os.pwrite(file.fileno(), content, end)
            if written != len(content):
                raise OSError(28, "No space left on device")
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), end)
            raise


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder's files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _end_of_last_line(descriptor: int, size: int) -> int:
    start = max(0, size - 4096)
    tail = os.pread(descriptor, size - start, start)
    return start + tail.rfind(b"\n") + 1


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe must not make the node wait
