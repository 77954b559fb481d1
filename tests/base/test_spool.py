"""Show that a spool gives back what was written, from anywhere, and leaves nothing in clear on the disk."""

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.base.spool import BLOCK, SealedSpool


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, BLOCK + 7), max_size=5),
    st.lists(st.integers(0, 3 * BLOCK), min_size=1, max_size=6),
)
def test_what_was_written_is_read_from_anywhere(sizes: list[int], places: list[int]) -> None:
    whole, stream = b"", SealedSpool()
    for number, size in enumerate(sizes):
        part = bytes([number]) * size
        whole += part
        stream.write(part)

    for at in places:
        stream.seek(at)
        assert stream.read(BLOCK + 3) == whole[at : at + BLOCK + 3]
    stream.seek(0)
    assert stream.read() == whole
    assert (stream.size, stream.seek(0, io.SEEK_END)) == (len(whole), len(whole))


def test_a_small_stream_touches_no_disk_and_a_large_one_only_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = (tmp_path / "spool").open("w+b")
    opened: list[object] = []

    def given_away() -> object:
        opened.append(kept)
        return kept

    monkeypatch.setattr(tempfile, "TemporaryFile", given_away)
    small, large = SealedSpool(), SealedSpool()

    small.write(b"Marcelina " * 100)
    assert opened == []
    large.write(b"Marcelina " * 20_000)
    kept.flush()

    on_disk = (tmp_path / "spool").read_bytes()
    assert len(on_disk) >= 3 * BLOCK
    assert b"Marcelina" not in on_disk
    large.seek(0)
    assert large.read() == b"Marcelina " * 20_000


def test_the_file_of_a_spool_is_gone_when_it_closes() -> None:
    before = set(Path(tempfile.gettempdir()).glob("tmp*"))

    with SealedSpool() as stream:
        stream.write(bytes(3 * BLOCK))

    assert set(Path(tempfile.gettempdir()).glob("tmp*")) - before == set()


def test_nothing_stands_before_the_beginning() -> None:
    with pytest.raises(ValueError, match="beginning"):
        SealedSpool().seek(-1)
