"""Show that small private files are whole, private and locked as promised."""

import os
import stat
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import conninfo

from amparo.base.postgres import ClusterBusy, RoleAccess
from amparo.base.postgres.files import new_password, only_one, read_private, write_private

# PostgreSQL's own limit: a connection string is text without the NUL character.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), WORDS))
def test_what_is_written_is_read_again(content: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.json"

        write_private(path, content)

        assert read_private(path) == content
        assert [path.name for path in Path(folder).iterdir()] == ["kept.json"]


def test_a_private_file_is_for_its_owner_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "kept.json", {"a": "b"})
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "kept.json").stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    write_private(tmp_path / "kept.json", {"a": "b"})

    with pytest.raises(TypeError):
        write_private(tmp_path / "kept.json", {"a": object()})  # type: ignore[dict-item]

    assert read_private(tmp_path / "kept.json") == {"a": "b"}
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]


def test_a_file_that_is_not_there_reads_as_empty(tmp_path: Path) -> None:
    assert read_private(tmp_path / "none.json") == {}


def test_passwords_are_long_and_differ() -> None:
    made = {new_password() for _ in range(100)}

    assert len(made) == 100
    assert min(map(len, made)) >= 32


def test_the_lock_is_free_again_after_its_holder_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(tmp_path / "lock", wait_seconds=0):
        raise ZeroDivisionError

    with only_one(tmp_path / "lock", wait_seconds=0):
        assert (tmp_path / "lock").exists()


def test_the_lock_refuses_a_second_holder(tmp_path: Path) -> None:
    with (
        only_one(tmp_path / "lock", wait_seconds=0),
        pytest.raises(ClusterBusy),
        only_one(tmp_path / "lock", wait_seconds=0),
    ):
        pytest.fail("two holders at once")


@given(WORDS, WORDS)
def test_odd_words_survive_a_connection_string(name: str, password: str) -> None:
    access = RoleAccess("/run/socket dir", "5433", name, "amparo_app", password, {"sslmode": "disable"})

    said = conninfo.conninfo_to_dict(access.dsn())

    assert (said["dbname"], said["password"], said["host"]) == (name, password, "/run/socket dir")
    assert repr(access) == repr(replace(access, password="another"))
