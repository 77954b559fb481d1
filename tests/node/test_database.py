"""Run a node on a database that somebody else runs: every PostgreSQL of this machine, named by DATABASE_URL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from psycopg import conninfo

from amparo.base import postgres

INSTALLED = postgres.find_all_binaries()


@pytest.fixture(params=INSTALLED, ids=[f"{one.source}-{one.version}" for one in INSTALLED])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a server whose login may make roles and databases."""
    cluster = postgres.start(tmp_path / "elsewhere", binaries=request.param)
    known = conninfo.conninfo_to_dict(cluster.dsn())
    host, password = quote(str(known["host"]), safe=""), quote(str(known["password"]), safe="")
    yield f"postgresql://{known['user']}:{password}@{host}:{known['port']}/postgres"
    postgres.remove(tmp_path / "elsewhere")


def test_a_node_lives_in_the_database_that_database_url_names(database_url: str, tmp_path: Path) -> None:
    home = tmp_path / "node"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AMPARO", "DJANGO"))
    }
    environment |= {"DATABASE_URL": database_url, "AMPARO_HOME": str(home)}

    done = [
        subprocess.run(
            [sys.executable, "-m", "amparo", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for words in (["init", str(home)], ["migrate"], ["audit", "verify"])
    ]

    assert [one.returncode for one in done[:2]] == [0, 0], done[1].stderr
    assert "0 rows" in done[2].stdout
    assert not (home / "pg").exists(), "no database of its own was made"
