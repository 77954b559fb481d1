"""Erase a child, put a real older copy of the database back, and try to serve: she stays erased. Promise K3."""

import subprocess
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.base import postgres
from amparo.cases import models
from amparo.cases.erasing import came_back
from amparo.cases.starting import ErasedCameBack, require_fit_to_serve
from tests.cases.test_erasing import erase
from tests.conftest import dsn_of
from tests.factories import a_case
from tests.trust.conftest import Tried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.trust("K3")]


@pytest.fixture(autouse=True)
def ledger() -> Iterator[None]:
    """Leave no ledger behind for the tests that follow."""
    yield
    settings.HOME.erased.unlink(missing_ok=True)


def _superuser() -> str:
    return postgres.start(settings.HOME.path).dsn(
        str(psycopg.conninfo.conninfo_to_dict(dsn_of("owner"))["dbname"])
    )


def _program(name: str) -> str:
    return str(postgres.find_binaries().program(name))


def _dumped() -> bytes:
    """Copy the whole database as an operator does, with the server's own tool."""
    done = subprocess.run([_program("pg_dump"), "--data-only", "--table=protection.cases_*",
                           "--dbname", _superuser()], check=True, capture_output=True)  # fmt: skip
    return done.stdout


def _put_back(dump: bytes) -> None:
    connections["default"].close()
    with psycopg.connect(_superuser(), autocommit=True) as root:
        names = root.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE tablename LIKE 'cases\\_%'"
        ).fetchall()
        root.execute("TRUNCATE " + ", ".join(name for (name,) in names) + " CASCADE")
    script = b"SET session_replication_role = replica;\n" + dump
    subprocess.run([_program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "--dbname", _superuser()], input=script,
                   check=True, capture_output=True)  # fmt: skip


def _restore_check() -> None:
    from amparo.node.restore_commands import forget_again
    from tests.conftest import _sign_in

    _sign_in("owner")
    try:
        forget_again()
    finally:
        _sign_in("app")


def test_a_child_who_was_erased_stays_erased_after_an_older_copy_was_put_back(tried: Tried) -> None:
    gone, kept = [a_case(label=f"Borrada {n}") for n in range(3)], a_case(label="Berta")
    dump = _dumped()
    wrapped = _wrapped(gone[0])
    for case_id in gone:
        erase(case_id)

    _put_back(dump)

    assert _here(gone[0])
    with pytest.raises(ErasedCameBack, match="restore-check"):
        require_fit_to_serve()
    with acting_as(SYSTEM), pytest.raises(vault.RecordErased):
        vault.data_key(gone[0], wrapped)
    _restore_check()
    require_fit_to_serve()
    with acting_as(SYSTEM):
        assert came_back() == []
    assert not any(_here(case_id) for case_id in gone)
    assert _here(kept)
    assert str(gone[0]).encode() not in _dumped()
    tried(len(gone), "children erased, then brought back by an older copy of the database")


def _here(case_id: UUID) -> bool:
    with acting_as(SYSTEM):
        return models.Case.objects.filter(pk=case_id).exists()


def _wrapped(case_id: UUID) -> bytes:
    with acting_as(SYSTEM):
        return bytes(models.Case.objects.get(pk=case_id).wrapped_key)
