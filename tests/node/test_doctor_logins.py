"""Show that the doctor sees a login that may more, or less, than its side needs."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from amparo.base.postgres import RoleTooPowerful
from amparo.node.doctor_logins import is_kept_from_us, require_right_rights
from amparo.node.home import Home
from tests.conftest import dsn_of

pytestmark = pytest.mark.usefixtures("django_db_setup")


@contextmanager
def _changed(change: str, back: str, *, login: str) -> Iterator[None]:
    """Let the owner change what a login may, for the length of a `with`."""
    name = str(psycopg.conninfo.conninfo_to_dict(dsn_of(login))["user"])
    with psycopg.connect(dsn_of("owner"), autocommit=True) as owner:
        owner.execute(sql.SQL(change).format(sql.Identifier(name)))
        try:
            yield
        finally:
            owner.execute(sql.SQL(back).format(sql.Identifier(name)))


@pytest.mark.parametrize("login", ["app", "worker", "migration"])
def test_the_logins_of_a_new_node_may_what_they_need(node_home: Home, login: str) -> None:
    require_right_rights(node_home, login)

    assert not is_kept_from_us(node_home, login)


@pytest.mark.parametrize(
    ("login", "change", "back", "named"),
    [
        (
            "migration", "GRANT USAGE ON SCHEMA protection TO {}", "REVOKE USAGE ON SCHEMA protection FROM {}",
            "schema protection",
        ),
        (
            "migration", "GRANT SELECT (id) ON protection.cases_case TO {}",
            "REVOKE SELECT (id) ON protection.cases_case FROM {}", "protection.cases_case",
        ),
        (
            "migration", "REVOKE SELECT ON migration.gate FROM {}", "GRANT SELECT ON migration.gate TO {}",
            "migration.gate",
        ),
        (
            "app", "GRANT TRUNCATE ON public.access_auditentry TO {}",
            "REVOKE TRUNCATE ON public.access_auditentry FROM {}", "access_auditentry",
        ),
        (
            "worker", "GRANT CREATE ON SCHEMA protection TO {}", "REVOKE CREATE ON SCHEMA protection FROM {}",
            "schema protection",
        ),
    ],
)  # fmt: skip
def test_a_right_too_many_or_too_few_is_named(
    node_home: Home, login: str, change: str, back: str, named: str
) -> None:
    with _changed(change, back, login=login), pytest.raises(RoleTooPowerful) as refused:
        require_right_rights(node_home, login)

    assert named in str(refused.value)
    assert "look again" in str(refused.value)


def test_row_security_that_is_not_forced_is_named(node_home: Home) -> None:
    table = "ALTER TABLE protection.cases_case {} FORCE ROW LEVEL SECURITY"

    with (
        _changed(table.format("NO"), table.format(""), login="app"),
        pytest.raises(RoleTooPowerful) as refused,
    ):
        require_right_rights(node_home, "app")

    assert "protection.cases_case" in str(refused.value)
