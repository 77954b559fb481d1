"""Try to return a child without clearance, and to hide or bend where she was held, by actions and as every login.

Each history is a run of random acts of both sides on one of a few children, the honest and the dishonest mixed. Beside
it runs a plain model of what must be true: which facts were told and when, which clearance stands, which returns there
are. After each history the database, as the protection side reads it, has to say exactly that. Then somebody with all
rights in the database bends rows, and the check finds it. Fixed seed: the histories are the same each time.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from amparo.access.actor import acting_as
from amparo.access.refusal import Refused
from amparo.access.rules import Actor, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases.actions import record_fact
from amparo.custody.chain import verify
from amparo.custody.clearance_rules import Because
from amparo.custody.clearing import confirm_clearance, withdraw_clearance
from amparo.custody.queries import file_of
from amparo.custody.recording import record_custody_fact, record_return
from amparo.custody.rules import LATE_AFTER, NewFact, Why
from amparo.node.home import Home
from tests.conftest import dsn_of
from tests.custody.world import (
    Abroad,
    Login,
    a_proposal,
    a_returnable_case,
    abroad,
    held,
    let_out,
    reference_of,
)
from tests.factories import a_migration_officer, an_actor
from tests.trust.conftest import Tried
from tests.trust.size import size

SEED = 20261122
CHILDREN, ACTS = 6, 5
pytestmark = [pytest.mark.trust("A7"), pytest.mark.django_db(transaction=True)]


@dataclass
class Child:
    """What must be true of one child: the model."""

    case_id: UUID
    reference: str
    facts: dict[UUID, tuple[datetime, datetime, datetime]] = field(default_factory=dict)
    corrected: set[UUID] = field(default_factory=set)
    ended: set[UUID] = field(default_factory=set)
    returns: set[UUID] = field(default_factory=set)
    proposed: tuple[UUID, Actor] | None = None
    cleared: UUID | None = None
    free: bool = True

    @property
    def stands(self) -> UUID | None:
        """The clearance on which a return may happen now."""
        return self.cleared if self.free else None


@dataclass
class World:
    """The children, the people, the logins, and the dice."""

    dice: random.Random
    there: Abroad
    migration: Login
    children: list[Child]
    officer: Actor
    worker: Actor
    supervisor: Actor
    logins: dict[str, psycopg.Connection]
    broken: list[str] = field(default_factory=list)

    @contextmanager
    def lying(self, login: str, child: Child) -> Iterator[psycopg.Connection]:
        """Use a login of the node with whatever a process can tell the database of itself."""
        connection = self.logins[login]
        with connection.transaction():
            for name, value in {
                "sector": self.dice.choice(["migration", "protection", "oversight"]),
                "reach": self.dice.choice(["node", "agency"]),
                "agency": str(self.worker.agency_id),
                "gate_reference": child.reference,
            }.items():
                connection.execute("SELECT set_config(%s, %s, true)", [f"amparo.{name}", value])
            yield connection

    def must_fail(self, what: str, child: Child, call: Callable[[], object]) -> None:
        """Do what must be refused."""
        try:
            call()
        except (Refused, psycopg.Error):
            return
        self.broken.append(f"{what}: {child.reference}")


Act = Callable[[World, Child], None]


# The protection side


def propose(world: World, child: Child) -> None:
    if child.proposed or child.cleared or not child.free:
        return
    by = world.dice.choice([world.worker, world.supervisor])
    child.proposed = (a_proposal(child.case_id, world.there, by=by), by)


def confirm(world: World, child: Child) -> None:
    if child.proposed is None:
        return
    clearance, first = child.proposed
    by = world.dice.choice([world.supervisor, an_actor(Role.SUPERVISOR)])

    def call() -> None:
        with acting_as(by):
            confirm_clearance(case_id=child.case_id, clearance_id=clearance, by=by, step_id=uuid7())

    if by == first or not child.free:
        world.must_fail("one person cleared a return, or a barred one was cleared", child, call)
        return
    call()
    child.proposed, child.cleared = None, clearance


def confirm_by_sql(world: World, child: Child) -> None:
    """Confirm one's own proposal, or as a caseworker, past every action."""
    if child.proposed is None:
        return
    clearance, first = child.proposed
    by, role = world.dice.choice([(first.id, "supervisor"), (uuid4(), "caseworker")])

    def call() -> None:
        with world.lying(world.dice.choice(["app", "worker", "migration"]), child) as connection:
            connection.execute(
                "INSERT INTO protection.custody_clearancestep"
                " (id, clearance_id, first_actor, kind, because, token, actor, role, agency)"
                " VALUES (%s, %s, %s, 'confirmed', '', 'x', %s, %s, 'mx-proteccion')",
                [uuid7(), clearance, world.dice.choice([first.id, uuid4()]), by, role],
            )

    world.must_fail("a clearance was confirmed by SQL", child, call)


def withdraw(world: World, child: Child) -> None:
    clearance = child.cleared or (child.proposed[0] if child.proposed else None)
    if clearance is None:
        return
    with acting_as(world.worker):
        withdraw_clearance(
            case_id=child.case_id,
            clearance_id=clearance,
            because=Because.NEW_FACTS,
            by=world.worker,
            step_id=uuid7(),
        )
    child.cleared = child.proposed = None


def learn(world: World, child: Child) -> None:
    """Learn of a danger, or that there is none: the Guide bars the return, or leaves it free again."""
    child.free = not child.free
    with acting_as(world.worker):
        record_fact(
            case_id=child.case_id,
            name="risk_outcome",
            value="no-danger-found" if child.free else "unknown",
            by=world.worker,
            at=now(),
            entry_id=uuid7(),
        )


# The migration side


def give_back(world: World, child: Child) -> None:
    row, at = uuid7(), now()

    def call() -> None:
        with world.migration(), acting_as(world.officer):
            record_return(reference=child.reference, place="Garita", at=at, by=world.officer, return_id=row)

    if child.stands is None:
        world.must_fail("a return was recorded without clearance", child, call)
        return
    call()
    child.returns.add(row)
    child.cleared = None


def give_back_by_sql(world: World, child: Child) -> None:
    row, login = uuid7(), world.dice.choice(["migration", "app", "worker", "owner"])
    other = world.dice.choice(world.children).stands
    clearance = world.dice.choice([child.stands, other, child.proposed and child.proposed[0], uuid4()])

    def call() -> None:
        with world.lying(login, child) as connection:
            connection.execute("SELECT set_config('amparo.sector', 'migration', true)")
            connection.execute(
                "INSERT INTO custody_return (id, reference, clearance_id, at, place, actor, role, agency)"
                " VALUES (%s, %s, %s, %s, 'x', %s, 'migration-officer', 'mx-migracion')",
                [row, child.reference, clearance, now(), uuid4()],
            )

    if login != "migration" or child.stands is None or clearance != child.stands:
        world.must_fail(f"a return was written by {login}", child, call)
        return
    call()
    child.returns.add(row)
    child.cleared = None


def tell(world: World, child: Child) -> None:
    _tell(world, child, held(at=_some_time_ago(world)))


def end(world: World, child: Child) -> None:
    going = [row for row in child.facts if row not in child.ended | child.corrected]
    if going:
        row = world.dice.choice(going)
        child.ended |= {row, _tell(world, child, let_out(row))}


def correct(world: World, child: Child) -> None:
    wrong = [row for row in child.facts if row not in child.ended | child.corrected]
    if wrong:
        row = world.dice.choice(wrong)
        _tell(world, child, held(at=_some_time_ago(world), corrects=row, why=Why.WRONG_TIME))
        child.corrected.add(row)


def _some_time_ago(world: World) -> datetime:
    minutes = world.dice.choice([0, 5, 14, 16, 300, 40_000])
    return now() - timedelta(minutes=minutes, seconds=1)


def _tell(world: World, child: Child, said: NewFact) -> UUID:
    row, before = uuid7(), now()
    with world.migration(), acting_as(world.officer):
        record_custody_fact(reference=child.reference, said=said, by=world.officer, fact_id=row)
    child.facts[row] = (said.at, before, now())
    return row


def tell_by_sql(world: World, child: Child) -> None:
    """Write a fact past the actions, and lie about when it was written."""
    row, at, before = uuid7(), _some_time_ago(world), now()
    with world.lying("migration", child) as connection:
        connection.execute("SELECT set_config('amparo.sector', 'migration', true)")
        connection.execute(
            "INSERT INTO custody_fact (id, reference, kind, at, recorded_at, place, place_kind, may_leave, holder,"
            " goes_to, document_kind, document_number, document_sha256, why, actor, role, agency)"
            " VALUES (%s, %s, 'held', %s, %s, 'x', 'office', 'no', 'police', '', '', '', '', '', %s, 'x',"
            " 'mx-migracion')",
            [row, child.reference, at, at, uuid4()],
        )
    child.facts[row] = (at, before, now())


BENDING = (
    "UPDATE custody_fact SET place = 'x'",
    "UPDATE custody_fact SET recorded_at = at",
    "UPDATE custody_fact SET reference = 'MX-0000-0000'",
    "DELETE FROM custody_fact",
    "TRUNCATE custody_fact CASCADE",
    "ALTER TABLE custody_fact DISABLE TRIGGER ALL",
    "ALTER TABLE custody_fact DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER cleared_return ON custody_return",
    "DELETE FROM custody_return",
    "UPDATE custody_return SET at = at - interval '1 day'",
    "UPDATE protection.custody_clearance SET valid_until = valid_until + interval '1 year'",
    "DELETE FROM protection.custody_clearancestep",
    "DELETE FROM protection.custody_link",
    "INSERT INTO protection.custody_link VALUES (1, 'custody_fact', gen_random_uuid(), now(), '')",
)


def bend(world: World, child: Child) -> None:
    login, statement = world.dice.choice(["migration", "app", "worker"]), world.dice.choice(BENDING)

    def call() -> None:
        with world.lying(login, child) as connection:
            done = connection.execute(statement.encode())
            # A change that reaches no row has bent nothing.
            if done.rowcount == 0:
                raise psycopg.errors.InsufficientPrivilege("nothing was touched")

    world.must_fail(f"{login}: {statement}", child, call)


WEIGHTS: dict[Act, int] = {
    propose: 4, confirm: 4, confirm_by_sql: 2, withdraw: 1, learn: 1, give_back: 4, give_back_by_sql: 8,
    tell: 3, end: 2, correct: 2, tell_by_sql: 6, bend: 8,
}  # fmt: skip


@pytest.fixture
def world(
    migration_login: Login, node_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A few children whom the Guide lets return, and a connection of each login."""
    with abroad(node_home, tmp_path_factory.mktemp("hn")) as there:
        yield from _worlds(migration_login, there)


def _worlds(migration_login: Login, there: Abroad) -> Iterator[World]:
    cases = [a_returnable_case() for _ in range(CHILDREN)]
    children = [Child(case_id, reference_of(case_id)) for case_id in cases]
    logins = {
        name: psycopg.connect(dsn_of(name), autocommit=True)
        for name in ("app", "worker", "migration", "owner")
    }
    yield World(
        dice=random.Random(SEED),
        there=there,
        migration=migration_login,
        children=children,
        officer=a_migration_officer(),
        worker=an_actor(),
        supervisor=an_actor(Role.SUPERVISOR),
        logins=logins,
    )
    for connection in logins.values():
        connection.close()


def test_no_history_returns_a_child_uncleared_or_hides_where_she_was(world: World, tried: Tried) -> None:
    histories = size(quick=60, full=10_000)
    acts, weights = list(WEIGHTS), list(WEIGHTS.values())

    for number in range(histories):
        child = world.dice.choice(world.children)
        for act in world.dice.choices(acts, weights, k=ACTS):
            act(world, child)
        differs_from_the_model(world, child)
        assert world.broken == []
        if (number + 1) % min(100, histories // 2) == 0:
            assert verify().breaks == ()

    assert world.broken == []
    assert sum(len(child.returns) for child in world.children) > histories // 30
    tried(histories, f"histories of {ACTS} acts by actions and by SQL as every login", seed=SEED)


def differs_from_the_model(world: World, child: Child) -> None:
    """Compare what the protection side reads with what must be true."""
    with acting_as(world.worker):
        told = file_of(child.reference, linked=True)
    facts = {one.id: one for one in told.facts}
    assert facts.keys() == child.facts.keys(), "a fact was hidden, removed or made up"
    assert {one.id for one in told.returns} == child.returns, "a return nobody cleared, or one that is hidden"
    for row, (at, before, after) in child.facts.items():
        one = facts[row]
        assert one.said.at == at
        assert before <= one.recorded_at <= after + timedelta(seconds=1), "backdated"
        assert (one.late is not None) is (one.recorded_at - at > LATE_AFTER), "late, and not seen to be"


def test_whoever_has_all_rights_in_the_database_is_found(world: World, tried: Tried, owner_dsn: str) -> None:
    child = world.children[0]
    for act in (tell, tell, propose, tell_by_sql):
        act(world, child)
    assert verify().breaks == ()

    bent = [
        "UPDATE custody_fact SET place = 'y' WHERE place = 'x'",
        "DELETE FROM custody_fact WHERE place = 'y'",
        "DELETE FROM custody_link",
    ]
    found: list[bool] = []
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        for table in ("custody_fact", "custody_link"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        owner.execute("ALTER TABLE custody_fact DISABLE ROW LEVEL SECURITY")
        try:
            for statement in bent:
                owner.execute(statement.encode())
                found.append(verify().breaks != ())
        finally:
            owner.execute("ALTER TABLE custody_fact ENABLE ROW LEVEL SECURITY")
            for table in ("custody_fact", "custody_link"):
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())

    assert all(found)
    tried(len(bent), "rows bent, removed and cut as the owner")
