"""Decide how a child's case passes from one agency to another, so that she is never between two.

Pure: no database, no clock, no network, no cryptography. Two tables, one for each side; what is not in them
cannot be.
Promise S1: at least one agency is responsible at every moment; when things are quiet, exactly one.
Design: security design 4.3 and 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Side(StrEnum):
    """The two ends of a transfer."""

    SENDER = "sender"
    RECEIVER = "receiver"


class Stage(StrEnum):
    """Where a transfer stands, as one side knows it."""

    PROPOSED = "proposed"
    STORED = "stored"
    OPENED = "opened"
    ASKED = "asked"
    ACCEPTED = "accepted"
    TAKEN_OVER = "taken-over"
    RELEASED = "released"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """The types of message in the transfer profile, and the receipt that answers each of them."""

    PROPOSE = "propose"
    OPENED = "opened"
    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    TAKE_OVER = "take-over"
    RELEASE = "release"
    CANCEL = "cancel"
    RECEIPT = "receipt"


class DeclineReason(StrEnum):
    """Why an agency may decline a transfer; a note is always added."""

    NOT_OURS = "not-our-territory-or-mandate"
    NO_PLACE = "no-suitable-place"
    UNSAFE = "unsafe-for-the-child"
    CHILD_DISAGREES = "child-does-not-want-it"
    FAMILY_ELSEWHERE = "family-found-elsewhere"
    INCOMPLETE = "information-still-missing"
    OTHER = "other"


class OnThread(StrEnum):
    """What to do with a message that arrives, by its number."""

    APPLY = "apply"
    WAIT = "wait"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Refusal:
    """One reason why something may not be done: a stable code and a sentence."""

    code: str
    why: str


class MoveRefused(Exception):
    """A transfer cannot make this move from where it stands."""


Table = Mapping[Stage | None, Mapping[Move, Stage]]

# What each side may do, and where that brings its own record. None: there is no transfer yet.
ACTS: Mapping[Side, Table] = {
    Side.SENDER: {
        None: {Move.PROPOSE: Stage.PROPOSED},
        Stage.PROPOSED: {Move.CANCEL: Stage.CANCELLED},
        Stage.STORED: {Move.CANCEL: Stage.CANCELLED},
        Stage.OPENED: {Move.CANCEL: Stage.CANCELLED},
        Stage.ASKED: {Move.PROPOSE: Stage.PROPOSED, Move.CANCEL: Stage.CANCELLED},
        Stage.ACCEPTED: {Move.CANCEL: Stage.CANCELLED},
        Stage.TAKEN_OVER: {Move.RELEASE: Stage.RELEASED},
    },
    Side.RECEIVER: {
        Stage.STORED: {Move.OPENED: Stage.OPENED, Move.DECLINE: Stage.DECLINED},
        Stage.OPENED: {
            Move.ASK: Stage.ASKED,
            Move.ACCEPT: Stage.ACCEPTED,
            Move.DECLINE: Stage.DECLINED,
        },
        Stage.ASKED: {Move.ACCEPT: Stage.ACCEPTED, Move.DECLINE: Stage.DECLINED},
        Stage.ACCEPTED: {Move.TAKE_OVER: Stage.TAKEN_OVER, Move.DECLINE: Stage.DECLINED},
    },
}

# What a message from the other side does. Messages cross, so a side may hear what it no longer expects:
# those entries leave the stage as it is. A receipt may come later than the answer it should precede.
HEARD: Mapping[Side, Table] = {
    Side.SENDER: {
        Stage.PROPOSED: {
            Move.RECEIPT: Stage.STORED,
            Move.OPENED: Stage.OPENED,
            Move.ACCEPT: Stage.ACCEPTED,
            Move.DECLINE: Stage.DECLINED,
        },
        Stage.STORED: {
            Move.RECEIPT: Stage.STORED,
            Move.OPENED: Stage.OPENED,
            Move.ACCEPT: Stage.ACCEPTED,
            Move.DECLINE: Stage.DECLINED,
        },
        Stage.OPENED: {
            Move.RECEIPT: Stage.OPENED,
            Move.ASK: Stage.ASKED,
            Move.ACCEPT: Stage.ACCEPTED,
            Move.DECLINE: Stage.DECLINED,
        },
        Stage.ASKED: {
            Move.RECEIPT: Stage.ASKED,
            Move.ACCEPT: Stage.ACCEPTED,
            Move.DECLINE: Stage.DECLINED,
        },
        Stage.ACCEPTED: {
            Move.RECEIPT: Stage.ACCEPTED,
            Move.DECLINE: Stage.DECLINED,
            Move.TAKE_OVER: Stage.TAKEN_OVER,
        },
        Stage.TAKEN_OVER: {Move.RECEIPT: Stage.TAKEN_OVER},
        # Only the receipt of the release closes; `hears` keeps a late one of an earlier message from it.
        Stage.RELEASED: {Move.RECEIPT: Stage.CLOSED},
        Stage.CLOSED: {Move.RECEIPT: Stage.CLOSED},
        Stage.DECLINED: {Move.RECEIPT: Stage.DECLINED},
        Stage.CANCELLED: {
            Move.RECEIPT: Stage.CANCELLED,
            Move.OPENED: Stage.CANCELLED,
            Move.ASK: Stage.CANCELLED,
            Move.ACCEPT: Stage.CANCELLED,
            Move.DECLINE: Stage.CANCELLED,
            # Signed before the cancel arrived: the receiver has the child, so taking over stands.
            Move.TAKE_OVER: Stage.TAKEN_OVER,
        },
    },
    Side.RECEIVER: {
        None: {Move.PROPOSE: Stage.STORED},
        Stage.STORED: {Move.CANCEL: Stage.CANCELLED},
        Stage.OPENED: {Move.CANCEL: Stage.CANCELLED},
        Stage.ASKED: {Move.PROPOSE: Stage.STORED, Move.CANCEL: Stage.CANCELLED},
        Stage.ACCEPTED: {Move.PROPOSE: Stage.ACCEPTED, Move.CANCEL: Stage.CANCELLED},
        Stage.TAKEN_OVER: {
            Move.PROPOSE: Stage.TAKEN_OVER,
            Move.CANCEL: Stage.TAKEN_OVER,  # too late: we have taken over and wait for the release
            Move.RELEASE: Stage.CLOSED,
        },
        Stage.DECLINED: {Move.PROPOSE: Stage.DECLINED, Move.CANCEL: Stage.DECLINED},
    },
}

ENDED = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.CANCELLED})
ANSWER_WITHIN = {True: timedelta(hours=24), False: timedelta(hours=72)}  # by urgency
_SENDER_HAS_LET_GO = frozenset({Stage.RELEASED, Stage.CLOSED})
_RECEIVER_HAS_TAKEN = frozenset({Stage.TAKEN_OVER, Stage.CLOSED})


def acts(side: Side, stage: Stage | None, move: Move) -> Stage:
    """Return the stage of our record after we make a move; raises `MoveRefused`."""
    return _next(ACTS, side, stage, move)


def hears(side: Side, stage: Stage | None, move: Move, *, answers: Move | None = None) -> Stage:
    """Return the stage of our record after we hear a move of the other side.

    Args:
        side: which side we are.
        stage: where our record stands.
        move: what came.
        answers: for a receipt, the move that it is the receipt of.

    Raises:
        MoveRefused: an honest peer could not have sent this now.
    """
    if move is Move.RECEIPT and stage is Stage.PROPOSED and answers is not Move.PROPOSE:
        return stage
    if move is Move.RECEIPT and stage is Stage.RELEASED and answers is not Move.RELEASE:
        return stage
    return _next(HEARD, side, stage, move)


def may_act(side: Side, stage: Stage | None) -> frozenset[Move]:
    """Return the moves that a side may make from a stage."""
    return frozenset(ACTS[side].get(stage, {}))


def transfer_refusals(
    *, side: Side, stage: Stage | None, move: Move, reason: str = "", note: str = "", caseworker: str = ""
) -> list[Refusal]:
    """Return every reason why a side may not make a move now; none means it may.

    Args:
        side: who acts.
        stage: where that side's record stands; None before a first proposal.
        move: what it wants to do.
        reason: for a decline, one of `DeclineReason`.
        note: for a decline, a question or a cancel: words for the other agency.
        caseworker: for accepting and taking over, the person who will answer for the child.
    """
    refusals = []
    if move not in may_act(side, stage):
        refusals.append(Refusal("wrong-stage", _wrong_stage(side, stage, move)))
    if move is Move.DECLINE and reason not in list(DeclineReason):
        refusals.append(Refusal("reason-missing", "Choose from the list why the transfer is declined."))
    if move in (Move.DECLINE, Move.ASK, Move.CANCEL) and not note.strip():
        refusals.append(Refusal("note-missing", "Write to the other agency what it needs to know."))
    if move in (Move.ACCEPT, Move.TAKE_OVER) and not caseworker.strip():
        refusals.append(Refusal("caseworker-missing", "Name the person who will answer for the child."))
    return refusals


def responsible(sender_stage: Stage | None, receiver_stage: Stage | None) -> frozenset[Side]:
    """Return who is responsible: the sender until it releases, the receiver from take-over on."""
    sides = set()
    if sender_stage not in _SENDER_HAS_LET_GO:
        sides.add(Side.SENDER)
    if receiver_stage in _RECEIVER_HAS_TAKEN:
        sides.add(Side.RECEIVER)
    return frozenset(sides)


def is_quiet(sender_stage: Stage | None, *, on_the_way: int) -> bool:
    """Test whether nothing is under way: no message travels, and the sender owes no release."""
    return on_the_way == 0 and sender_stage is not Stage.TAKEN_OVER


def on_thread(n: int, *, applied: int) -> OnThread:
    """Say what to do with message `n` of one sender on a thread, when its first `applied` ones took effect.

    Each side numbers its own messages on a thread from 1, so that both may write at once.
    """
    if n <= applied:
        return OnThread.REPEAT
    return OnThread.APPLY if n == applied + 1 else OnThread.WAIT


def answer_due(proposed_at: datetime, *, urgent: bool) -> datetime:
    """Return when silence must be told to the supervisors of both sides."""
    return proposed_at + ANSWER_WITHIN[urgent]


def _next(tables: Mapping[Side, Table], side: Side, stage: Stage | None, move: Move) -> Stage:
    after = tables[side].get(stage, {}).get(move)
    if after is None:
        raise MoveRefused(_wrong_stage(side, stage, move))
    return after


def _wrong_stage(side: Side, stage: Stage | None, move: Move) -> str:
    return f"The {side} cannot {move} a transfer that is {stage or 'not begun'}."
