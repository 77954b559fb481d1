"""Bring up the database of this node and tell Django how to reach it, each process under its own role.

Embedded by default; DATABASE_URL names any PostgreSQL 15 to 18 instead, by a login that may make roles.
Roles: owner changes tables, app serves protection, worker runs its background, migration serves the other side; none
is a superuser, and each has a file of its own with how it signs in. Decisions: 0001, 0002, 0017.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

import psycopg

from amparo.base import postgres
from amparo.base.postgres.grants import LOGINS
from amparo.node.home import Home

# What Django needs to import the code without a home: names a database that does not exist.
_NOWHERE = {"ENGINE": "django.db.backends.postgresql", "NAME": "amparo_without_home"}


def prepare_database(home: Home) -> None:
    """Start the node's own server, or find the one of DATABASE_URL, and make its roles and database.

    Raises:
        amparo.base.postgres.PostgresTrouble: with words for the person who runs the node.
    """
    admin = os.environ.get("DATABASE_URL") or postgres.start(home.path).dsn()
    prefix = f"amparo_{home.profile.id}"
    roles = postgres.ensure_roles(admin, prefix=prefix, secrets_path=home.keys / "database-roles.json")
    for name in LOGINS:
        _write_private(home.database_secrets(name), getattr(roles, name).django())
    # An earlier version kept all four in one file.
    (home.keys / "database.json").unlink(missing_ok=True)


def require_database(home: Home, role: str, *, wait_seconds: float = 30) -> None:
    """Wait until the database lets one login in.

    Raises:
        amparo.base.postgres.DatabaseUnreachable: it did not; the message says what to start.
    """
    found = json.loads(home.database_secrets(role).read_text(encoding="utf-8"))
    until = time.monotonic() + wait_seconds
    while True:
        try:
            psycopg.connect(
                host=found["HOST"], port=found["PORT"], dbname=found["NAME"], user=found["USER"],
                password=found["PASSWORD"], connect_timeout=5, **found["OPTIONS"],
            ).close()  # fmt: skip
        except psycopg.OperationalError as wrong:
            if time.monotonic() > until:
                raise postgres.DatabaseUnreachable(
                    f"The database of this node does not let {found['USER']} in. Start the protection side first"
                    " (amparo serve), or run: amparo doctor"
                ) from wrong
            time.sleep(0.2)
        else:
            return


def database_settings(home: Home | None, role: str) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES for one role; of a node that was never prepared, one that reaches nothing."""
    if home is None or not home.database_secrets(role).exists():
        return {"default": dict(_NOWHERE)}
    settings = json.loads(home.database_secrets(role).read_text(encoding="utf-8"))
    # Few seconds: while the database restarts, people get the page that says so and not an endless wait. A connection
    # is looked at before it is used, so that the first request after a restart works.
    settings["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}}
    return {"default": settings | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}}


def _write_private(path: Path, settings: dict[str, Any]) -> None:
    """Write a file only one account reads, whole or not at all; it stays that of the account that has it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    owner = path.parent.stat()
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(settings, file)
    if os.geteuid() == 0:
        os.chown(beside, owner.st_uid, owner.st_gid)
    beside.replace(path)
