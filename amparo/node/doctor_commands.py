"""Say what is missing or wrong on this machine and in this node, and what to do: `amparo doctor`.

Looks only; starts the node's database if it is stopped, changes nothing else.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from amparo.base import postgres
from amparo.base.clock import now
from amparo.base.keyring import KeyringMissing, KeyringUnsafe, KeyringWrong, due_keys, read_keyring
from amparo.keys.trouble import KeysTrouble
from amparo.node.doctor_logins import is_kept_from_us, require_right_rights
from amparo.node.home import Home, HomeMissing, this_home
from amparo.node.key_files import require_keys
from amparo.node.profile import ProfileWrong

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` is empty when it is well."""

    what: str
    advice: str = ""


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(_arguments: argparse.Namespace) -> int:
    """Print every finding; 0 all well, 1 something needs doing."""
    findings = [*_machine(), *_node()]
    for finding in findings:
        sys.stdout.write(f"  {'needs you' if finding.advice else 'well     '}  {finding.what}\n")
        if finding.advice:
            sys.stdout.write(f"             {finding.advice}\n")
    return int(any(finding.advice for finding in findings))


def _machine() -> Iterator[Finding]:
    yield Finding(f"Python {sys.version_info.major}.{sys.version_info.minor}")
    yield _postgres()
    built = (_PACKAGE / "desk" / "static" / "desk" / "desk.css").exists()
    yield Finding("style of the pages is built", "" if built else "Run: make setup (it needs node and npm).")
    texts = list((_PACKAGE / "desk" / "locale").glob("*/LC_MESSAGES/django.mo"))
    yield Finding(
        f"texts compiled in {len(texts)} languages",
        "" if len(texts) == 5 else "Run: python -m amparo.desk.catalog compile",
    )


def _postgres() -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding("database named by DATABASE_URL")
    try:
        found = postgres.find_binaries()
    except postgres.PostgresMissing as missing:
        return Finding("PostgreSQL", str(missing))
    return Finding(f"PostgreSQL {found.version} ({found.source})")


def _node() -> Iterator[Finding]:
    """Look at the node that AMPARO_HOME names; without one there is nothing more to look at."""
    try:
        home = this_home()
    except (HomeMissing, ProfileWrong) as missing:
        yield Finding("home of a node", str(missing))
        return
    yield Finding(f"home of node {home.profile.id}")
    if home.profile.demonstration:
        yield Finding(
            "a demonstration: no second factor, no second person",
            "Real people or children: take `demonstration: true` out of node.yaml and start the node again.",
        )
    yield _checked("keys, readable by this account alone", lambda: read_keyring(home.keyring))
    yield _checked(_who_holds(home), lambda: require_keys(home))
    yield _checked("keys of agencies in their time", lambda: _not_due(home))
    database = _checked("database answers and has the present schema", lambda: _database(home))
    yield database
    # What the list is compared with stands in the database: without one there is nothing to say of it.
    if not database.advice:
        yield from _logins(home)
        yield _checked("trust list, signed and current", _trust)
        yield _checked(
            "what is closest to children is sealed to their agencies, and recovery was tried", _sealed
        )


def _not_due(home: Home) -> None:
    if due := due_keys(read_keyring(home.keyring), now()):
        raise _NotReady("; ".join(due))


def _who_holds(home: Home) -> str:
    if home.key_process:
        return f"keys that wrap, held by the key process on {home.key_process}"
    return (
        "keys that wrap, in a file of this node (a key process is safer: docs/how-to/run-the-key-process.md)"
    )


class _NotReady(Exception):
    """Something of the node is not as it must be; the message says what to do."""


def _checked(what: str, look: Callable[[], object]) -> Finding:
    try:
        look()
    except (
        _NotReady, KeyringMissing, KeyringUnsafe, KeyringWrong, KeysTrouble, postgres.PostgresTrouble,
    ) as wrong:  # fmt: skip
        return Finding(what, str(wrong))
    return Finding(what)


def _database(home: Home) -> None:
    if not home.database_secrets("app").exists():
        raise _NotReady("Run: amparo migrate")
    if not os.environ.get("DATABASE_URL"):
        postgres.start(home.path)
    from amparo.node.setup import open_django

    open_django("app")
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as wrong:
        raise _NotReady("The database does not answer this node's app role. Run: amparo migrate") from wrong
    if missing:
        raise _NotReady(f"{len(missing)} schema changes are missing. Run: amparo migrate")


def _logins(home: Home) -> Iterator[Finding]:
    """Look at what the login of each side may do; the other side's may be kept from the account that looks."""
    for login in ("app", "worker", "migration"):
        what = f"rights of the {login} login: what it needs and no more"
        if is_kept_from_us(home, login):
            yield Finding(f"the {login} login is kept from this account; its own account can look")
        else:
            yield _checked(what, partial(require_right_rights, home, login))


def _trust() -> None:
    from amparo.base.clock import now
    from amparo.exchange.held import TrustListMissing, trust_now
    from amparo.exchange.trust import TrustListExpired, TrustListRolledBack
    from amparo.exchange.trust_document import TrustListWrong

    try:
        trust_now().require_current(now())
    except (TrustListMissing, TrustListExpired, TrustListRolledBack, TrustListWrong) as wrong:
        raise _NotReady(f"{wrong} Ask the secretariat for the list, then: amparo trust adopt LIST") from wrong


def _sealed() -> None:
    from amparo.access.actor import SYSTEM, acting_as
    from amparo.access.sealed_ceremony import seals_of_node
    from amparo.cases.resealing import waiting_entries

    with acting_as(SYSTEM):
        stands = seals_of_node()
    for one in stands:
        if one.made_at is None:
            raise _NotReady(f"{one.agency} has no key for what is sealed. Hold: amparo p3 ceremony")
        if one.rotate:
            raise _NotReady(f"Somebody left {one.agency}: make a new key. Hold: amparo p3 ceremony")
        if one.due:
            raise _NotReady(f"Recovery of {one.agency}'s key was not tried lately. Hold: amparo p3 drill")
    if waiting := waiting_entries():
        raise _NotReady(f"{waiting} entries are not sealed yet. Run: amparo p3 reseal")
