"""Show that a node's own server starts, stops and keeps its data, on every PostgreSQL of this machine."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from amparo.base import postgres
from amparo.base.postgres.files import only_one
from amparo.base.postgres.places import PORT, find_places, pg_dir

REPOSITORY = Path(__file__).parents[3]


def data_of(home: Path) -> Path:
    places = find_places(home)
    assert places is not None
    return places.data


def postmaster_of(home: Path) -> psutil.Process:
    first_line = (data_of(home) / "postmaster.pid").read_text().splitlines()[0]
    return psutil.Process(int(first_line))


def run(cluster: postgres.Cluster, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_start_makes_a_server_that_answers(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)

    assert run(cluster, "SHOW server_version")[0][0].startswith(binaries.version)  # type: ignore[attr-defined]
    assert cluster.version == binaries.version
    assert postgres.status(home) is postgres.State.RUNNING


def test_the_cluster_is_utf8_with_checksums_and_byte_order(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)

    assert run(cluster, "SHOW server_encoding") == [("UTF8",)]
    assert run(cluster, "SHOW data_checksums") == [("on",)]
    assert run(cluster, "SELECT 'Ángel' > 'Zapata'") == [(True,)]
    assert run(cluster, "SELECT lower('ÑANDÚ')") == [("ñandú",)]


def test_stop_ends_the_server_and_start_finds_the_data_again(home: Path, binaries: postgres.Binaries) -> None:
    run(postgres.start(home, binaries=binaries), "CREATE TABLE kept AS SELECT 7 AS number")

    postgres.stop(home)
    stopped = postgres.status(home)
    cluster = postgres.start(home, binaries=binaries)

    assert stopped is postgres.State.STOPPED
    assert run(cluster, "SELECT number FROM kept") == [(7,)]


def test_stop_ends_open_sessions(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)

    with psycopg.connect(cluster.dsn()) as session:
        postgres.stop(home)

        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    assert postgres.status(home) is postgres.State.STOPPED


def test_start_again_returns_the_same_server(home: Path, binaries: postgres.Binaries) -> None:
    first = postgres.start(home, binaries=binaries)
    before = postmaster_of(home).pid

    second = postgres.start(home)

    assert second == first
    assert postmaster_of(home).pid == before


def test_two_launchers_at_once_make_one_server(home: Path) -> None:
    command = [sys.executable, "-m", "amparo.base.postgres", "start", str(home)]

    launchers = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    # Reading to the end also shows that the server does not hold on to a launcher's pipe.
    said = [launcher.communicate()[0] for launcher in launchers]

    assert [launcher.returncode for launcher in launchers] == [0, 0], said
    assert said[0] == said[1]
    data = str(data_of(home))
    servers = [
        process for process in psutil.process_iter(["cmdline"]) if data in (process.info["cmdline"] or [])
    ]
    assert len(servers) == 1


def test_start_waits_its_turn_and_then_says_who_holds_it(home: Path) -> None:
    pg_dir(home).mkdir(parents=True)

    with only_one(pg_dir(home) / "lock", wait_seconds=0), pytest.raises(postgres.ClusterBusy, match="lock"):
        postgres.start(home, wait_seconds=0.1)


def test_start_recovers_after_the_server_was_killed(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)
    run(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
    # A busy session outlives its server for a while and holds the data directory.
    busy = psycopg.connect(cluster.dsn(), autocommit=True)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 12000000) AS n WHERE n % 7 = 0")

    postmaster_of(home).send_signal(signal.SIGKILL)
    recovered = postgres.start(home, binaries=binaries)

    busy.close()
    assert run(recovered, "SELECT number FROM kept") == [(7,)]


def test_a_start_cut_off_while_making_the_cluster_is_made_good(home: Path, open_folder: Path) -> None:
    (pg_dir(home) / "data.partial").mkdir(parents=True)
    (pg_dir(home) / "data.partial" / "PG_VERSION").write_text("99")
    (pg_dir(home) / "password.partial").write_text("left over")

    cluster = postgres.start(home)

    assert run(cluster, "SELECT 1") == [(1,)]
    assert not (pg_dir(home) / "data.partial").exists()
    assert not (pg_dir(home) / "password.partial").exists()


def test_data_of_another_major_version_are_refused_with_the_way_out(
    home: Path, binaries: postgres.Binaries
) -> None:
    postgres.start(home, binaries=binaries)
    postgres.stop(home)
    (data_of(home) / "PG_VERSION").write_text("14\n")

    with pytest.raises(postgres.ClusterVersionMismatch) as refusal:
        postgres.start(home, binaries=binaries)

    assert "written by PostgreSQL 14" in str(refusal.value)
    assert "pg_dumpall" in str(refusal.value)
    assert postgres.status(home) is postgres.State.STOPPED


def test_a_server_that_cannot_start_says_where_to_read_why(home: Path) -> None:
    postgres.start(home)
    postgres.stop(home)
    (data_of(home) / "global" / "pg_control").write_bytes(b"not a control file")

    with pytest.raises(postgres.ClusterNotStarted, match=r"server\.log"):
        postgres.start(home)


def test_nobody_signs_in_without_the_password(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.dsn(user=cluster.superuser, password="wrong"))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.dsn(user=cluster.superuser))


def test_the_password_is_kept_for_the_owner_only_and_never_shown(home: Path) -> None:
    cluster = postgres.start(home)

    assert mode_of(home / "pg" / "secrets.json") == 0o600
    assert cluster.password not in repr(cluster)
    assert not (home / "pg" / "password.partial").exists()


def test_start_without_the_kept_password_is_refused_before_it_starts(home: Path) -> None:
    postgres.start(home)
    postgres.stop(home)
    (home / "pg" / "secrets.json").unlink()

    with pytest.raises(postgres.ClusterSecretsMissing, match=r"secrets\.json"):
        postgres.start(home)

    assert postgres.status(home) is postgres.State.STOPPED


def test_no_network_port_is_open(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)

    assert run(cluster, "SHOW listen_addresses") == [("",)]
    assert postmaster_of(home).net_connections(kind="inet") == []


def test_the_log_keeps_no_statements_and_no_values(home: Path, binaries: postgres.Binaries) -> None:
    cluster = postgres.start(home, binaries=binaries)
    run(cluster, "CREATE TABLE told (name text UNIQUE)")

    for statement in ("INSERT INTO told VALUES ('Xochitl'), ('Xochitl')", "SELECT 'Xochitl'::int"):
        with pytest.raises(psycopg.Error, match=r"told|Xochitl"):
            run(cluster, statement)

    places = find_places(home)
    assert places is not None
    written = places.log_file.read_text()
    assert "ready to accept connections" in written
    assert "Xochitl" not in written


def test_stop_and_status_of_a_home_without_a_cluster_change_nothing(home: Path) -> None:
    postgres.stop(home)

    assert postgres.status(home) is postgres.State.ABSENT
    assert not home.exists()


def test_stop_leaves_alone_a_process_that_got_the_number_of_a_dead_server(home: Path) -> None:
    postgres.start(home)
    postgres.stop(home)
    with subprocess.Popen(["sleep", "60"]) as other:
        (data_of(home) / "postmaster.pid").write_text(f"{other.pid}\n{data_of(home)}\n")

        postgres.stop(home)

        assert other.poll() is None
        other.kill()


def test_a_server_whose_programs_were_moved_is_still_stopped(home: Path) -> None:
    postgres.start(home)
    location = pg_dir(home) / "location"
    location.write_text(location.read_text().replace("pginstall", "moved away"))

    postgres.stop(home)

    assert postgres.status(home) is postgres.State.STOPPED


def test_remove_deletes_data_and_records(home: Path) -> None:
    postgres.start(home)
    data = data_of(home)

    postgres.remove(home)

    assert not data.exists()
    assert not (home / "pg").exists()
    assert postgres.status(home) is postgres.State.ABSENT


def test_threads_of_one_process_take_turns_too(home: Path) -> None:
    found: list[postgres.Cluster] = []
    threads = [threading.Thread(target=lambda: found.append(postgres.start(home))) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert found[0] == found[1]


def test_the_environment_of_the_caller_does_not_reach_the_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("LC_ALL", "es_MX.ISO-8859-1")

    cluster = postgres.start(home)

    assert run(cluster, "SHOW port") == [(str(PORT),)]
    assert (
        "PGDATA" not in postmaster_of(home).environ()
        or postmaster_of(home).environ()["PGDATA"] != "/nonexistent"
    )


def test_the_developers_command_speaks_plainly(home: Path) -> None:
    def say(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "amparo.base.postgres", *words]
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert say("status", str(home)).stdout == "absent\n"
    assert say("start", str(home)).stdout.startswith("PostgreSQL ")
    assert say("stop", str(home)).stdout == "stopped\n"
    refused = subprocess.run(
        [sys.executable, "-m", "amparo.base.postgres", "start", str(home)],
        cwd=REPOSITORY,
        env={**os.environ, "AMPARO_PG_BIN": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "/nonexistent" in refused.stderr
    assert "Traceback" not in refused.stderr
