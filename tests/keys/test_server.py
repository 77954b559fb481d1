"""Show that the key process goes on answering whatever is sent to it, by whoever is slow, silent or hostile."""

import argparse
import contextlib
import json
import random
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from amparo.keys.log import LogBroken, verify_log
from amparo.keys.messages import MAX_BYTES, framed, request_document
from amparo.keys.rules import Asker
from amparo.node.keys_commands import run
from tests.keys.conftest import Running

Start = Callable[..., Running]
NODE = Asker(UUID(int=0), "system", "")
GOOD = request_document("wrap", NODE, owner=str(UUID(int=5)))


def _line(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(20)
    line.connect(str(path))
    return line


def _sent(path: Path, content: bytes) -> bytes:
    with _line(path) as line, contextlib.suppress(OSError):
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)
        return line.recv(MAX_BYTES)
    return b""


def _body(document: object) -> bytes:
    body = json.dumps(document).encode()
    return struct.pack(">I", len(body)) + body


WRONG = {
    "nothing": b"",
    "half a head": b"\x00\x00",
    "a length of nothing": struct.pack(">I", 0),
    "a length without end": struct.pack(">I", 2**32 - 1) + b"x",
    "one byte too long": struct.pack(">I", MAX_BYTES + 1) + b"x" * (MAX_BYTES + 1),
    "no JSON": struct.pack(">I", 4) + b"\xff\xfe{}",
    "deep JSON": struct.pack(">I", 60_000) + b"[" * 60_000,
    "a list": _body([1]),
    "another version": _body(GOOD | {"v": 2}),
    "an unknown act": _body(GOOD | {"do": "give-all"}),
    "an act that is no text": _body(GOOD | {"do": ["wrap"]}),
    "a field too many": _body(GOOD | {"all": True}),
    "a field too few": _body({name: GOOD[name] for name in GOOD if name != "owner"}),
    "an id that is none": _body(GOOD | {"owner": "../../etc"}),
    "an id in capitals": _body(GOOD | {"owner": "ABCDEF00-0000-7000-8000-000000000000"}),
    "a number for an id": _body(GOOD | {"owner": 5}),
    "words for a purpose": _body(GOOD | {"purpose": "Ana has a name"}),
    "bytes that are none": _body(request_document("unwrap", NODE, owner=str(UUID(int=5)), wrapped="?*")),
    "too many labels": _body(request_document("open-labels", NODE, labels=[[str(UUID(int=5)), "AA"]] * 51)),
    "a pair of three": _body(request_document("open-labels", NODE, labels=[["a", "b", "c"]])),
    "a name twice": struct.pack(">I", 15) + b'{"v":1,"v":1  }',
    "no number": _body(GOOD | {"v": float("nan")}),
}


def test_whatever_is_sent_it_goes_on_answering(start: Start) -> None:
    running = start()

    answers = {name: _sent(running.socket, content) for name, content in WRONG.items()}

    assert {name for name, said in answers.items() if b"given" in said} == set()
    assert b"not-understood" in answers["an unknown act"]
    assert _works(running)


def test_random_changes_of_a_good_request_never_stop_it(start: Start) -> None:
    running, chance = start(), random.Random(20261122)

    for _ in range(300):
        content = bytearray(framed(GOOD))
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        _sent(running.socket, bytes(content))

    assert running.process.poll() is None
    assert _works(running)


def test_half_open_and_silent_ones_stop_nobody(start: Start) -> None:
    running = start()
    with contextlib.ExitStack() as lines:
        for number in range(260):
            line = lines.enter_context(_line(running.socket))
            with contextlib.suppress(OSError):
                line.sendall(framed(GOOD)[: number % 9])

        assert _works(running)


def test_its_log_tells_who_asked_and_holds_no_key(start: Start, key_home: Path) -> None:
    running, owner = start(), uuid4()
    key, wrapped = running.client().wrap(owner, NODE)
    running.client().unwrap(owner, wrapped, Asker(UUID(int=9), "supervisor", "hearing"))
    running.end()

    lines = [json.loads(line) for line in _log_text(key_home).splitlines()]

    assert [(one["do"], one["owners"], one["actor"][-1], one["purpose"]) for one in lines] == [
        ("wrap", [str(owner)], "0", ""),
        ("unwrap", [str(owner)], "9", "hearing"),
    ]
    assert key.hex() not in _log_text(key_home)
    assert verify_log(key_home / "log")[0] == 2


@pytest.mark.parametrize("harm", ["changed", "removed", "swapped"])
def test_a_log_that_was_touched_is_seen(start: Start, key_home: Path, harm: str) -> None:
    running = start()
    for _ in range(4):
        running.client().wrap(uuid4(), NODE)
    running.end()
    lines = _log_text(key_home).splitlines(keepends=True)
    path = next((key_home / "log").glob("*.jsonl"))

    if harm == "changed":
        lines[1] = lines[1].replace('"wrap"', '"labels"')
    elif harm == "removed":
        del lines[1]
    else:
        lines[1], lines[2] = lines[2], lines[1]
    path.write_text("".join(lines))

    with pytest.raises(LogBroken):
        verify_log(key_home / "log")
    assert run(_arguments("log", key_home)) == 1


def test_the_log_goes_on_after_a_restart_and_after_a_cut(start: Start, key_home: Path) -> None:
    first = start()
    first.client().wrap(uuid4(), NODE)
    first.process.kill()
    first.process.wait()
    path = next((key_home / "log").glob("*.jsonl"))
    with path.open("ab") as file:
        file.write(b'{"at":"2026-')

    start().client().wrap(uuid4(), NODE)

    assert verify_log(key_home / "log")[0] == 2


def test_a_second_process_on_the_same_socket_is_refused(start: Start, key_home: Path) -> None:
    start()

    with pytest.raises(AssertionError, match="Another key process"):
        start()


def _works(running: Running) -> bool:
    owner = uuid4()
    key, wrapped = running.client().wrap(owner, NODE)
    return running.client().unwrap(owner, wrapped, NODE) == key


def _log_text(key_home: Path) -> str:
    return next((key_home / "log").glob("*.jsonl")).read_text()


def _arguments(act: str, home: Path) -> argparse.Namespace:
    return argparse.Namespace(act=act, home=home)
