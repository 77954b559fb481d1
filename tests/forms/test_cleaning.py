"""Show that no tag of a telephone's file survives, that its content does, and that liars are shut and never lost."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from amparo.forms.cleaning import clean
from amparo.forms.file_kinds import HEAD, Kind, State, opens_in_a_page, sniff
from tests.factories import files
from tests.factories.forms import a_stream

MAKERS: dict[str, Callable[[], bytes]] = {
    "JPEG": files.a_picture, "PNG": lambda: files.a_picture("PNG"), "WEBP": lambda: files.a_picture("WEBP"),
    "M4A": files.an_m4a, "OGG": files.an_ogg, "MP3": files.an_mp3, "AMR": files.an_amr,
}  # fmt: skip


def _clean(content: bytes) -> tuple[bytes, Kind, State]:
    done = clean(a_stream(content))
    return done.content.read(), done.kind, done.state


@pytest.mark.parametrize("name", MAKERS)
def test_place_device_and_comments_are_gone(name: str) -> None:
    content = MAKERS[name]()

    cleaned, kind, state = _clean(content)

    assert files.TAG in content or name == "AMR"
    assert (kind.name, state) == (name, State.CLEANED)
    assert files.TAG not in cleaned
    assert b"Xqtag" not in cleaned
    assert b"GPS" not in cleaned


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stays_the_picture_it_was_and_stands_upright(kind: str) -> None:
    cleaned, _, _ = _clean(files.a_picture(kind, turned=True))

    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.size == (48, 64)
        top, bottom = (image.convert("RGB").crop((24, y, 25, y + 1)).tobytes() for y in (5, 60))
        assert not image.getexif()
        assert image.info.get("comment") is None
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


def test_a_transparent_drawing_stays_transparent() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(target, format="PNG")

    cleaned, _, _ = _clean(target.getvalue())

    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.getpixel((0, 0)) == (1, 2, 3, 0)


def test_the_sound_itself_is_not_touched_nor_moved() -> None:
    voice = b"exactly these bytes" * 300

    for content in (files.an_m4a(voice), files.an_ogg(voice)):
        cleaned, _, _ = _clean(content)
        assert len(cleaned) == len(content)
    mp4, _, _ = _clean(files.an_m4a(voice))
    assert mp4.find(voice) == files.an_m4a(voice).find(voice)
    assert _clean(files.an_mp3(5))[0] == (b"\xff\xfb\x90\x00" + b"v" * 413) * 5


def test_the_times_of_making_in_a_recording_are_gone() -> None:
    cleaned, _, _ = _clean(files.an_m4a())

    assert b"\xe2\x01\x02\x03" in files.an_m4a()
    assert b"\xe2\x01\x02\x03" not in cleaned


def test_a_blanked_ogg_page_still_has_its_right_check_sum() -> None:
    cleaned, _, _ = _clean(files.an_ogg())

    again, _, state = _clean(cleaned)

    assert state is State.CLEANED
    assert again == cleaned


@pytest.mark.parametrize(
    "content",
    [
        files.PAGE,
        files.DRAWING,
        files.ARCHIVE,
        b"MZ\x90",
        b"",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"#!/bin/sh",
    ],
    ids=["page", "drawing with script", "archive", "program", "nothing", "old document", "script"],
)
def test_what_is_not_on_the_list_is_shut_and_kept_byte_for_byte(content: bytes) -> None:
    assert _clean(content) == (content, Kind.UNKNOWN, State.SHUT)


@pytest.mark.parametrize(
    "content",
    [files.a_bomb(), files.a_picture()[:200], b"\xff\xd8\xff" + files.PAGE, b"RIFF\0\0\0\0WEBPxxxx"],
    ids=["bomb", "cut picture", "page that says it is a picture", "no picture"],
)
def test_a_picture_that_cannot_be_drawn_is_shut_and_kept_byte_for_byte(content: bytes) -> None:
    kept, _, state = _clean(content)

    assert (kept, state) == (content, State.SHUT)


def test_a_picture_that_is_also_a_page_loses_the_page() -> None:
    cleaned, kind, state = _clean(files.a_picture() + files.PAGE)

    assert (kind, state) == (Kind.JPEG, State.CLEANED)
    assert b"script" not in cleaned


@pytest.mark.parametrize(
    "content",
    [files.DOCUMENT, files.an_m4a(film=True), files.an_m4a()[:60], files.an_ogg()[:90], b"ID3" + bytes(300)],
    ids=["document", "film", "cut mp4", "cut ogg", "no frames"],
)
def test_what_cannot_be_cleaned_is_marked_and_kept_byte_for_byte(content: bytes) -> None:
    kept, kind, state = _clean(content)

    assert (kept, state) == (content, State.AS_IT_CAME)
    assert not opens_in_a_page(kind, state)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(MAKERS)), st.data())
def test_no_file_however_broken_stops_the_door_or_is_lost(name: str, data: st.DataObject) -> None:
    content = bytearray(MAKERS[name]())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]

    kept, _, state = _clean(bytes(content))

    assert kept == bytes(content) or state is State.CLEANED


@given(st.binary(max_size=HEAD))
def test_any_head_has_a_kind_and_only_cleaned_files_open_in_a_page(head: bytes) -> None:
    kind = sniff(head)

    assert not opens_in_a_page(kind, State.SHUT)
    assert not opens_in_a_page(kind, State.AS_IT_CAME)
