"""Start, stop and look at the PostgreSQL of one node, so that a fresh clone needs no database server.

Safe to call twice, from two processes, as root or as an ordinary user, and after a crash. Opens no
network port, trusts nobody without a password, and keeps statements and values out of the log.
"""

import enum
import logging
import shlex
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import conninfo, pq

from amparo.base.postgres.binaries import Binaries, find_binaries
from amparo.base.postgres.errors import (
    ClusterNotStarted,
    ClusterSecretsMissing,
    ClusterVersionMismatch,
    PostgresMissing,
)
from amparo.base.postgres.files import new_password, only_one, read_private, write_private
from amparo.base.postgres.install import reachable_binaries
from amparo.base.postgres.places import (
    PORT,
    Places,
    find_places,
    make_places,
    open_pg_dir,
    pg_dir,
    remove_places,
)

log = logging.getLogger(__name__)

SUPERUSER = "postgres"
# Errors go to the program that caused them. In the log their text, details and statements could
# carry what somebody wrote about a child, so only messages of the server about itself are kept.
SETTINGS = {
    "listen_addresses": "",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class State(enum.Enum):
    """What a cluster is doing."""

    ABSENT = "absent"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"


@dataclass(frozen=True)
class Cluster:
    """A running server: folder of its socket, port in the socket's name, superuser, version as in "18.6"."""

    socket_dir: Path
    port: int
    superuser: str
    version: str
    password: str = field(repr=False)

    def dsn(self, dbname: str = "postgres", user: str | None = None, password: str | None = None) -> str:
        """Return a libpq connection string; with no user given it is the superuser's, with its password."""
        if user is None:
            user, password = self.superuser, self.password
        return conninfo.make_conninfo(
            host=str(self.socket_dir), port=self.port, dbname=dbname, user=user, password=password
        )


def start(home: Path, *, binaries: Binaries | None = None, wait_seconds: float = 60) -> Cluster:
    """Start the PostgreSQL of a node's folder, making its cluster the first time; if it runs, return it.

    Raises PostgresMissing, ClusterVersionMismatch, HomeUnusable, ClusterSecretsMissing, ClusterBusy, or
    ClusterNotStarted when it is not ready after `wait_seconds` (recovery after a crash counts).
    """
    home = home.absolute()
    open_pg_dir(home)
    until = time.monotonic() + wait_seconds
    with only_one(pg_dir(home) / "lock", wait_seconds=wait_seconds):
        known = find_places(home)
        if known is not None and _ping(known) is not State.STOPPED:
            return _join(known, until=until)
        return _launch(home, binaries or find_binaries(), until=until)


def stop(home: Path, *, wait_seconds: float = 60) -> None:
    """Stop the server, ending open sessions but finishing their writes; nothing happens if it is stopped.

    Raises ClusterNotStarted if it still runs after `wait_seconds`.
    """
    _stop(home.absolute(), mode="fast", wait_seconds=wait_seconds)


def status(home: Path) -> State:
    """Return what the cluster of a node's folder is doing; changes nothing."""
    places = find_places(home.absolute())
    if places is None or not places.data.exists():
        return State.ABSENT
    return _ping(places)


def remove(home: Path, *, wait_seconds: float = 60) -> None:
    """Stop the server and delete its data for good, also those kept outside the node's folder."""
    # Nothing needs to be written out of what is deleted next.
    _stop(home.absolute(), mode="immediate", wait_seconds=wait_seconds)
    places = find_places(home.absolute())
    if places is not None:
        remove_places(places)


def _join(places: Places, *, until: float) -> Cluster:
    """Wait for a server that somebody else started, and describe it."""
    while _ping(places) is State.STARTING and time.monotonic() < until:
        time.sleep(0.1)
    if _ping(places) is not State.RUNNING:
        raise ClusterNotStarted(
            f"PostgreSQL is still recovering. See {places.log_file}, then start it again."
        )
    return _describe(places, _last_used(places))


def _launch(home: Path, binaries: Binaries, *, until: float) -> Cluster:
    places = make_places(home, binaries)
    _refuse_other_version(places, binaries)
    usable = reachable_binaries(binaries, places)
    if not places.data.exists():
        _make_cluster(places, usable)
    cluster = _describe(places, usable)  # before the start: without its password nobody could use it
    _start_server(places, usable, until=until)
    return cluster


def _describe(places: Places, binaries: Binaries) -> Cluster:
    return Cluster(places.socket_dir, PORT, SUPERUSER, binaries.version, _superuser_password(places))


def _last_used(places: Places) -> Binaries:
    """Return the programs the server was started with, or others if they were moved or removed since."""
    try:
        return find_binaries(places.bin_dir)
    except PostgresMissing:
        return find_binaries()


def _superuser_password(places: Places) -> str:
    password = read_private(places.secrets).get(SUPERUSER)
    if password is None:
        raise ClusterSecretsMissing(
            f"{places.secrets} is missing, so nobody can sign in to the data in {places.data}. "
            "Put the file back from a backup of the node's folder."
        )
    return password


def _refuse_other_version(places: Places, binaries: Binaries) -> None:
    if not places.data.exists():
        return
    written_by = (places.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if written_by != str(binaries.major):
        raise ClusterVersionMismatch(
            f"The data in {places.data} were written by PostgreSQL {written_by}; the programs in "
            f"{binaries.bin_dir} are version {binaries.version} and cannot read them. Set AMPARO_PG_BIN to "
            f"PostgreSQL {written_by}, start, and dump with pg_dumpall; then move {places.data} aside, start "
            f"with version {binaries.major}, and restore the dump with psql. Nothing was changed."
        )


def _make_cluster(places: Places, binaries: Binaries) -> None:
    """Run initdb in a folder that gets its name when complete, so that a crash leaves no half cluster."""
    partial = places.base / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    places.account.take(partial)
    password = new_password()
    write_private(places.secrets, {SUPERUSER: password})
    password_file = places.base / "password.partial"
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600, exist_ok=False)
    password_file.write_text(password, encoding="ascii")
    places.account.take(password_file)
    try:
        _run_initdb(places, binaries, partial, password_file)
    finally:
        password_file.unlink()
    partial.rename(places.data)


def _run_initdb(places: Places, binaries: Binaries, data: Path, password_file: Path) -> None:
    command = [binaries.program("initdb"), "-D", str(data), "-U", SUPERUSER, f"--pwfile={password_file}"]
    command += ["--auth=scram-sha-256", "-E", "UTF8", *_flags_of(binaries.major)]
    report = pg_dir(places.home) / "initdb.log"
    with report.open("wb") as output:
        code = places.account.run(command, output=output)
    if code != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise ClusterNotStarted(f"initdb could not make the cluster in {places.base}. See {report}.")


def _flags_of(major: int) -> list[str]:
    """Return locale and checksum flags: the order of text must not depend on the machine's libraries."""
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
    return locale if major >= 18 else [*locale, "-k"]


def _start_server(places: Places, binaries: Binaries, *, until: float) -> None:
    """Run pg_ctl start; after a crash try again while processes of the dead server hold the data."""
    crashed = (places.data / "postmaster.pid").exists()
    while True:
        left = max(1, int(until - time.monotonic()))
        command = [binaries.program("pg_ctl"), "start", "-D", str(places.data), "-w", "-t", str(left), "-s"]
        command += ["-l", str(places.log_file), "-o", _server_options(places)]
        if places.account.run(command) == 0:
            return
        if not crashed or time.monotonic() > until or _ping(places) is not State.STOPPED:
            raise ClusterNotStarted(f"PostgreSQL did not start. See {places.log_file}.")
        time.sleep(0.3)


def _server_options(places: Places) -> str:
    """Return options for the server, quoted for the shell that pg_ctl hands them to."""
    settings = {**SETTINGS, "port": str(PORT), "unix_socket_directories": str(places.socket_dir)}
    return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())


def _stop(home: Path, *, mode: str, wait_seconds: float) -> None:
    if find_places(home) is None:
        return
    with only_one(pg_dir(home) / "lock", wait_seconds=wait_seconds):
        places = find_places(home)
        if places is not None and _ping(places) is not State.STOPPED:
            _stop_server(places, mode, wait_seconds)


def _stop_server(places: Places, mode: str, wait_seconds: float) -> None:
    binaries = reachable_binaries(_last_used(places), places)
    command = [binaries.program("pg_ctl"), "stop", "-D", str(places.data), "-m", mode, "-w", "-s"]
    if places.account.run([*command, "-t", str(max(1, int(wait_seconds)))]) != 0:
        raise ClusterNotStarted(f"PostgreSQL did not stop. See {places.log_file}.")


def _ping(places: Places) -> State:
    """Ask the socket itself: a process id in a file may long belong to somebody else."""
    address = conninfo.make_conninfo(
        host=str(places.socket_dir), port=PORT, dbname="postgres", user=SUPERUSER, connect_timeout=5
    )
    answers = {pq.Ping.OK: State.RUNNING, pq.Ping.REJECT: State.STARTING}
    return answers.get(pq.Ping(pq.PGconn.ping(address.encode())), State.STOPPED)
