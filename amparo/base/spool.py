"""Hold a stream of any length for the time of one request, without clear text on the disk or all of it in memory.

What is written goes at the end; reading may begin anywhere. Blocks that leave memory are sealed under a key that
lives as long as this object and is written nowhere; a small stream never leaves memory. Keeps nothing afterwards.
Design: security design 5. Decision: 0026.
"""

import io
import os
import tempfile
from typing import IO

from amparo.base import seal

BLOCK = 64 * 1024
_SEALED_BLOCK = BLOCK + 29  # version byte, nonce, tag: see `seal.encrypt`


class SealedSpool(io.RawIOBase):
    """A file-like object whose bytes are sealed wherever they rest outside memory."""

    def __init__(self) -> None:
        super().__init__()
        self._key = seal.new_key()
        self._file: IO[bytes] | None = None
        self._blocks = 0
        self._tail = bytearray()
        self._at = 0
        self._near = (-1, b"")

    @property
    def size(self) -> int:
        """How many bytes were written."""
        return self._blocks * BLOCK + len(self._tail)

    def readable(self) -> bool:
        """Test whether one may read: always."""
        return True

    def writable(self) -> bool:
        """Test whether one may write: always, at the end."""
        return True

    def seekable(self) -> bool:
        """Test whether reading may begin anywhere: always."""
        return True

    def write(self, data) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001 - any buffer
        """Add bytes at the end, wherever one was reading; return how many."""
        before = self.size
        self._tail += data
        while len(self._tail) >= BLOCK:
            self._put_away(bytes(self._tail[:BLOCK]))
            del self._tail[:BLOCK]
        self._at = self.size
        return self._at - before

    def read(self, size: int | None = -1) -> bytes:
        """Read as many bytes as there are, at most `size`; never fewer."""
        end = self.size if size is None or size < 0 else min(self.size, self._at + size)
        parts = []
        while self._at < end:
            number, skip = divmod(self._at, BLOCK)
            part = self._block(number)[skip : skip + end - self._at]
            parts.append(part)
            self._at += len(part)
        return b"".join(parts)

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001 - any buffer
        """Read into a buffer; return how many bytes."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to where to read next; return the place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("Nothing stands before the beginning.")
        self._at = start + offset
        return self._at

    def close(self) -> None:
        """Forget everything."""
        if self._file is not None:
            self._file.close()
        self._tail.clear()
        self._near = (-1, b"")
        super().close()

    def _put_away(self, block: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._file.seek(self._blocks * _SEALED_BLOCK)
        self._file.write(seal.encrypt(self._key, block, context=f"spool:{self._blocks}"))
        self._blocks += 1

    def _block(self, number: int) -> bytes:
        """Return one block in clear; the last one read is held, for readers that go byte by byte."""
        if number >= self._blocks or self._file is None:
            return bytes(self._tail)
        if self._near[0] != number:
            self._file.seek(number * _SEALED_BLOCK)
            sealed = self._file.read(_SEALED_BLOCK)
            self._near = (number, seal.decrypt(self._key, sealed, context=f"spool:{number}"))
        return self._near[1]
