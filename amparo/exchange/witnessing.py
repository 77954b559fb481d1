"""Cosign the head of another node's audit trail, if it continues the one that we cosigned last.

Only for nodes that our profile names, and only by their signature. A head that was rewound or forked is refused, kept
as evidence (its node signed it) and told to people. Design: security design 5 (audit). Decision: 0024.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.keys import node_keyring
from amparo.access.limits import OncePer
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.exchange import models, strict_json
from amparo.exchange.checkpoints import NO_TRUST
from amparo.exchange.heads import Cosignature, HeadWrong, SignedHead, is_hash, make_cosignature, read_head
from amparo.exchange.held import trust_now
from amparo.exchange.witness_rules import ALARMING, NotCosigned, Seen, WitnessCode, continued

MAX_QUESTION = 16 * 1024
_ASKED = frozenset({"head", "start", "blocks"})
_MOST_BLOCKS = 128  # two for each doubling of the rows
_alarms = OncePer()
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Question:
    head: SignedHead
    text: str
    start: int
    blocks: tuple[bytes, ...]


def cosign(content: bytes) -> dict[str, str]:
    """Answer a node that shows the head of its trail.

    Returns:
        `cosignature`; with it, or without, `code` where we do not cosign: then it is what we cosigned last.
    """
    try:
        with acting_as(SYSTEM):
            asked = _read(content)
            _wait_turn(asked.head.node)
            last = last_cosigned(asked.head.node)
            return _answer(asked, last)
    except NotCosigned as refused:
        return {"code": refused.code.value}


def last_cosigned(node: str) -> models.Witnessed | None:
    """Return what we cosigned last of a node's trail."""
    rows = models.Witnessed.objects.filter(node=node, refused="")
    return rows.order_by("-number").first()


def _answer(asked: _Question, last: models.Witnessed | None) -> dict[str, str]:
    seen = Seen(last.number, last.root, [bytes.fromhex(b) for b in last.blocks]) if last else Seen()
    try:
        now_seen = continued(seen, asked.head, start=asked.start, blocks=asked.blocks)
    except NotCosigned as refused:
        if refused.code in ALARMING:
            _keep_evidence(asked, refused.code)
        return {"code": refused.code.value} | ({"cosignature": last.text} if last else {})
    text = _signed(asked.head)
    if now_seen.number > seen.number:
        _keep(asked, blocks=[block.hex() for block in now_seen.blocks], text=text)
    return {"cosignature": text}


def _signed(head: SignedHead) -> str:
    moment = now()
    return make_cosignature(
        Cosignature(
            witness=settings.HOME.profile.id,
            node=head.node,
            number=head.number,
            hash=head.hash,
            root=head.root,
            at=moment,
        ),
        node_keyring().node_sign_key(moment),
    )


def _keep_evidence(asked: _Question, code: WitnessCode) -> None:
    """Keep a head that no honest trail could have, once a minute at most, and tell people."""
    _log.error("The audit trail of node %s was %s.", asked.head.node, code.value)
    if _alarms.first(f"{asked.head.node} {code}"):
        _keep(asked, blocks=[], text="", refused=code.value)
        audit.record(
            Event.TRAIL_ALARM,
            by=SYSTEM,
            subject=f"node:{asked.head.node}",
            allowed=False,
            reasons=("seen-as-witness", code.value),
        )


def _keep(asked: _Question, *, blocks: list[str], text: str, refused: str = "") -> None:
    models.Witnessed.objects.create(
        id=uuid7(),
        node=asked.head.node,
        number=asked.head.number,
        root=asked.head.root,
        blocks=blocks,
        at=now(),
        head=asked.text,
        text=text,
        refused=refused,
    )


def _read(content: bytes) -> _Question:
    """Read and check a question; raises NotCosigned."""
    try:
        fields = strict_json.load_object(content, known=_ASKED)
        text = _text(fields.get("head"))
        head = read_head(text, trust=trust_now(), now=now())
        start, blocks = fields.get("start"), _blocks(fields)
    except (strict_json.JsonRefused, strict_json.UnknownCritical, HeadWrong, *NO_TRUST):
        raise NotCosigned(WitnessCode.UNREADABLE) from None
    if type(start) is not int or start < 0:
        raise NotCosigned(WitnessCode.UNREADABLE)
    if head.node not in settings.HOME.profile.witnesses:
        raise NotCosigned(WitnessCode.NOT_A_PEER)
    return _Question(head, text, start, blocks)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isascii():
        raise NotCosigned(WitnessCode.UNREADABLE)
    return value


def _blocks(fields: Mapping[str, Any]) -> tuple[bytes, ...]:
    blocks = fields.get("blocks")
    if not isinstance(blocks, list) or len(blocks) > _MOST_BLOCKS or not all(map(is_hash, blocks)):
        raise NotCosigned(WitnessCode.UNREADABLE)
    return tuple(bytes.fromhex(block) for block in blocks)


def _wait_turn(node: str) -> None:
    """Answer one head of a node at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"witness {node}"])
