"""Tell by its first bytes what a file is, and say what may be done with each kind.

Pure. A name or a declared type is no proof. What is not on this list is kept sealed and opened nowhere here: pages,
drawings with script, office documents, archives and programs are all "unknown". Design: security design 3.
Decision: 0026.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

HEAD = 64


class Kind(StrEnum):
    """A kind of file that telephones make, or none that we know."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    M4A = "m4a"
    AMR = "amr"
    OGG = "ogg"
    MP3 = "mp3"
    WEBM = "webm"
    PDF = "pdf"
    UNKNOWN = "unknown"


class State(StrEnum):
    """What became of a file at the door."""

    CLEANED = "cleaned"  # made anew, or freed of what tells where, when and with what it was made
    AS_IT_CAME = "as-it-came"  # of a kind that opens, and may tell where and with what it was made
    SHUT = "shut"  # kept sealed; no page opens it


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
TYPES: Mapping[Kind, str] = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.M4A: "audio/mp4",
    Kind.AMR: "audio/amr",
    Kind.OGG: "audio/ogg",
    Kind.MP3: "audio/mpeg",
    Kind.WEBM: "audio/webm",
    Kind.PDF: "application/pdf",
}
# Brands of the MPEG-4 family that hold sound; pictures of the same family (HEIC, AVIF) are not among them.
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6"})


def sniff(head: bytes) -> Kind:
    """Return what a file is, given its first `HEAD` bytes, or all of a shorter one."""
    return next((kind for kind, fits in _SIGNS if fits(head)), Kind.UNKNOWN)


def opens_in_a_page(kind: Kind, state: State) -> bool:
    """Test whether a browser may show it itself; everything else is saved to be opened elsewhere."""
    return state is State.CLEANED and kind is not Kind.PDF


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signs)


_SIGNS: tuple[tuple[Kind, Callable[[bytes], bool]], ...] = (
    (Kind.JPEG, _begins(b"\xff\xd8\xff")),
    (Kind.PNG, _begins(b"\x89PNG\r\n\x1a\n")),
    (Kind.WEBP, lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
    (Kind.M4A, lambda head: head[4:8] == b"ftyp" and head[8:12] in _SOUND_BRANDS),
    (Kind.AMR, _begins(b"#!AMR\n")),
    (Kind.OGG, _begins(b"OggS\x00")),
    (Kind.WEBM, lambda head: head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head),
    (Kind.PDF, _begins(b"%PDF-1.", b"%PDF-2.")),
    (Kind.MP3, lambda head: head.startswith(b"ID3") or _is_frame(head)),
)


def _is_frame(head: bytes) -> bool:
    """Test for the sign of a frame of MPEG sound, layer III."""
    return len(head) >= 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
