"""Take the tags off a sound recording: place, time, device, title, pictures; the sound itself is not touched.

Pure but for the stream it reads. Where the way of a kind allows, tags are blanked where they stand, so that no address
inside the file moves. A file whose parts are not what its kind says is refused whole, never half cleaned.
Norms: ISO/IEC 14496-12, RFC 3533, RFC 7845, RFC 4867, ISO/IEC 11172-3, ID3v2. Decision: 0026.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

BLOCK = 64 * 1024
_MOST_BOXES = 10_000


class NotThisKind(Exception):
    """The parts of a file are not those of the kind that its first bytes name."""


class Sound(Protocol):
    """A recording that one may read from anywhere."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    def seek(self, offset: int, /) -> int:
        """Go to a place."""

    def read(self, size: int, /) -> bytes:
        """Read as many bytes as there are."""


@dataclass(frozen=True)
class Blank:
    """Bytes that are written over in the copy."""

    start: int
    content: bytes


# MPEG-4 and 3GP: boxes inside boxes


_HOLDS_BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"edts", b"mvex", b"moof", b"traf"})
_TELLS = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"iods"})
_KNOWN_OUTSIDE = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra"})
# Where their times of making stand behind the box header: version 0 has 32 bits for each of two, version 1 has 64.
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})


def without_tags_of_mp4(sound: Sound) -> Iterator[bytes]:
    """Yield an MPEG-4 recording whose boxes of tags are empty and whose times are zero; raises NotThisKind."""
    blanks = sorted(_of_boxes(sound, 0, sound.size, inside=False), key=lambda one: one.start)
    yield from _copied(sound, blanks)


def _of_boxes(sound: Sound, start: int, end: int, *, inside: bool) -> Iterator[Blank]:
    for name, at, header, size in _boxes(sound, start, end):
        if name in _TELLS or not (inside or name in _KNOWN_OUTSIDE):
            yield Blank(at + 4, b"free")
            yield Blank(at + header, bytes(size - header))
        elif name in _HOLDS_BOXES:
            yield from _of_boxes(sound, at + header, at + size, inside=True)
        elif name in _TIMED:
            yield _times(sound, at + header, size - header)
        elif name == b"hdlr":
            yield from _handler(sound, at + header, size - header)


def _boxes(sound: Sound, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield name, start, length of the header and length of each box; raises NotThisKind."""
    at, seen = start, 0
    while at < end:
        head = _read(sound, at, 16)
        size, header = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - at
        seen += 1
        if size < header or at + size > end or len(head) < 8 or seen > _MOST_BOXES:
            raise NotThisKind
        yield head[4:8], at, header, size
        at += size


def _times(sound: Sound, at: int, size: int) -> Blank:
    width = 16 if _read(sound, at, 1) == b"\x01" else 8
    if size < 4 + width:
        raise NotThisKind
    return Blank(at + 4, bytes(width))


def _handler(sound: Sound, at: int, size: int) -> Iterator[Blank]:
    """Blank the name of a handler; a film is not a sound recording, and its pictures would tell where it was made."""
    if size < 20 or _read(sound, at + 8, 4) == b"vide":
        raise NotThisKind
    yield Blank(at + 20, bytes(size - 20))


# Ogg: pages with a check sum each


_PAGE = 27
_TAGS = (b"OpusTags", b"\x03vorbis")
_FIRST = (b"OpusHead", b"\x01vorbis")
_MOST_TAGS = 256 * 1024


def without_tags_of_ogg(sound: Sound) -> Iterator[bytes]:
    """Yield an Ogg recording whose comments are blank, page for page; raises NotThisKind."""
    at, serial, blanked = 0, b"", False
    while at < sound.size:
        page, lengths = _page(sound, at)
        at += len(page)
        body = _PAGE + len(lengths)
        if not serial:
            serial = page[14:18]
            if not page[body:].startswith(_FIRST):
                raise NotThisKind
        elif page[14:18] != serial:
            raise NotThisKind
        elif not blanked:
            page, blanked = _blank_comments(page, lengths), True
        yield page
    if not blanked:
        raise NotThisKind


def _page(sound: Sound, at: int) -> tuple[bytes, bytes]:
    """Return one page and the lengths of its segments."""
    head = _read(sound, at, _PAGE)
    if len(head) < _PAGE or not head.startswith(b"OggS\x00"):
        raise NotThisKind
    lengths = _read(sound, at + _PAGE, head[26])
    whole = _read(sound, at, _PAGE + len(lengths) + sum(lengths))
    if len(lengths) < head[26] or len(whole) < _PAGE + len(lengths) + sum(lengths):
        raise NotThisKind
    return whole, lengths


def _blank_comments(page: bytes, lengths: bytes) -> bytes:
    """Return the page of comments with one blank vendor of the same length and no comment.

    Raises NotThisKind where the comments go on over more pages: they hold a picture.
    """
    body = _PAGE + len(lengths)
    size = 0
    for one in lengths:
        size += one
        if one < 255:
            break
    else:
        raise NotThisKind
    name = next((sign for sign in _TAGS if page[body:].startswith(sign)), b"")
    end = b"\x01" if name == b"\x03vorbis" else b""
    room = size - len(name) - len(end) - 8
    if not name or room < 0 or size > _MOST_TAGS:
        raise NotThisKind
    packet = name + room.to_bytes(4, "little") + b" " * room + bytes(4) + end
    fresh = page[:22] + bytes(4) + page[26:body] + packet + page[body + size :]
    return fresh[:22] + _check_sum(fresh).to_bytes(4, "little") + fresh[26:]


def _check_sum(page: bytes) -> int:
    """Return the check sum of RFC 3533: CRC-32 with 0x04c11db7, not reflected, from zero."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


def _row(value: int) -> int:
    value <<= 24
    for _ in range(8):
        value = value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value


_TABLE = tuple(_row(value) for value in range(256))


# AMR and MP3: frames one after another


_AMR_SIZES = (12, 13, 15, 17, 19, 20, 26, 31, 5)
_AMR_SIGN = b"#!AMR\n"
# Kilobits a second by index, for layer III of MPEG 1, and of MPEG 2 and 2.5.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLINGS = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def without_tags_of_amr(sound: Sound) -> Iterator[bytes]:
    """Yield the frames of an AMR recording, which has no tags, and nothing else; raises NotThisKind."""
    yield _AMR_SIGN
    at = len(_AMR_SIGN)
    while at < sound.size:
        kind = _read(sound, at, 1)[0] >> 3 & 0x0F
        size = 1 + (_AMR_SIZES[kind] if kind < len(_AMR_SIZES) else 0 if kind == 15 else _wrong())
        yield _read(sound, at, size)
        at += size


def without_tags_of_mp3(sound: Sound) -> Iterator[bytes]:
    """Yield the frames of an MP3 recording and nothing before, between or behind; raises NotThisKind."""
    at, frames = _behind_id3(sound), 0
    while (size := _frame_size(_read(sound, at, 4))) and at + size <= sound.size:
        yield _read(sound, at, size)
        at, frames = at + size, frames + 1
    # A frame or two may be chance; the tags behind the last frame are short.
    if frames < 3 or sound.size - at > BLOCK:
        raise NotThisKind


def _behind_id3(sound: Sound) -> int:
    head = _read(sound, 0, 10)
    if not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if len(head) > 5 and head[5] & 0x10 else 0)


def _frame_size(head: bytes) -> int:
    """Return how long a frame of layer III is, from its four first bytes; 0 for what is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sampling = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _SAMPLINGS or rate in (0, 15) or sampling == 3:
        return 0
    bits = (_RATES_1 if version == 3 else _RATES_2)[rate] * 1000
    return (144 if version == 3 else 72) * bits // _SAMPLINGS[version][sampling] + (head[2] >> 1 & 1)


# Reading and copying


def _wrong() -> int:
    raise NotThisKind


def _read(sound: Sound, at: int, size: int) -> bytes:
    sound.seek(at)
    return sound.read(size)


def _copied(sound: Sound, blanks: list[Blank]) -> Iterator[bytes]:
    """Yield a recording with some of its bytes written over; blanks are in order and do not meet."""
    at = 0
    for one in blanks:
        yield from _span(sound, at, one.start)
        yield one.content
        at = one.start + len(one.content)
    yield from _span(sound, at, sound.size)


def _span(sound: Sound, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        part = _read(sound, start, min(BLOCK, end - start))
        start += len(part)
        yield part
