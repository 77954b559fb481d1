"""Seal a file piece by piece, so that no piece can be changed, cut off, moved, added or brought from another file.

Each piece is bound to its place, its number and whether it is the last, and starts with the version byte of the suite.
One key seals one file. Reads no database and keeps nothing.
Norms: FIPS 197 with SP 800-38D; the order of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015). Decision: 0026.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from amparo.base import seal
from amparo.base.spool import SealedSpool

PIECE = 1024 * 1024


class Readable(Protocol):
    """Anything that gives bytes in order, as many as were asked for until it ends."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""


def sealed_pieces(key: bytes, source: Readable, *, place: str) -> Iterator[bytes]:
    """Yield a stream as sealed pieces of 1 MiB, in order; an empty stream is one piece.

    Args:
        key: 32 bytes, fresh for this file.
        source: the clear bytes.
        place: where the file belongs; needed to open, not secret.
    """
    number, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        yield seal.encrypt(key, piece, context=_bound(place, number, last=not following))
        if not following:
            return
        number, piece = number + 1, following


def open_pieces(key: bytes, pieces: Iterable[bytes], *, place: str) -> SealedSpool:
    """Open a whole file and return it ready to read; nothing of it is given away before its last piece held.

    Raises:
        amparo.base.seal.SealBroken: a piece was changed, or pieces are missing, added, out of order or of another file.
    """
    whole, coming, number = SealedSpool(), iter(pieces), 0
    piece = next(coming, None)
    while piece is not None:
        following = next(coming, None)
        whole.write(seal.decrypt(key, piece, context=_bound(place, number, last=following is None)))
        number, piece = number + 1, following
    if not number:
        raise seal.SealBroken("All pieces of this file are missing.")
    whole.seek(0)
    return whole


def _bound(place: str, number: int, *, last: bool) -> str:
    return f"{place}|{number}|{'last' if last else 'more'}"
