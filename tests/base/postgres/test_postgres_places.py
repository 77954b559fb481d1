"""Show that the server runs without root's powers and that its folders are right, however odd the home."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from amparo.base import postgres
from amparo.base.postgres import places as place_rules
from amparo.base.postgres.account import Account, choose_account
from amparo.base.postgres.install import reachable_binaries
from amparo.base.postgres.places import Places, find_places, pg_dir

AS_ROOT = os.geteuid() == 0


def places_of(home: Path) -> Places:
    places = find_places(home)
    assert places is not None
    return places


def server_of(home: Path) -> psutil.Process:
    return psutil.Process(int((places_of(home).data / "postmaster.pid").read_text().splitlines()[0]))


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def answers(cluster: postgres.Cluster) -> bool:
    with psycopg.connect(cluster.dsn()) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture
def closed_home(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home below a folder that only we may enter, as root's own folder is."""
    monkeypatch.setattr(place_rules, "OTHER_BASES", (open_folder / "other",))
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "node"
    postgres.remove(closed / "node")


def test_the_server_has_no_powers_of_root(home: Path, binaries: postgres.Binaries) -> None:
    postgres.start(home, binaries=binaries)

    server = server_of(home)

    assert 0 not in server.uids()
    assert 0 not in server.gids()
    status = Path(f"/proc/{server.pid}/status").read_text()
    groups = next(line for line in status.splitlines() if line.startswith("Groups:")).split()[1:]
    assert groups == [] or not AS_ROOT
    assert server.cwd() == str(places_of(home).data)


def test_programs_run_without_the_further_groups_of_root(tmp_path: Path) -> None:
    account = choose_account(tmp_path / "none yet")
    before = os.getgroups()
    if AS_ROOT:
        os.setgroups([0, 4])

    try:
        with (tmp_path / "groups").open("wb") as output:
            account.run(["/bin/sh", "-c", "id -G"], output=output)
    finally:
        if AS_ROOT:
            os.setgroups(before)

    groups = {int(number) for number in (tmp_path / "groups").read_text().split()}
    assert groups == ({account.gid} if AS_ROOT else {account.gid, *before})


def test_data_and_socket_belong_to_the_servers_account_alone(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)

    account = server_of(home).uids().real
    for folder in (places_of(home).data, cluster.socket_dir, places_of(home).log_file.parent):
        assert mode_of(folder) == 0o700
        assert folder.stat().st_uid == account


def test_an_ordinary_user_starts_and_stops_a_server(
    open_folder: Path,
    binaries: postgres.Binaries,
    ordinary_account: Account,
    as_ordinary_user: Callable[[Callable[[], str]], str],
) -> None:
    home = open_folder / "own"
    home.mkdir()
    ordinary_account.take(home)
    programs = reachable_binaries(binaries, Places(home, open_folder, open_folder, ordinary_account))

    def start_and_stop() -> str:
        cluster = postgres.start(home, binaries=programs)
        works = answers(cluster)
        owner = server_of(home).uids().real
        postgres.remove(home)
        return f"answers {works} as {owner}, then {postgres.status(home).value}"

    said = as_ordinary_user(start_and_stop)

    assert said == f"answers True as {ordinary_account.uid}, then absent"


def test_root_starts_an_ordinary_users_cluster_as_that_user(
    open_folder: Path, ordinary_account: Account, as_ordinary_user: Callable[[Callable[[], str]], str]
) -> None:
    home = open_folder / "own"
    home.mkdir()
    ordinary_account.take(home)
    programs = reachable_binaries(
        postgres.find_binaries(), Places(home, open_folder, open_folder, ordinary_account)
    )
    as_ordinary_user(lambda: _start_and_stop(home, programs))

    cluster = postgres.start(home, binaries=programs)

    owner = server_of(home).uids().real
    works = answers(cluster)
    postgres.remove(home)
    assert works
    assert owner == ordinary_account.uid


def _start_and_stop(home: Path, programs: postgres.Binaries) -> str:
    postgres.start(home, binaries=programs)
    postgres.stop(home)
    return ""


def test_a_cluster_of_another_account_is_refused_in_words(
    open_folder: Path, as_ordinary_user: Callable[[Callable[[], str]], str]
) -> None:
    home = Path("/proc/1") if not AS_ROOT else open_folder / "roots"
    if AS_ROOT:
        pg_dir(home).mkdir(parents=True, mode=0o711)
        (pg_dir(home) / "location").touch(mode=0o600)

    said = as_ordinary_user(lambda: str(postgres.start(home)))

    assert said.startswith("HomeUnusable: ")
    assert str(home) in said


def test_programs_out_of_reach_are_copied_and_the_originals_left_alone(home: Path, open_folder: Path) -> None:
    embedded = postgres.find_all_binaries()[0]
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    package = embedded.bin_dir.parents[1]
    shutil.copytree(package / "pginstall", closed / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    hidden = postgres.find_binaries(closed / package.name / "pginstall" / "bin")

    cluster = postgres.start(home, binaries=hidden)

    program = Path(server_of(home).exe())
    assert answers(cluster)
    assert program.is_relative_to(pg_dir(home) if AS_ROOT else closed)
    assert mode_of(closed) == 0o700
    postgres.stop(home)
    copies = [mode_of(path) for path in pg_dir(home).glob("install-*")]
    assert copies == ([0o755] if AS_ROOT else [])


def test_a_copy_of_programs_is_made_once(home: Path, open_folder: Path) -> None:
    test_programs_out_of_reach_are_copied_and_the_originals_left_alone(home, open_folder)
    before = sorted(pg_dir(home).glob("install-*"))
    times = [path.stat().st_ctime_ns for path in before]

    postgres.start(home, binaries=postgres.find_binaries(places_of(home).bin_dir))

    assert sorted(pg_dir(home).glob("install-*")) == before
    assert [path.stat().st_ctime_ns for path in before] == times


def test_a_home_that_the_account_cannot_enter_keeps_secrets_but_not_data(
    closed_home: Path, binaries: postgres.Binaries, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = postgres.start(closed_home, binaries=binaries)

    expected = closed_home.parents[1] / "other" if AS_ROOT else closed_home
    assert answers(cluster)
    assert places_of(closed_home).data.is_relative_to(expected)
    assert (closed_home / "pg" / "secrets.json").exists()
    assert mode_of(closed_home.parent) == 0o700
    assert ("cannot enter" in caplog.text) is AS_ROOT


def test_data_kept_elsewhere_are_found_again_and_removed(closed_home: Path) -> None:
    postgres.start(closed_home)
    data = places_of(closed_home).data
    postgres.stop(closed_home)

    again = postgres.start(closed_home)

    assert answers(again)
    assert places_of(closed_home).data == data
    postgres.remove(closed_home)
    assert not data.exists()


def test_lost_data_are_not_silently_begun_anew(closed_home: Path) -> None:
    postgres.start(closed_home)
    postgres.stop(closed_home)
    base = places_of(closed_home).base
    lost = base.with_name("lost")
    location = pg_dir(closed_home) / "location"
    location.write_text(location.read_text().replace(str(base), str(lost)))

    with pytest.raises(postgres.HomeUnusable, match="gone"):
        postgres.start(closed_home)

    location.write_text(location.read_text().replace(str(lost), str(base)))


@pytest.mark.parametrize("name", ["a" * 120, "hogar de paso, número 5", "casa 'Ana'"])
def test_a_deep_or_oddly_named_home_gets_a_short_private_socket(open_folder: Path, name: str) -> None:
    home = open_folder / name / "node"

    cluster = postgres.start(home)

    try:
        assert answers(cluster)
        assert len(os.fsencode(cluster.socket_dir)) <= place_rules.LONGEST_SOCKET_DIR
        assert mode_of(cluster.socket_dir) == 0o700
        assert places_of(home).data.is_relative_to(home)
        assert postgres.start(home).socket_dir == cluster.socket_dir
    finally:
        postgres.remove(home)
    assert not cluster.socket_dir.exists()


def test_a_socket_folder_that_was_swept_away_is_made_again(open_folder: Path) -> None:
    home = open_folder / ("a" * 120)
    first = postgres.start(home)
    postgres.stop(home)
    shutil.rmtree(first.socket_dir)

    second = postgres.start(home)

    works = answers(second)
    postgres.remove(home)
    assert works


def test_a_socket_folder_taken_by_somebody_else_is_not_trusted(open_folder: Path) -> None:
    home = open_folder / ("a" * 120)
    first = postgres.start(home)
    postgres.stop(home)
    shutil.rmtree(first.socket_dir)
    elsewhere = open_folder / "elsewhere"
    elsewhere.mkdir()
    first.socket_dir.symlink_to(elsewhere)

    second = postgres.start(home)

    postgres.remove(home)
    first.socket_dir.unlink()
    assert second.socket_dir != first.socket_dir
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ['say "no"', "$(id)", "`id`", "back\\slash", "two\nlines"])
def test_a_home_whose_name_a_shell_would_read_is_refused(open_folder: Path, name: str) -> None:
    with pytest.raises(postgres.HomeUnusable, match="plainer"):
        postgres.start(open_folder / name)

    assert list(open_folder.iterdir()) == []


def test_a_home_that_is_a_file_is_refused_in_words(open_folder: Path) -> None:
    (open_folder / "node").write_text("not a folder")

    with pytest.raises(postgres.HomeUnusable, match="node"):
        postgres.start(open_folder / "node")
