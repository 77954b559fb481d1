"""Do the background work of this node until a signal ends it; a database that went away is waited for.

The library stops its worker when the database hangs up on it. A node must go on by itself when the database is back, so
the worker is begun again; what it had begun is done again, as after any crash. Decision: 0008.
"""

import asyncio
import contextlib
import logging
import signal
from typing import Any

from django.db import connections
from procrastinate.contrib.django import app

_PAUSE_SECONDS = 2.0
_log = logging.getLogger(__name__)


def work_until_ended() -> None:
    """Work until SIGTERM or SIGINT; every other end of the worker is written down and it is begun again."""
    asyncio.run(_until_ended())


async def _until_ended() -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    while not ended.is_set():
        await _until_one_ends(asyncio.ensure_future(_worker()), asyncio.ensure_future(ended.wait()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _PAUSE_SECONDS)


async def _until_one_ends(worker: "asyncio.Future[None]", ended: "asyncio.Future[bool]") -> None:
    """Wait for the worker or the signal; the other is called off, and a worker finishes what it is doing."""
    both: list[asyncio.Future[Any]] = [worker, ended]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for one in both:
        one.cancel()
    results = await asyncio.gather(worker, ended, return_exceptions=True)
    if ended.cancelled():
        # The kind alone: the words of a database may hold what was written.
        kind = type(results[0]).__name__ if results[0] else "it stopped"
        _log.error("The background worker ended (%s); it is begun again when the database answers.", kind)


async def _worker() -> None:
    # A connection of before is dead; the next task makes its own.
    await asyncio.to_thread(connections.close_all)
    connector: Any = app.connector  # Django's; the library types any
    with app.replace_connector(connector.get_worker_connector()):
        async with app.open_async():
            await app.run_worker_async(install_signal_handlers=False)
