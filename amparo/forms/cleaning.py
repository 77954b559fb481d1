"""Free a file of what tells where, when and with what it was made, before it is sealed.

Pictures are drawn anew from their points, so that nothing else of the file is left: no place, no thumbnail, no comment,
nothing hidden behind the end. What cannot be cleaned is kept as it came and marked, or shut; nothing is thrown away,
because a telephone that can send nothing else must not lose what a child drew or said. Decision: 0026.
"""

import logging
import struct
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, cast

from PIL import Image, ImageOps

from amparo.base.spool import SealedSpool
from amparo.forms import sound
from amparo.forms.file_kinds import HEAD, PICTURES, Kind, State, sniff

MAX_POINTS = 40_000_000
_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}
_QUALITY = 90
# What the library raises for a file that is cut, wrong, or far larger than it says.
_UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, OverflowError, struct.error, MemoryError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
# A picture of 40 million points takes 160 MB while it is drawn: one at a time in each process.
_drawing = threading.Lock()
# The library tells its log the tags it reads, when a log is set to tell everything: names, places.
logging.getLogger("PIL").setLevel(logging.WARNING)
_STRIPPERS: Mapping[Kind, Callable[[SealedSpool], Iterator[bytes]]] = {
    Kind.M4A: sound.without_tags_of_mp4,
    Kind.AMR: sound.without_tags_of_amr,
    Kind.OGG: sound.without_tags_of_ogg,
    Kind.MP3: sound.without_tags_of_mp3,
}


@dataclass(frozen=True)
class Cleaned:
    """A file to be sealed: its bytes ready to be read, what it is, and what became of it."""

    content: SealedSpool
    kind: Kind
    state: State


def clean(source: SealedSpool) -> Cleaned:
    """Return a file cleaned as far as its kind allows; no file raises."""
    source.seek(0)
    kind = sniff(source.read(HEAD))
    if kind in PICTURES:
        drawn = _drawn_anew(source, kind)
        return Cleaned(drawn, kind, State.CLEANED) if drawn else _as_it_was(source, kind, State.SHUT)
    if kind in _STRIPPERS:
        stripped = _stripped(source, kind)
        return Cleaned(stripped, kind, State.CLEANED) if stripped else _as_it_was(source, kind)
    return _as_it_was(source, kind, State.SHUT if kind is Kind.UNKNOWN else State.AS_IT_CAME)


def _as_it_was(source: SealedSpool, kind: Kind, state: State = State.AS_IT_CAME) -> Cleaned:
    source.seek(0)
    return Cleaned(source, kind, state)


def _drawn_anew(source: SealedSpool, kind: Kind) -> SealedSpool | None:
    """Return a picture drawn again from its points, or None where it cannot be read or is too large."""
    source.seek(0)
    drawn = SealedSpool()
    try:
        with _drawing, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Of this format only: no other reader of the library ever sees what a telephone sent.
            with Image.open(cast("IO[bytes]", source), formats=[_FORMATS[kind]]) as picture:
                if picture.width * picture.height > MAX_POINTS:
                    return None
                points = _points_of(picture, kind)
            points.save(cast("IO[bytes]", drawn), format=_FORMATS[kind], quality=_QUALITY)
    except _UNREADABLE:
        return None
    drawn.seek(0)
    return drawn


def _points_of(picture: Image.Image, kind: Kind) -> Image.Image:
    """Return the points alone, turned as the camera was held."""
    upright = ImageOps.exif_transpose(picture)
    mode = "RGB" if kind is Kind.JPEG or not upright.has_transparency_data else "RGBA"
    points = upright.convert("L" if upright.mode == "L" else mode)
    # The library writes back some of what it read: comments, colour profiles, texts.
    points.info = {}
    return points


def _stripped(source: SealedSpool, kind: Kind) -> SealedSpool | None:
    """Return sound without its tags, or None where its parts are not what its kind says."""
    fresh = SealedSpool()
    try:
        for part in _STRIPPERS[kind](source):
            fresh.write(part)
    except sound.NotThisKind:
        return None
    fresh.seek(0)
    return fresh
