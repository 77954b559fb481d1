"""Let the key process hang, die and meet a full disk: no key is given, nothing is half-written, and it goes on.

The full disk is a limit on the size of files, set on the running process from outside: writes then fail as on a disk
without room, whoever runs the tests.
"""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from amparo.keys.ledger import erased_marks, mark_of
from amparo.keys.log import verify_log
from amparo.keys.rules import Asker
from amparo.keys.trouble import KeyLogUnwritable, KeyProcessAway, KeysTrouble
from amparo.keys.wrapping import read_wrapping
from tests.keys.conftest import Running

Start = Callable[..., Running]
NODE = Asker(UUID(int=0), "system", "")
_NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def _room(running: Running, bytes_: int) -> None:
    """Let no file of this process grow beyond so many bytes; what is hard stays free to be lifted again."""
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (bytes_, resource.RLIM_INFINITY))


def test_a_process_that_hangs_is_said_and_its_late_answer_is_no_answer_to_another_question(
    start: Start,
) -> None:
    running = start()
    client, (one, other) = running.client(), (uuid4(), uuid4())
    held = {owner: client.wrap(owner, NODE) for owner in (one, other)}

    os.kill(running.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(KeyProcessAway, match="nothing was saved"):
            client.unwrap(one, held[one][1], NODE)
    finally:
        os.kill(running.process.pid, signal.SIGCONT)

    assert client.unwrap(other, held[other][1], NODE) == held[other][0]
    assert client.unwrap(one, held[one][1], NODE) == held[one][0]


def test_a_process_killed_in_the_middle_is_said_and_the_next_one_opens_everything(start: Start) -> None:
    running, owner = start(), uuid4()
    client = running.client()
    key, wrapped = client.wrap(owner, NODE)

    running.process.kill()
    running.process.wait()

    with pytest.raises(KeyProcessAway):
        client.unwrap(owner, wrapped, NODE)
    start()
    assert client.unwrap(owner, wrapped, NODE) == key


def test_on_a_full_disk_no_key_is_given_and_the_log_still_holds(start: Start, key_home: Path) -> None:
    running, owner = start(), uuid4()
    client = running.client()
    key, wrapped = client.wrap(owner, NODE)
    log = next((key_home / "log").glob("*.jsonl"))
    size = log.stat().st_size

    _room(running, size + 20)
    with pytest.raises(KeyLogUnwritable):
        client.unwrap(owner, wrapped, NODE)
    left = log.stat().st_size
    _room(running, _NO_LIMIT[0])

    assert left == size
    assert client.unwrap(owner, wrapped, NODE) == key
    running.end()
    assert verify_log(key_home / "log")[0] == 2


@pytest.mark.parametrize("do", ["new-key", "erase", "retire-old"])
def test_on_a_full_disk_keys_and_ledger_stay_as_they_were(start: Start, key_home: Path, do: str) -> None:
    running, gone, owner = start(), uuid4(), uuid4()
    client = running.client()
    client.new_key(NODE)
    client.erase([gone], NODE)
    key, wrapped = client.wrap(owner, NODE)
    files = [key_home / "wrapping-keys.json", key_home / "erased.ledger"]
    before = [path.read_bytes() for path in files]
    acts: dict[str, Callable[[], object]] = {
        "new-key": lambda: client.new_key(NODE),
        "retire-old": lambda: client.retire_old(NODE),
        "erase": lambda: client.erase([owner], NODE),
    }
    # The log is longer than this: not even that an act was asked for can be written.
    _room(running, 16)

    with pytest.raises(KeysTrouble):
        acts[do]()
    _room(running, _NO_LIMIT[0])

    assert [path.read_bytes() for path in files] == before
    assert read_wrapping(files[0]).newest.retired is None
    assert erased_marks(files[1]) == {mark_of(gone)}
    assert client.unwrap(owner, wrapped, NODE) == key
