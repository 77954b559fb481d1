"""Sign the head of our audit trail each hour, and ask the witnesses to cosign it.

A witness gets hashes only: the signed head, and what it needs to see that the head continues the one it cosigned last.
Nothing is asked inside a transaction. Design: security design 5 (audit). Decision: 0024.
"""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.chain import chain_end, links
from amparo.access.events import Event
from amparo.access.keys import node_keyring
from amparo.access.merkle import Tree
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.exchange import models, strict_json
from amparo.exchange.heads import Cosignature, HeadWrong, SignedHead, make_head, read_cosignature
from amparo.exchange.held import TrustListMissing, trust_now
from amparo.exchange.trust import PeerUnknown, TrustList, TrustListExpired, TrustListRolledBack
from amparo.exchange.trust_document import TrustListWrong
from amparo.exchange.witness_rules import ALARMING, WitnessCode

PATH = "/api/v1/audit-heads"
NO_TRUST = (TrustListMissing, TrustListWrong, TrustListRolledBack, TrustListExpired, PeerUnknown)
UNREACHED = "unreached"
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_LONGEST_ANSWER = 16 * 1024
_ANSWER = frozenset({"cosignature", "code"})
_TURN = 724002  # one checkpoint at a time
_log = logging.getLogger(__name__)


class TrailRewound(Exception):
    """The trail has fewer rows than its newest checkpoint, or a gap: run `amparo audit verify`."""


def make_checkpoint() -> models.Checkpoint | None:
    """Sign the head of the trail as it is now; the newest checkpoint again where nothing was added, None if empty.

    Raises:
        TrailRewound: rows that were signed before are gone; nothing is signed over that.
        KeyMissing: the node has no key that is good now.
    """
    with acting_as(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
        former, end = newest_checkpoint(), chain_end()
        if end.number < (former.number if former else 0):
            raise TrailRewound("The audit trail has fewer rows than were signed. Run: amparo audit verify")
        if end.number == (former.number if former else 0):
            return former
        tree = _grown(former, end.number)
        return _keep(tree, end.hash, former)


def newest_checkpoint() -> models.Checkpoint | None:
    """Return the newest checkpoint of this node."""
    return models.Checkpoint.objects.order_by("-number").first()


def ask_witnesses() -> dict[str, str]:
    """Ask each witness of the profile to cosign the newest checkpoint; return what each said: ok or a code."""
    return {witness: ask_witness(witness) for witness in settings.HOME.profile.witnesses}


def ask_witness(witness: str, *, again: bool = False) -> str:
    """Ask one witness to cosign the newest checkpoint; `again` also where our database says that it did.

    Returns:
        ok, a code of `WitnessCode`, or `unreached` where nothing came that we may believe.
    """
    start = _cosigned_number(witness)
    with acting_as(SYSTEM):
        checkpoint = newest_checkpoint()
    if checkpoint is None or (start == checkpoint.number and not again):
        return "ok"
    said = _ask(witness, checkpoint, start)
    if said.get("code") == WitnessCode.START and isinstance(said.get("cosignature"), str):
        known = _believed(said["cosignature"], witness)
        said = _ask(witness, checkpoint, known.number) if known else {}
    return _heard(said, witness, checkpoint)


def question(checkpoint: models.Checkpoint, start: int) -> dict[str, Any]:
    """Return what a witness is asked: the signed head and the blocks from `start` rows on."""
    tree = Tree(start)
    for link in links(start, checkpoint.number):
        tree.add(link)
    return {"head": checkpoint.text, "start": start, "blocks": [block.hex() for block in tree.blocks()]}


def _grown(former: models.Checkpoint | None, end: int) -> Tree:
    """Go on from the blocks of the former checkpoint, so that an hour costs what the hour wrote."""
    tree = Tree.of([bytes.fromhex(b) for b in former.blocks], end=former.number) if former else Tree()
    for link in links(tree.end, end):
        tree.add(link)
    if tree.end != end:
        raise TrailRewound("Links of the audit trail are missing. Run: amparo audit verify")
    return tree


def _keep(tree: Tree, last: str, former: models.Checkpoint | None) -> models.Checkpoint:
    moment = now().replace(microsecond=0)
    head = SignedHead(
        node=settings.HOME.profile.id,
        number=tree.end,
        hash=last,
        root=tree.root().hex(),
        at=moment,
        former=seal.file_digest(former.text.encode()) if former else "",
    )
    return models.Checkpoint.objects.create(
        number=head.number,
        hash=head.hash,
        root=head.root,
        blocks=[block.hex() for block in tree.blocks()],
        at=moment,
        text=make_head(head, node_keyring().node_sign_key(moment)),
    )


def _cosigned_number(witness: str) -> int:
    with acting_as(SYSTEM):
        rows = models.WitnessAnswer.objects.filter(witness=witness, refused="")
        return rows.order_by("-number").values_list("number", flat=True).first() or 0


def _ask(witness: str, checkpoint: models.Checkpoint, start: int) -> Mapping[str, Any]:
    """Post the question; an empty answer where nothing came that can be read."""
    if start > checkpoint.number:
        return {"code": WitnessCode.REWOUND.value}
    try:
        with acting_as(SYSTEM):
            url, asked = trust_now().node(witness, now()).url + PATH, question(checkpoint, start)
        with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client:
            answer = client.post(url, json=asked)
        return strict_json.load_object(answer.content[:_LONGEST_ANSWER], known=_ANSWER)
    except (
        *NO_TRUST,
        httpx.HTTPError,
        httpx.InvalidURL,
        strict_json.JsonRefused,
        strict_json.UnknownCritical,
    ):
        return {}


def _believed(text: str, witness: str) -> Cosignature | None:
    try:
        with acting_as(SYSTEM):
            trust: TrustList = trust_now()
        return read_cosignature(text, node=settings.HOME.profile.id, witness=witness, trust=trust, now=now())
    except (*NO_TRUST, HeadWrong):
        return None


def _heard(said: Mapping[str, Any], witness: str, checkpoint: models.Checkpoint) -> str:
    """Keep what a witness said, if it is its word; tell people of what no honest trail could cause."""
    text = said.get("cosignature")
    known = _believed(text, witness) if isinstance(text, str) else None
    if "code" not in said:
        agrees = known is not None and (known.number, known.root) == (checkpoint.number, checkpoint.root)
        return _note(witness, checkpoint, text=str(text)) if agrees else UNREACHED
    if said["code"] not in list(WitnessCode):
        return UNREACHED
    return _note(witness, checkpoint, text=str(text) if known else "", refused=WitnessCode(said["code"]))


def _note(
    witness: str, checkpoint: models.Checkpoint, *, text: str, refused: WitnessCode | None = None
) -> str:
    code = refused.value if refused else ""
    with acting_as(SYSTEM):
        rows = models.WitnessAnswer.objects.filter(witness=witness)
        last = rows.order_by("-at").first()
        if last is None or (last.number, last.refused, last.text) != (checkpoint.number, code, text):
            models.WitnessAnswer.objects.create(
                id=uuid7(), witness=witness, number=checkpoint.number, at=now(), text=text, refused=code
            )
            if refused in ALARMING:
                _log.error("Witness %s says that our audit trail was %s.", witness, code)
                audit.record(
                    Event.TRAIL_ALARM, by=SYSTEM, subject=f"node:{witness}", allowed=False, reasons=(code,)
                )
    return code or "ok"
