"""Verify our audit trail against our checkpoints and what the witnesses said of them, and say what is proven by whom.

Reads only. A checkpoint is as good as this node's key; a cosignature as good as a witness that this node does not
control. What is newer than the newest cosigned head stands on the chain alone. Decision: 0024.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.chain import Mark, Verdict, verify
from amparo.access.chain_head import Head
from amparo.access.keys import node_keyring
from amparo.access.rules import Actor
from amparo.base import seal
from amparo.base.clock import now
from amparo.exchange import models
from amparo.exchange.checkpoints import NO_TRUST
from amparo.exchange.heads import Cosignature, HeadWrong, SignedHead, read_cosignature, read_own_head
from amparo.exchange.held import trust_now
from amparo.exchange.profiles import Sector
from amparo.exchange.trust import TrustList
from amparo.exchange.witness_rules import is_well_witnessed
from amparo.exchange.witnessing import last_cosigned


@dataclass(frozen=True)
class Proven:
    """Up to which row, and since when, a witness vouches for the trail; `oversees` for an oversight body."""

    witness: str
    number: int
    at: datetime
    oversees: bool


@dataclass(frozen=True)
class Report:
    """What was found, and who vouches; `proven` is empty where no witness does or the trail is broken."""

    verdict: Verdict
    proven: tuple[Proven, ...]
    checkpoints: int

    @property
    def well_witnessed(self) -> bool:
        """Whether two witnesses vouch, one of them oversight."""
        overseers = [one.witness for one in self.proven if one.oversees]
        return is_well_witnessed([one.witness for one in self.proven], overseers)


def verify_trail(expected: Head | None = None, statements: Iterable[str] = ()) -> Report:
    """Check the whole trail.

    Args:
        expected: a head noted earlier.
        statements: cosignatures that came from witnesses themselves, by file or asked now: a database that was
            put back to an earlier time does not know them.
    """
    with acting_as(SYSTEM):
        rows = list(models.Checkpoint.objects.order_by("number").values_list("number", "text", "blocks"))
        kept = models.WitnessAnswer.objects.exclude(text="").order_by("at").values_list("text", flat=True)
        heads, wrong = _own_heads(rows)
        said = _cosignatures([*kept, *statements])
        verdict = verify(expected, [*map(_mark_of_head, heads), *map(_mark_of_witness, said)])
    breaks = (*verdict.breaks, *wrong)
    proven = () if breaks else _proven(said)
    return Report(Verdict(verdict.head, breaks), proven, len(heads))


@dataclass(frozen=True)
class WitnessState:
    """What one witness of this node said last: `number` 0 where it cosigned nothing, `refused` a code or empty."""

    witness: str
    oversees: bool
    number: int
    at: datetime | None
    refused: str


def witnesses_of(by: Actor) -> tuple[WitnessState, ...]:
    """Return how each witness of this node stands, without checking the trail; raises NotAllowed."""
    audit.require(by, "audit.verify")
    return tuple(_state(witness) for witness in settings.HOME.profile.witnesses)


def _state(witness: str) -> WitnessState:
    with acting_as(SYSTEM):
        rows = models.WitnessAnswer.objects.filter(witness=witness)
        last = rows.order_by("-at").first()
        good = rows.filter(refused="").order_by("-number").first()
        try:
            oversees = _oversees(witness)
        except NO_TRUST:
            oversees = False
    return WitnessState(
        witness,
        oversees,
        good.number if good else 0,
        good.at if good else None,
        last.refused if last else "",
    )


def statement_about(node: str) -> str:
    """Return what this node, as a witness, signed last about another node's trail; empty when it never did."""
    with acting_as(SYSTEM):
        last = last_cosigned(node)
    return last.text if last else ""


def _own_heads(rows: Sequence[tuple[int, str, list[str]]]) -> tuple[list[SignedHead], list[str]]:
    """Return the checkpoints that this node signed, and what is wrong with their row."""
    publics = {key.pair.id: key.pair.public for key in node_keyring().sign}
    heads, wrong, former = [], [], ""
    for number, text, _ in rows:
        try:
            head = read_own_head(text, publics)
        except HeadWrong:
            wrong.append(f"the checkpoint at row {number} is not signed with this node's key")
        else:
            if head.number != number or head.node != settings.HOME.profile.id:
                wrong.append(f"the checkpoint at row {number} speaks of another row or node")
            if head.former != former:
                wrong.append(f"a checkpoint before row {number} was removed or replaced")
            heads.append(head)
        former = seal.file_digest(text.encode())
    return heads, wrong


def _cosignatures(texts: Iterable[str]) -> list[Cosignature]:
    """Return what witnesses said whose keys we know now; without a trust list, nothing."""
    try:
        trust = trust_now()
    except NO_TRUST:
        return []
    found = [_read(text, witness, trust) for text in texts for witness in settings.HOME.profile.witnesses]
    return [one for one in found if one is not None]


def _read(text: str, witness: str, trust: TrustList) -> Cosignature | None:
    try:
        return read_cosignature(text, node=settings.HOME.profile.id, witness=witness, trust=trust, now=now())
    except HeadWrong:
        return None


def _mark_of_head(head: SignedHead) -> Mark:
    return Mark(head.number, head.hash, head.root, head.at, f"the checkpoint of {head.at:%Y-%m-%d %H:%M}")


def _mark_of_witness(said: Cosignature) -> Mark:
    who = f"what {said.witness} saw on {said.at:%Y-%m-%d %H:%M}"
    return Mark(said.number, said.hash, said.root, who=who)


def _proven(said: Iterable[Cosignature]) -> tuple[Proven, ...]:
    newest: dict[str, Cosignature] = {}
    for one in said:
        if one.witness not in newest or one.number > newest[one.witness].number:
            newest[one.witness] = one
    return tuple(
        Proven(one.witness, one.number, one.at, _oversees(one.witness))
        for one in sorted(newest.values(), key=lambda one: (-one.number, one.witness))
    )


def _oversees(witness: str) -> bool:
    node = trust_now().node(witness, now())
    return any(agency.sector is Sector.OVERSIGHT for agency in node.agencies)
