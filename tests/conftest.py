"""Give every test a real node: its home, its own PostgreSQL, its four logins. Database tests run as the app login.

A test of the migration side takes `migration_login` and marks `django_db(transaction=True)`: what it planted before
must be committed for another login to see it. Within `with migration_login():` all of Django, its test browser too, is
the migration server.

AMPARO_PG_BIN chooses other PostgreSQL programs, DATABASE_URL another server. No part of Amparo is replaced by a double.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath

import django
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from amparo.base import postgres
from amparo.base.clock import now
from amparo.node.home import PROFILES, Home, make_home
from amparo.node.key_files import make_key_files
from tests.browser import CHROMIUM, chromium

# No test may fail because a machine is slow. CI tries the same examples every time, other machines new ones.
settings.register_profile(
    "amparo",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("amparo")

HOME_FOLDER = Path(tempfile.mkdtemp(prefix="amparo-test-"))
os.environ["AMPARO_HOME"] = str(HOME_FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "amparo.node.settings"


def _new_home() -> Home:
    home = make_home(HOME_FOLDER, PROFILES / "mx.yaml")
    make_key_files(home, now())
    return home


HOME = _new_home()


def pytest_configure() -> None:
    """Set Django up now that the home exists that its settings read."""
    django.setup()
    from django.test import TransactionTestCase

    setattr(TransactionTestCase, "_fixture_teardown", _truncate_as_owner)  # noqa: B010 - not in the stubs


def pytest_xdist_setupnodes() -> None:
    """Let each process read the settings of its own node; pytest-django would read this one's, before this file."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Share the tests among processes by folder."""
    return _ByFolder(config, log)


class _ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Let tests of one folder run in one process and in their order, as they may share what they set up.

    The tests of the Guide are pure and those of promises stand alone: each of their files may run anywhere.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.split("::")[0])
        folder = path.parent.as_posix()
        return str(path) if folder in ("tests/guide", "tests/trust") else folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests of a folder together. Skip, and say so, what needs a tool that this machine lacks; never in CI."""
    # pytest-django sorts tests by their use of the database, over all folders.
    items.sort(key=lambda item: item.path.parent)
    if os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("e2e") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="Chromium is missing (Debian: apt install chromium)"))
        if item.get_closest_marker("node") and not shutil.which("node"):
            item.add_marker(pytest.mark.skip(reason="Node.js is missing (Debian: apt install nodejs npm)"))
        if item.get_closest_marker("java") and not (shutil.which("java") and shutil.which("javac")):
            item.add_marker(
                pytest.mark.skip(reason="Java is missing (Debian: apt install default-jdk-headless)")
            )


def pytest_unconfigure() -> None:
    """Stop the database of this run and remove its home."""
    postgres.remove(HOME.path)
    shutil.rmtree(HOME_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def node_home() -> Home:
    """The home of the node under test: the demonstration profile of Mexico."""
    return HOME


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a run."""
    if not CHROMIUM:
        pytest.fail("Chromium is missing: apt-get install chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the database with the owner's role, then hand tests the app's role only."""
    from django.db import connections

    from amparo.node.database import prepare_database

    with django_db_blocker.unblock():
        prepare_database(HOME)
        _sign_in("owner")
        _migrate()
        _sign_in("app")
        yield
        connections["default"].close()


def _sign_in(role: str) -> None:
    from django.db import connections

    from amparo.node.database import database_settings

    connections["default"].close()
    settings = database_settings(HOME, role)["default"]
    settings["OPTIONS"].pop("pool")
    connections["default"].settings_dict.update(settings)


# What `amparo serve --sector migration` sets; tests/node/test_two_servers.py tries the real one.
AS_MIGRATION_SERVER = {
    "SECTOR": "migration",
    "ROOT_URLCONF": "amparo.node.migration_urls",
    "SESSION_COOKIE_NAME": "amparo_mx_migration_session",
    "CSRF_COOKIE_NAME": "amparo_mx_migration_csrf",
    "SECRET_KEY": "the other side has another",
}


@pytest.fixture
def migration_login(transactional_db: None) -> Callable[[], AbstractContextManager[None]]:
    """Become the migration server for the length of a `with`: its database login, addresses and cookies."""

    @contextmanager
    def become() -> Iterator[None]:
        from django.test import override_settings

        from tests.factories import agency

        # The agencies of the node; their names are known on both sides, and only protection keeps them.
        agency("mx-migracion")
        _sign_in("migration")
        try:
            with override_settings(**AS_MIGRATION_SERVER):
                yield
        finally:
            _sign_in("app")

    return become


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def owner_dsn(django_db_setup: None) -> str:
    """How to reach the database as its owner, to look at what the app may not see."""
    return _owner_dsn()


def _owner_dsn() -> str:
    return dsn_of("owner")


def dsn_of(login: str) -> str:
    """How to reach the database under one of its logins: owner, app, worker or migration."""
    found = json.loads(HOME.database_secrets(login).read_text(encoding="utf-8"))
    return psycopg.conninfo.make_conninfo(
        host=found["HOST"],
        port=found["PORT"],
        dbname=found["NAME"],
        user=found["USER"],
        password=found["PASSWORD"],
    )


def _truncate_as_owner(_: object) -> None:
    """Empty the tables after a test that commits; the app role may not truncate, on purpose."""
    with psycopg.connect(_owner_dsn(), autocommit=True) as owner:
        rows = owner.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'protection', 'migration')"
            " AND tablename NOT IN ('django_migrations', 'django_content_type')"
        ).fetchall()
        owner.execute("TRUNCATE " + ", ".join(name for (name,) in rows) + " CASCADE")
