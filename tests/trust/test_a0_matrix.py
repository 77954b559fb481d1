"""A0: knock at every address as every role, in every relation to the child, on every side; the table says who gets in.

What opens must be what the table of rights says opens, and nothing else: no page, no SQL under a login. The table is
read here without the rule that is tried. What is sent, and what nodes and telephones use, is in test_a0_sent.
"""

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from amparo.access.actor import acting_as
from amparo.access.rights import RIGHTS_OF_ACTS
from amparo.access.roles import POSTS, Relation, Role, Sector
from amparo.cases.tie_models import GIVEN
from amparo.node.address_rights import NEEDS
from tests.conftest import dsn_of
from tests.safeguards.addresses import Address, addresses
from tests.safeguards.conftest import setting as setting
from tests.safeguards.setting import Setting
from tests.trust.conftest import Tried
from tests.trust.size import COLUMN
from tests.trust.stands import (
    OPEN,
    PEOPLE,
    SIDES,
    Stand,
    is_asked,
    person_who_stands,
    standing_as,
    standing_of,
    stands_of,
    table_gives,
    table_says,
)

pytestmark = pytest.mark.trust("A0")

# What is done by sending only has no page to open: test_a0_sent tries it.
SENT_ONLY = ("-step", "-move", "-end", "-settle", "-change", "desk:act")

# The Guide forbids to return this child, whoever asks: the page says so and stays shut.
BARRED_BY_THE_GUIDE = frozenset({"desk:clearance-new"})
# This child has no file, so nobody opens one; tests/desk/test_attachment_pages tries it on a child who has.
NOT_THERE = frozenset({"desk:attachment"})


def _is_as_it_says(stand: Stand, address: Address, opened: bool) -> bool:
    if opened == table_says(stand, address):
        return True
    if opened:
        # In danger of life she reads the file, with the forms of her role on it; what she sends is refused (A6).
        read = table_gives(stand.role, stand.sector, standing_of(stand), "case.read")
        of_role = any(stand.role in RIGHTS_OF_ACTS[act].roles for act in NEEDS[address.name].acts)
        return stand.relation is Relation.BREAK_GLASS and read and of_role
    return address.name in BARRED_BY_THE_GUIDE | NOT_THERE


def _opens(client: Client, address: Address) -> bool:
    """Test whether she gets in; being led to sign in, or to show again that it is she, is not in."""
    answer = client.get(address.path)
    return answer.status_code in OPEN and not answer.headers.get("Location", "").startswith("/account/")


@pytest.fixture(scope="module")
def asked(setting: Setting) -> list[Address]:
    """The addresses that a browser can open."""
    return [
        one
        for one in addresses(setting.world)
        if one.first
        and one.name.startswith("desk:")
        and one.name != "desk:home"
        and not one.name.endswith(SENT_ONLY)
    ]


@pytest.mark.parametrize("role", PEOPLE)
def test_every_address_of_a_case_opens_to_whom_the_table_says_and_to_nobody_else(
    role: Role, setting: Setting, asked: list[Address], tried: Tried
) -> None:
    of_case = [one for one in asked if str(setting.world.ana) in one.path]
    wrong, count = [], 0

    for stand in stands_of(role):
        with standing_as(stand, setting.world.ana) as client:
            for number, one in enumerate(of_case):
                if not is_asked(stand, one, number):
                    continue
                count += 1
                if not _is_as_it_says(stand, one, _opens(client, one)):
                    wrong.append((stand.sector.value, stand.relation.value, one.name))

    tried(count, f"addresses of a case as {role}, on every side and in every relation")
    assert not wrong, wrong


@pytest.mark.parametrize("role", PEOPLE)
def test_every_other_address_opens_to_whom_the_table_says(
    role: Role, setting: Setting, asked: list[Address], tried: Tried
) -> None:
    others = [one for one in asked if str(setting.world.ana) not in one.path and "transfers/" not in one.path]
    wrong, count = [], 0

    for sector in sorted(POSTS[role].sectors & set(SIDES))[: None if COLUMN == "full" else 1]:
        stand = Stand(role, sector, Relation.TEAM)
        with standing_as(stand, setting.world.ana) as client:
            for one in others:
                count += 1
                if _opens(client, one) and not table_says(stand, one):
                    wrong.append((sector.value, one.name))

    tried(count, f"other addresses as {role}")
    assert not wrong, wrong


def test_no_stranger_is_let_in_anywhere_but_where_it_is_public(
    setting: Setting, asked: list[Address], tried: Tried
) -> None:
    client = setting.callers["nobody"].client

    wrong = [one.name for one in asked if _opens(client, one) and not NEEDS[one.name].open_because]

    tried(len(asked), "addresses as a stranger")
    assert not wrong, wrong


# What row-level security shows under the app's own login, asked in SQL with the settings of one stand.
TABLES = ("case", "entry", "standing", "gate", "tie", "mark", "override", "incident", "namekey")


@pytest.mark.parametrize("role", PEOPLE)
def test_sql_under_the_login_of_protection_shows_a_case_to_the_related_only(
    role: Role, setting: Setting, tried: Tried
) -> None:
    wrong, count = [], 0

    for stand in stands_of(role):
        with transaction.atomic():
            person = person_who_stands(stand, setting.world.ana)
            with acting_as(person.as_actor()), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM cases_case WHERE id = %s", [setting.world.ana])
                seen = cursor.fetchone()[0] == 1
            transaction.set_rollback(True)
        count += 1
        if seen != _row_is_shown(stand):
            wrong.append((stand.sector.value, stand.relation.value, seen))

    tried(count, f"SQL as {role}")
    assert not wrong, wrong


def _row_is_shown(stand: Stand) -> bool:
    """The database knows agency, side and tie; which act a role may do, the rule knows."""
    if stand.relation in (Relation.TEAM, Relation.SUPERVISOR):
        return stand.sector is Sector.PROTECTION
    return stand.relation in GIVEN and stand.sector in (Sector.PROTECTION, Sector.OVERSIGHT)


@pytest.mark.parametrize("login", ["app", "worker", "migration", "owner"])
@pytest.mark.parametrize("table", TABLES)
def test_no_login_sees_a_row_without_an_actor(login: str, table: str, setting: Setting) -> None:
    del setting
    with psycopg.connect(dsn_of(login)) as raw:
        try:
            row = raw.execute(f"SELECT count(*) FROM protection.cases_{table}").fetchone()
        except psycopg.errors.InsufficientPrivilege:
            return

    assert row == (0,)
    assert login != "migration", "the migration login must not even name a table of protection"
