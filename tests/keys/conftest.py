"""Give the tests of keys a folder with fresh keys, and a real key process on a socket."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from amparo.base.clock import now
from amparo.keys.client import KeyProcess
from amparo.keys.wrapping import make_once


@dataclass
class Running:
    """A key process that was started here, and its folder."""

    folder: Path
    socket: Path
    process: "subprocess.Popen[str]"

    def client(self) -> KeyProcess:
        """Return a new connection to it."""
        return KeyProcess(self.socket)

    def end(self) -> None:
        """End it as a service manager does."""
        self.process.terminate()
        self.process.wait(timeout=60)


def start_key_process(folder: Path, *words: str) -> Running:
    """Start a key process over the keys of a folder and wait until it says that it answers."""
    socket = folder / "s"
    command = [
        sys.executable,
        "-m",
        "amparo",
        "keys",
        "serve",
        "--home",
        str(folder),
        "--socket",
        str(socket),
    ]
    process = subprocess.Popen([*command, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    said = process.stdout.readline()
    assert "answers" in said, process.communicate()
    return Running(folder, socket, process)


@pytest.fixture
def key_home() -> Iterator[Path]:
    """A folder with one fresh key, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="amk-"))
    make_once(folder / "wrapping-keys.json", now())
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(key_home: Path) -> Iterator[Callable[..., Running]]:
    """Start key processes over that folder; all of them are ended afterwards."""
    started: list[Running] = []

    def one(*words: str) -> Running:
        started.append(start_key_process(key_home, *(words or ("--allow", str(os.geteuid())))))
        return started[-1]

    yield one
    for each in started:
        with contextlib.suppress(ProcessLookupError):
            each.end()
        for pipe in (each.process.stdout, each.process.stderr):
            if pipe:
                pipe.close()
