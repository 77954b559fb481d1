"""Bend the audit trail with all rights in the database, in every way we know, and see each one found.

Two witnesses saw the first rows; they run the real rules with keys of their own, which the attacker does not have. Rows
after the head they saw last stand on the chain alone until the next hour: there an attack that computes the chain anew,
or cuts its end, is not tried, since nobody outside could know. Fixed seed: the attacks are the same each time.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.chain import chain_end
from amparo.access.events import Event
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.base.keyring import read_keyring
from amparo.exchange import checkpoints, models
from amparo.exchange.heads import Cosignature, make_cosignature, read_head
from amparo.exchange.held import trust_now
from amparo.exchange.vouching import verify_trail
from amparo.exchange.witness_rules import Seen, continued
from amparo.node import trust
from amparo.node.home import Home
from tests.exchange.world import agency, listed, node
from tests.factories import an_actor
from tests.trust.conftest import Tried
from tests.trust.size import size
from tests.trust.trail import bend, recompute

SEED = 20261122
COSIGNED, ROWS = 24, 30
pytestmark = [pytest.mark.trust("L1"), pytest.mark.django_db(transaction=True)]


@dataclass
class Outside:
    """A witness: what it saw last, and what it would say if somebody asked it."""

    name: str
    key: seal.KeyPair = field(default_factory=seal.new_sign_keys)
    seen: Seen = field(default_factory=Seen)
    said: str = ""

    def cosign(self, checkpoint: models.Checkpoint) -> None:
        """See a checkpoint by the rules of a witness, and keep and give the word on it."""
        with acting_as(SYSTEM):
            head = read_head(checkpoint.text, trust=trust_now(), now=now())
            asked = checkpoints.question(checkpoint, self.seen.number)
            blocks = [bytes.fromhex(block) for block in asked["blocks"]]
            self.seen = continued(self.seen, head, start=asked["start"], blocks=blocks)
            word = Cosignature(self.name, head.node, head.number, head.hash, head.root, now())
            self.said = make_cosignature(word, self.key)
            models.WitnessAnswer.objects.create(
                id=uuid7(), witness=self.name, number=head.number, at=now(), text=self.said
            )


@pytest.fixture
def outside(node_home: Home) -> Iterator[list[Outside]]:
    """The witnesses of this node's profile, in a trust list that the attacker cannot sign; removed afterwards."""
    witnesses = [Outside(name) for name in node_home.profile.witnesses]
    root = seal.new_sign_keys()
    own = trust.card_of(node_home, read_keyring(node_home.keyring))
    others = [_card(one) for one in witnesses]
    kept = {path: path.read_bytes() for path in (node_home.trust_list, node_home.trust_root) if path.exists()}
    for path in kept:
        path.unlink()
    trust.adopt(node_home, trust.publish([own, *others], root=root, number=3, at=now()), root.public)
    yield witnesses
    for path in (node_home.trust_list, node_home.trust_root):
        path.unlink()
        if path in kept:
            path.write_bytes(kept[path])


def _card(one: Outside) -> dict[str, object]:
    sector = "oversight" if one.name == "region" else "protection"
    key = {"since": now() - trust.LIST_LIFE, "until": now() + trust.LIST_LIFE}
    agencies = [agency(f"{one.name}-agencia", sector, sends=[], receives=[])]
    return node(one.name, "HN", agencies, sign_keys=[listed(one.key, **key)])


@pytest.fixture
def trail(outside: list[Outside], transactional_db: None, owner_dsn: str) -> list[Outside]:
    """Three checkpoints, cosigned by two witnesses, and some rows after the last."""
    for until in (9, 16, COSIGNED):
        _write(until)
        made = checkpoints.make_checkpoint()
        assert made is not None
        for witness in outside:
            witness.cosign(made)
    _write(ROWS)
    bend(owner_dsn, *(f"CREATE TABLE kept_{table} AS TABLE {table}" for table in KEPT))
    return outside


@pytest.fixture(autouse=True)
def _no_copies_left(owner_dsn: str) -> Iterator[None]:
    yield
    bend(owner_dsn, *(f"DROP TABLE IF EXISTS kept_{table}" for table in KEPT))


def _write(until: int) -> None:
    somebody = an_actor()
    with acting_as(somebody):
        while chain_end().number < until:
            with acting_as(somebody):
                audit.record(Event.CASE_READ, by=somebody, subject="case:1", purpose="casework")
            _flush()


def _flush() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


KEPT = ("access_auditentry", "access_auditlink", "exchange_checkpoint", "exchange_witnessanswer")
COLUMNS = {
    "at": "at - interval '3 days'",
    "event": "'gate.read'",
    "allowed": "NOT allowed",
    "actor": "gen_random_uuid()",
    "role": "'supervisor'",
    "agency": "'mx-albergue'",
    "subject": "'case:other'",
    "purpose": "'hearing'",
    "reasons": "'[\"x\"]'",
}
Attack = Callable[[str, random.Random], None]


def _entry(number: int) -> str:
    return f"(SELECT entry FROM access_auditlink WHERE number = {number})"


def _forget_after(number: int) -> list[str]:
    """Remove what our own database says of the rows after one."""
    return [
        f"DELETE FROM exchange_{table} WHERE number > {number}" for table in ("checkpoint", "witnessanswer")
    ]


def change(dsn: str, chance: random.Random) -> None:
    """Change one value of one row."""
    column = chance.choice(sorted(COLUMNS))
    row = _entry(chance.randint(1, ROWS))
    bend(dsn, f"UPDATE access_auditentry SET {column} = {COLUMNS[column]} WHERE id = {row}")


def change_and_forget(dsn: str, chance: random.Random) -> None:
    """Change a row, compute all links anew, and remove every checkpoint that knew better."""
    number = chance.randint(1, COSIGNED)
    bend(
        dsn,
        f"UPDATE access_auditentry SET subject = 'case:x' WHERE id = {_entry(number)}",
        *_forget_after(number - 1),
    )
    recompute(dsn)


def drop(dsn: str, chance: random.Random) -> None:
    """Remove a row, its link, or both."""
    number = chance.randint(1, ROWS - 1)
    row = f"DELETE FROM access_auditentry WHERE id = {_entry(number)}"
    link = f"DELETE FROM access_auditlink WHERE number = {number}"
    bend(dsn, *chance.choice([[row], [link], [row, link]]))


def drop_and_close_up(dsn: str, chance: random.Random) -> None:
    """Remove a row, move the later ones up and compute the chain anew."""
    number = chance.randint(1, COSIGNED)
    bend(
        dsn,
        f"DELETE FROM access_auditentry WHERE id = {_entry(number)}",
        f"DELETE FROM access_auditlink WHERE number = {number}",
        f"UPDATE access_auditlink SET number = -number WHERE number > {number}",
        "UPDATE access_auditlink SET number = -number - 1 WHERE number < 0",
        *chance.choice([[], _forget_after(number - 1)]),
    )
    recompute(dsn)


def insert_beside(dsn: str, chance: random.Random) -> None:
    """Put a row in that no link names."""
    bend(dsn, _copied(chance.randint(1, ROWS)))


def insert_between(dsn: str, chance: random.Random) -> None:
    """Put a row in between two others and compute the chain anew."""
    number = chance.randint(1, COSIGNED)
    bend(
        dsn,
        f"UPDATE access_auditlink SET number = -number WHERE number >= {number}",
        "UPDATE access_auditlink SET number = 1 - number WHERE number < 0",
        _copied(number + 1, "gen_random_uuid()"),
        f"INSERT INTO access_auditlink SELECT {number}, id, '' FROM access_auditentry e"
        " WHERE NOT EXISTS (SELECT FROM access_auditlink l WHERE l.entry = e.id)",
        *chance.choice([[], _forget_after(number - 1)]),
    )
    recompute(dsn)


def _copied(number: int, identifier: str = "gen_random_uuid()") -> str:
    return (
        f"INSERT INTO access_auditentry SELECT {identifier}, at, event, allowed, actor, role, agency, subject,"
        f" purpose, reasons FROM access_auditentry WHERE id = {_entry(number)}"
    )


def swap(dsn: str, chance: random.Random) -> None:
    """Let two rows change places; sometimes compute the chain anew."""
    one, other = sorted(chance.sample(range(1, COSIGNED + 1), 2))
    bend(
        dsn,
        f"UPDATE access_auditlink SET number = -1 WHERE number = {one}",
        f"UPDATE access_auditlink SET number = {one} WHERE number = {other}",
        f"UPDATE access_auditlink SET number = {other} WHERE number = -1",
        *chance.choice([[], _forget_after(one - 1)]),
    )
    if chance.random() < 0.5:
        recompute(dsn)


def cut(dsn: str, chance: random.Random) -> None:
    """Cut the end off, with the checkpoints that knew of it, as an old copy of the database would."""
    number = chance.randint(0, COSIGNED - 1)
    bend(
        dsn,
        f"DELETE FROM access_auditentry WHERE id IN (SELECT entry FROM access_auditlink WHERE number > {number})",
        f"DELETE FROM access_auditlink WHERE number > {number}",
        *_forget_after(number),
    )


def fork(dsn: str, chance: random.Random) -> None:
    """Go on from an early row with other rows, and sign new checkpoints over them with the node's own key."""
    number = chance.randint(1, COSIGNED - 1)
    cut_at = _entry(number)
    bend(
        dsn,
        *_forget_after(number - 1),
        f"UPDATE access_auditentry SET agency = 'other' WHERE id = {cut_at}",
    )
    recompute(dsn)
    checkpoints.make_checkpoint()


def backdate(dsn: str, chance: random.Random) -> None:
    """Add a row at the end that says it is days old; the database links it as any other."""
    days = chance.randint(1, 90)
    with psycopg.connect(dsn) as owner:
        owner.execute(
            "INSERT INTO access_auditentry SELECT gen_random_uuid(), at - %s * interval '1 day', event, allowed,"
            " actor, role, agency, subject, purpose, reasons FROM access_auditentry LIMIT 1",
            [days],
        )


def forge_checkpoint(dsn: str, chance: random.Random) -> None:
    """Remove or replace a checkpoint between others."""
    number = chance.choice([9, 16])
    forged = f"UPDATE exchange_checkpoint SET text = replace(text, '.', '.AA') WHERE number = {number}"
    bend(dsn, chance.choice([f"DELETE FROM exchange_checkpoint WHERE number = {number}", forged]))


def begin_anew(dsn: str, chance: random.Random) -> None:
    """Empty everything and write as many harmless rows."""
    bend(dsn, *(f"TRUNCATE {table}" for table in KEPT))
    _write(chance.randint(1, ROWS))
    if chance.random() < 0.5:
        checkpoints.make_checkpoint()


ATTACKS: tuple[Attack, ...] = (
    change, change_and_forget, drop, drop_and_close_up, insert_beside, insert_between, swap, cut, fork, backdate,
    forge_checkpoint, begin_anew,
)  # fmt: skip


def _put_back(dsn: str) -> None:
    bend(
        dsn,
        "TRUNCATE " + ", ".join(KEPT),
        *(f"INSERT INTO {table} SELECT * FROM kept_{table}" for table in KEPT),
    )


def test_every_way_to_bend_the_trail_is_found(trail: list[Outside], owner_dsn: str, tried: Tried) -> None:
    chance, missed = random.Random(SEED), []
    count = size(quick=100, full=5_000)
    words = [witness.said for witness in trail]

    for turn in range(count):
        attack = ATTACKS[turn % len(ATTACKS)]
        attack(owner_dsn, chance)
        missed += [] if verify_trail(statements=words).verdict.breaks else [f"{turn}: {attack.__name__}"]
        _put_back(owner_dsn)

    tried(count, f"{len(ATTACKS)} kinds of attack with all rights in the database", seed=SEED)
    assert missed == []


def test_what_nobody_touched_holds_and_is_proven_by_both(trail: list[Outside]) -> None:
    report = verify_trail(statements=[witness.said for witness in trail])

    assert report.verdict.breaks == ()
    assert {(one.witness, one.number) for one in report.proven} == {("hn", COSIGNED), ("region", COSIGNED)}
    assert report.well_witnessed


def test_a_witness_does_not_cosign_what_was_forked(trail: list[Outside], owner_dsn: str) -> None:
    fork(owner_dsn, random.Random(SEED))
    forged = checkpoints.make_checkpoint()
    assert forged is not None

    for witness in trail:
        with pytest.raises(Exception, match=r"not cosigned: (forked|rewound)"):
            witness.cosign(forged)
