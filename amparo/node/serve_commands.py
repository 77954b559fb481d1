"""Run this node: `amparo migrate` once, then `amparo serve` and `amparo worker`, each under its own database role.

`amparo serve --sector migration` is the migration authority's own server. It reads the files of its own folder and no
key, password or page of the protection side. Decision: 0017.
"""

import argparse
import os
import sys
from urllib.parse import urlsplit

from amparo.base import postgres
from amparo.base.keyring import KeyringMissing, KeyringUnsafe, KeyringWrong
from amparo.keys.trouble import KeysTrouble
from amparo.node.database import require_database
from amparo.node.home import Home, HomeMissing, this_home
from amparo.node.key_files import require_keys
from amparo.node.profile import ProfileWrong
from amparo.node.setup import NodeNotReady, open_django, prepare_node


class NotFit(Exception):
    """This node must not be served as it is; the message says why and what to do."""


TROUBLES = (
    NotFit,
    HomeMissing, ProfileWrong, NodeNotReady, postgres.PostgresTrouble, KeyringMissing, KeyringUnsafe, KeyringWrong,
    KeysTrouble,
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the commands take."""
    parser.add_argument("--listen", default="", help="HOST:PORT; by default that of the profile's url")
    parser.add_argument(
        "--sector", choices=("protection", "migration"), default="protection", help="whose server (serve)"
    )
    parser.add_argument("--workers", type=int, default=1, help="server processes (serve)")


def run(arguments: argparse.Namespace) -> int:
    """Run migrate, serve or worker; 1 and words when something of the node is missing or wrong."""
    try:
        return _RUN[arguments.room](arguments)
    except TROUBLES as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1


def _migrate(_: argparse.Namespace) -> int:
    home = prepare_node()
    sys.stdout.write(f"{home.profile.id}: ready.\n")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    """Become the web server; granian's own process takes the place of this one, so a signal reaches it."""
    role = "migration" if arguments.sector == "migration" else "app"
    home = _fit_to_run(role)
    host, port = _address(arguments.listen or _url(home, role))
    os.environ |= {"AMPARO_DB_ROLE": role, "DJANGO_SETTINGS_MODULE": "amparo.node.settings"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(arguments.workers), "--blocking-threads", "4", "--no-ws", "--http", "1"]
    command += ["--log-level", "warning", "amparo.node.wsgi:application"]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


def _worker(_: argparse.Namespace) -> int:
    """Do background work until a signal ends it."""
    _fit_to_run("worker")
    from amparo.node.working import work_until_ended

    work_until_ended()
    return 0


def _fit_to_run(role: str) -> Home:
    """Return the home when what this process needs of it is safe, whole and up.

    Nothing is served with keys that others can read or that do not fit, nor with rows that were erased and came back.
    """
    home = this_home()
    if role != "migration":
        require_keys(home)
    if not home.database_secrets(role).exists():
        raise NodeNotReady("This node has no database yet. Run: amparo migrate")
    # The migration authority's server waits: starting the database takes a password that it does not have.
    if role != "migration" and not os.environ.get("DATABASE_URL"):
        postgres.start(home.path)
    require_database(home, role)
    if role != "migration":
        _require_nothing_erased(role)
    return home


def _require_nothing_erased(role: str) -> None:
    """Raise NotFit while the database holds what was erased, or what the keys at hand do not open."""
    open_django(role)
    from django.db import connections

    from amparo.cases.starting import ErasedCameBack, KeysDoNotFit, require_fit_to_serve

    try:
        require_fit_to_serve()
    except (ErasedCameBack, KeysDoNotFit) as unfit:
        raise NotFit(str(unfit)) from unfit
    finally:
        connections.close_all()


def _url(home: Home, role: str) -> str:
    if role == "migration" and not home.profile.migration_url:
        raise NodeNotReady("No migration authority works in this node: node.yaml names none.")
    return home.profile.migration_url if role == "migration" else home.profile.url


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url if "//" in url else f"//{url}")
    return parts.hostname or "127.0.0.1", parts.port or 8000


_RUN = {"migrate": _migrate, "serve": _serve, "worker": _worker}
