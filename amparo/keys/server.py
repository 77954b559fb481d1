"""Serve the keys of one folder on a Unix socket, to the accounts that may ask, and to nobody else.

One thread, many connections: whoever is slow, silent or sends something else loses its connection and stops nobody.
The kernel tells which account is at the other end. Design: security design 3. Decision: 0021.
"""

import asyncio
import contextlib
import signal
import socket
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from amparo.base import seal
from amparo.keys.holder import Holder
from amparo.keys.messages import HEAD, MAX_BYTES, NotUnderstood, Request, framed, length_of, read_request
from amparo.keys.rules import Why
from amparo.keys.trouble import (
    KeyErased,
    KeyLogUnwritable,
    KeysTrouble,
    NotAllowedHere,
    TooManyCases,
    WrongKey,
)

MOST_CONNECTIONS = 200
IDLE_SECONDS = 120.0
# A message is small and comes from the same machine: whoever takes longer is not a node.
MESSAGE_SECONDS = 5.0
_TIDY_SECONDS = 60.0
_PEER = struct.Struct("3i")  # process, account, group: what SO_PEERCRED gives

_WHY: tuple[tuple[type[Exception], Why], ...] = (
    (TooManyCases, Why.RATE),
    (KeyErased, Why.ERASED),
    (WrongKey, Why.WRONG_KEY),
    (KeyLogUnwritable, Why.LOG_UNWRITABLE),
    (NotAllowedHere, Why.NOT_ALLOWED),
    (KeysTrouble, Why.KEYS_UNUSABLE),
    (OSError, Why.KEYS_UNUSABLE),
)


class SocketTaken(Exception):
    """Another key process serves this socket already, or something that is no socket stands there."""


class KeyServer:
    """The key process: a holder of keys, and the connections of those who may ask."""

    def __init__(self, holder: Holder, *, accounts: Collection[int]) -> None:
        self._holder, self._accounts = holder, frozenset(accounts)
        self._open: OrderedDict[asyncio.StreamWriter, None] = OrderedDict()

    async def serve(self, path: Path, *, ready: Callable[[], None], until: asyncio.Event) -> None:
        """Answer on a socket until the event is set; raises SocketTaken."""
        free_socket(path)
        server = await asyncio.start_unix_server(self._connected, path, limit=MAX_BYTES, backlog=512)
        path.chmod(0o660)
        ready()
        tidying = asyncio.ensure_future(self._tidy())
        async with server:
            await until.wait()
            tidying.cancel()
            for writer in list(self._open):
                writer.close()
        path.unlink(missing_ok=True)
        self._holder.close()

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(_TIDY_SECONDS)
            self._holder.tidy()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = None
        if len(self._open) > MOST_CONNECTIONS:
            self._open.popitem(last=False)[0].close()  # the one that was silent longest
        try:
            await self._talk(reader, writer)
        except NotUnderstood:
            with contextlib.suppress(ConnectionError, TimeoutError):
                await _say(writer, {"why": Why.NOT_UNDERSTOOD.value})
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            pass  # silent or gone: without an answer, which a node would take for that to its next question
        finally:
            self._open.pop(writer, None)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known = _account(writer) in self._accounts
        while True:
            head = await asyncio.wait_for(reader.readexactly(1), IDLE_SECONDS)
            body = await asyncio.wait_for(_rest(reader, head), MESSAGE_SECONDS)
            self._open.move_to_end(writer)
            request = read_request(body)
            await _say(writer, self._answer(request) if known else {"why": Why.NOT_ALLOWED.value})

    def _answer(self, request: Request) -> Mapping[str, Any]:
        try:
            return {"given": _GIVE[request.do](self._holder, request)}
        except tuple(kind for kind, _ in _WHY) as trouble:
            return {"why": next(why for kind, why in _WHY if isinstance(trouble, kind)).value}


def free_socket(path: Path) -> None:
    """Take away a socket that a dead process left; raises SocketTaken where somebody answers on it."""
    if not path.exists():
        return
    if not path.is_socket():
        raise SocketTaken(f"{path} is no socket. Remove it, or name another place.")
    with socket.socket(socket.AF_UNIX) as probe:
        if probe.connect_ex(str(path)) == 0:
            raise SocketTaken(f"Another key process serves {path}. End it first.")
    path.unlink()


def run(holder: Holder, path: Path, *, accounts: Collection[int]) -> None:
    """Serve until a signal ends it; raises SocketTaken."""
    asyncio.run(_run(KeyServer(holder, accounts=accounts), path))


async def _run(server: KeyServer, path: Path) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await server.serve(path, ready=lambda: _tell_ready(path), until=ended)


def _tell_ready(path: Path) -> None:
    sys.stdout.write(f"The key process answers on {path}.\n")
    sys.stdout.flush()


async def _rest(reader: asyncio.StreamReader, first: bytes) -> bytes:
    head = first + await reader.readexactly(HEAD.size - len(first))
    return await reader.readexactly(length_of(head))


async def _say(writer: asyncio.StreamWriter, answer: Mapping[str, Any]) -> None:
    writer.write(framed(answer))
    await asyncio.wait_for(writer.drain(), MESSAGE_SECONDS)


def _account(writer: asyncio.StreamWriter) -> int:
    facts = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    _, account, _ = _PEER.unpack(facts)
    return int(account)


def _wrap(holder: Holder, request: Request) -> list[str]:
    return [seal.to_text(one) for one in holder.wrap(request.fields["owner"], request.asker)]


def _unwrap(holder: Holder, request: Request) -> str:
    return seal.to_text(holder.unwrap(request.fields["owner"], request.fields["wrapped"], request.asker))


def _seal_label(holder: Holder, request: Request) -> str:
    return seal.to_text(holder.seal_label(request.fields["owner"], request.fields["label"], request.asker))


def _open_labels(holder: Holder, request: Request) -> list[str]:
    return holder.open_labels(request.fields["labels"], request.asker)


def _wrap_again(holder: Holder, request: Request) -> list[str]:
    again = holder.wrap_again(request.fields["wrapped"], request.fields["labels"], request.asker)
    return [seal.to_text(one) for one in again]


def _new_key(holder: Holder, request: Request) -> str:
    return holder.new_key(request.asker)


def _destroy_old(holder: Holder, request: Request) -> int:
    return holder.destroy_old(request.asker)


def _retire_old(holder: Holder, request: Request) -> None:
    holder.retire_old(request.asker)


def _erase(holder: Holder, request: Request) -> None:
    holder.erase(request.fields["owners"], request.asker)


def _key_ids(holder: Holder, request: Request) -> list[str]:
    return holder.key_ids(request.asker)


_GIVE: Mapping[str, Callable[[Holder, Request], Any]] = {
    "wrap": _wrap,
    "unwrap": _unwrap,
    "seal-label": _seal_label,
    "open-labels": _open_labels,
    "wrap-again": _wrap_again,
    "new-key": _new_key,
    "retire-old": _retire_old,
    "destroy-old": _destroy_old,
    "erase": _erase,
    "key-ids": _key_ids,
}
