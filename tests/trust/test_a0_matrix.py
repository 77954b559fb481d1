"""A0: knock at every address as every role, in every relation to the child, on every side; the table says who gets in.

What opens must be what the table of rights says opens, and nothing else: no page, no SQL under a login. The table is
read here without the rule that is tried. What nodes and telephones send is tried elsewhere (tests/safeguards, F1).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency, Person
from amparo.access.rights import RIGHTS_OF_ACTS
from amparo.access.roles import NO_PERSON, POSTS, REACHES, Purpose, Relation, Role, Sector
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.tie_models import GIVEN
from amparo.node.address_rights import NEEDS
from tests.conftest import dsn_of
from tests.safeguards.addresses import Address, addresses
from tests.safeguards.conftest import setting as setting
from tests.safeguards.setting import Setting
from tests.trust.conftest import Tried
from tests.trust.size import COLUMN

pytestmark = pytest.mark.trust("A0")

PEOPLE = sorted(set(Role) - NO_PERSON)
# The migration authority has a server of its own, with its own table here; this one keeps no account of hers.
SIDES = sorted(set(Sector) - {Sector.SYSTEM, Sector.MIGRATION})
# An answer that shows or does what was asked for.
OPEN = frozenset({200, 204, 302})
# What is done by sending only has no page to open: its acts are tried in tests/safeguards.
SENT_ONLY = ("-step", "-move", "-end", "-settle", "-change", "desk:act")

# The Guide forbids to return this child, whoever asks: the page says so and stays shut.
BARRED_BY_THE_GUIDE = frozenset({"desk:clearance-new"})


@dataclass(frozen=True)
class Stand:
    """One role on one side in one relation to the child, as real rows."""

    role: Role
    sector: Sector
    relation: Relation


def _stands(role: Role) -> Iterator[Stand]:
    """Yield how somebody of a role can stand; quick leaves out most sides on which nobody has this role."""
    own = sorted(POSTS[role].sectors & set(SIDES) - {Sector.PROTECTION})[:1]
    for sector in SIDES if COLUMN == "full" else (Sector.PROTECTION, *own):
        for relation in Relation:
            yield Stand(role, sector, relation)


@contextmanager
def _as(stand: Stand, case_id: UUID) -> Iterator[Client]:
    """Be somebody who stands so, for the length of a `with`; everything is undone."""
    with transaction.atomic():
        person = _person(stand, case_id)
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        client.force_login(person)
        yield client
        transaction.set_rollback(True)


def _person(stand: Stand, case_id: UUID) -> Person:
    with acting_as(SYSTEM):
        case = models.Case.objects.select_related("agency").get(pk=case_id)
        home = case.agency
        ours = stand.relation in (Relation.TEAM, Relation.SUPERVISOR) and home.sector == stand.sector
        person = Person.objects.create(
            email=f"{uuid4().hex[:10]}@example.org", agency=home if ours else _body(stand.sector),
            role=stand.role.value, name="Prueba",
        )  # fmt: skip
        if stand.relation in GIVEN:
            _give(case, person, stand.relation)
    return person


def _give(case: models.Case, person: Person, relation: Relation) -> None:
    tie = uuid7()
    why = vault.seal_data(
        vault.data_key(case.pk, case.wrapped_key), {"why": "de prueba"}, place=f"tie.why:{tie}"
    )
    models.Tie.objects.create(
        id=tie, case=case, led_by_id=case.agency_id, taken_in_by_id=case.taken_in_by_id, person=person,
        relation=relation.value, since=now(), actor=uuid4(), role="supervisor", agency="test", sealed_why=why,
    )  # fmt: skip


def _body(sector: Sector) -> Agency:
    fields = {"name": {"es": "Otra"}, "sector": sector, "kind": "other", "telephone": "0"}
    return Agency.objects.get_or_create(code=f"mx-a0-{sector}", defaults=fields)[0]


def _standing_of(stand: Stand) -> Relation:
    """Return the relation that such rows give in truth: what a role cannot have it does not have."""
    if stand.relation in (Relation.TEAM, Relation.SUPERVISOR):
        if stand.sector is not Sector.PROTECTION:
            return Relation.NONE
        return Relation.SUPERVISOR if stand.role is Role.SUPERVISOR else Relation.TEAM
    if stand.relation in GIVEN and stand.relation in POSTS[stand.role].relations:
        return stand.relation
    return Relation.NONE


def _says(stand: Stand, address: Address) -> bool:
    """Return what the table says: does this address open to somebody who stands so?"""
    needs = NEEDS[address.name]
    if needs.open_because or needs.signed_in:
        return True
    return any(_table_gives(stand.role, stand.sector, _standing_of(stand), act) for act in needs.acts)


def _is_as_it_says(stand: Stand, address: Address, opened: bool) -> bool:
    if opened == _says(stand, address):
        return True
    if opened:
        # In danger of life she reads the file, with the forms of her role on it; what she sends is refused (A6).
        read = _table_gives(stand.role, stand.sector, _standing_of(stand), "case.read")
        of_role = any(stand.role in RIGHTS_OF_ACTS[act].roles for act in NEEDS[address.name].acts)
        return stand.relation is Relation.BREAK_GLASS and read and of_role
    return address.name in BARRED_BY_THE_GUIDE


def _table_gives(role: Role, sector: Sector, relation: Relation, act: str) -> bool:
    """Read the table of rights without the rule that is under test."""
    right, post = RIGHTS_OF_ACTS[act], POSTS[role]
    related = not right.relations or relation in right.relations & post.relations
    meant = not (right.shows or right.relations) or bool(
        set(post.purposes) & (right.purposes or set(Purpose))
    )
    return (
        role in right.roles
        and sector in post.sectors
        and right.shows <= REACHES[sector]
        and related
        and meant
    )


def _is_asked(stand: Stand, address: Address, number: int) -> bool:
    """Quick asks all that should open, and one in eight of what should not, each address as many stands in turn."""
    if COLUMN == "full" or _says(stand, address):
        return True
    return (number + list(Relation).index(stand.relation)) % 8 == 0


def _opens(client: Client, address: Address) -> bool:
    """Test whether she gets in; being led to sign in, or to show again that it is she, is not in."""
    answer = client.get(address.path)
    return answer.status_code in OPEN and not answer.headers.get("Location", "").startswith("/account/")


@pytest.fixture(scope="module")
def asked(setting: Setting) -> list[Address]:
    """The addresses that a browser can open; what other nodes and telephones use is tried elsewhere."""
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

    for stand in _stands(role):
        with _as(stand, setting.world.ana) as client:
            for number, one in enumerate(of_case):
                if not _is_asked(stand, one, number):
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
        with _as(stand, setting.world.ana) as client:
            for one in others:
                count += 1
                if _opens(client, one) and not _says(stand, one):
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

    for stand in _stands(role):
        with transaction.atomic():
            person = _person(stand, setting.world.ana)
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
