"""Make files as telephones make them, with place and device written inside, and files that lie; all synthetic."""

import io
import struct
import zlib

from PIL import Image

from amparo.forms.sound import _check_sum

# Stands in every tag that is planted; no picture's points spell it.
TAG = b"Xqtag-19.4326N-99.1332W-Telefono-Prueba"


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, turned: bool = False) -> bytes:
    """Return a picture, left half red, with place, device and comment written inside."""
    image = Image.new("RGB", size, "blue")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010E], exif[0x0110], exif[0x9286] = TAG.decode(), TAG.decode(), TAG.decode()
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (19.0, 25.0, 57.0), 3: "W", 4: (99.0, 7.0, 59.0), 29: TAG.decode()}
    )
    target = io.BytesIO()
    more = {"comment": TAG} if kind == "JPEG" else {}
    image.save(target, format=kind, exif=exif, **more)
    return target.getvalue() + TAG


def a_bomb() -> bytes:
    """Return a small PNG that says it is 30,000 points wide and high."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def an_m4a(sound: bytes = b"her voice" * 50, *, film: bool = False) -> bytes:
    """Return an MPEG-4 recording whose sound stands behind its tags, at the address that its table says."""
    handler = _box(b"hdlr", bytes(8) + (b"vide" if film else b"soun") + bytes(12) + TAG + b"\0")
    times = bytes(4) + b"\xe2\x01\x02\x03\xe2\x01\x02\x03" + bytes(80)
    place = _box(b"udta", _box(b"\xa9xyz", b"\0\x12\x15\xc7" + TAG))
    track = _box(b"trak", _box(b"tkhd", times) + _box(b"mdia", _box(b"mdhd", times) + handler))
    head = _box(b"ftyp", b"M4A \0\0\0\0isomM4A ")
    movie = _box(b"moov", _box(b"mvhd", times) + track + place + _box(b"meta", bytes(4) + TAG))
    return head + movie + _box(b"uuid", TAG) + _box(b"mdat", sound)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def an_ogg(sound: bytes = b"her voice" * 20) -> bytes:
    """Return an Ogg Opus recording of three pages: head, comments, sound."""
    comment = b"LOCATION=" + TAG
    vendor = b"Xqtag vendor"
    tags = (
        b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<II", 1, len(comment)) + comment
    )
    head = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
    return _page(0, 2, head) + _page(1, 0, tags) + _page(2, 4, sound)


def _page(number: int, flag: int, content: bytes) -> bytes:
    lengths = b"\xff" * (len(content) // 255) + bytes([len(content) % 255])
    head = b"OggS\x00" + bytes([flag]) + bytes(8) + b"ABCD" + struct.pack("<I", number) + bytes(4)
    page = head + bytes([len(lengths)]) + lengths + content
    return page[:22] + struct.pack("<I", _check_sum(page)) + page[26:]


def an_mp3(frames: int = 5) -> bytes:
    """Return an MP3 recording between a tag before and a tag behind."""
    frame = b"\xff\xfb\x90\x00" + b"v" * 413
    before = b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(TAG)]) + TAG
    return before + frame * frames + b"TAG" + TAG.ljust(125, b"\0")


def an_amr(frames: int = 4) -> bytes:
    """Return an AMR recording, which has no tags."""
    return b"#!AMR\n" + (b"\x3c" + b"v" * 31) * frames


PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ARCHIVE = b"PK\x03\x04" + b"word/vbaProject.bin"
DOCUMENT = b"%PDF-1.7\n1 0 obj <</Author (" + TAG + b")>> endobj\n%%EOF"
