"""Show that a child in transfer always has a responsible agency, whatever is lost, repeated or late (S1)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.exchange import rules
from amparo.exchange.rules import Move, OnThread, Side, Stage

OTHER = {Side.SENDER: Side.RECEIVER, Side.RECEIVER: Side.SENDER}


@dataclass
class Transfer:
    """Both ends of a transfer and the messages between them, which may be lost, repeated and overtaken."""

    stage: dict[Side, Stage | None] = field(default_factory=lambda: dict.fromkeys(Side))
    sent: dict[Side, list[Move]] = field(default_factory=lambda: {side: [] for side in Side})
    applied: Counter[Side] = field(default_factory=Counter)
    receipts: list[Move] = field(default_factory=list)

    def act(self, side: Side, move: Move) -> None:
        self.stage[side] = rules.acts(side, self.stage[side], move)
        self.sent[side].append(move)

    def deliver(self, sender: Side, n: int) -> None:
        """Bring message `n` of a side, for the first time or again; the receipt sets out only now."""
        reader, move = OTHER[sender], self.sent[sender][n - 1]
        what = rules.on_thread(n, applied=self.applied[sender])
        if what is OnThread.WAIT:
            return
        if what is OnThread.APPLY:
            self.stage[reader] = rules.hears(reader, self.stage[reader], move)
            self.applied[sender] += 1
        if sender is Side.SENDER:
            self.receipts.append(move)

    def bring_receipt(self, index: int) -> None:
        answered = self.receipts.pop(index)
        before = self.stage[Side.SENDER]
        self.stage[Side.SENDER] = rules.hears(Side.SENDER, before, Move.RECEIPT, answers=answered)

    def on_the_way(self) -> int:
        return sum(len(self.sent[side]) - self.applied[side] for side in Side) + len(self.receipts)

    def responsible(self) -> frozenset[Side]:
        return rules.responsible(self.stage[Side.SENDER], self.stage[Side.RECEIVER])

    def settle(self) -> None:
        """Let everything arrive, and let the sender give the release it owes."""
        while not rules.is_quiet(self.stage[Side.SENDER], on_the_way=self.on_the_way()):
            for side in Side:
                for n in range(self.applied[side] + 1, len(self.sent[side]) + 1):
                    self.deliver(side, n)
            while self.receipts:
                self.bring_receipt(0)
            if self.stage[Side.SENDER] is Stage.TAKEN_OVER:
                self.act(Side.SENDER, Move.RELEASE)


def _run(data: st.DataObject, steps: int) -> Transfer:
    transfer = Transfer()
    for _ in range(steps):
        _one_step(data, transfer)
        assert transfer.responsible(), "nobody answers for the child"
    return transfer


def _one_step(data: st.DataObject, transfer: Transfer) -> None:
    choices: list[tuple[str, Side, int | Move]] = []
    for side in Side:
        choices += [("act", side, move) for move in sorted(rules.may_act(side, transfer.stage[side]))]
        choices += [("deliver", side, n + 1) for n in range(len(transfer.sent[side]))]
    choices += [("receipt", Side.SENDER, n) for n in range(len(transfer.receipts))]
    if not choices:
        return
    kind, side, what = data.draw(st.sampled_from(choices))
    if isinstance(what, Move):
        transfer.act(side, what)
    elif kind == "deliver":
        transfer.deliver(side, what)
    else:
        transfer.bring_receipt(what)


@settings(max_examples=400, deadline=None)
@given(st.data(), st.integers(1, 40))
def test_somebody_is_responsible_at_every_moment_and_one_when_quiet(data: st.DataObject, steps: int) -> None:
    transfer = _run(data, steps)

    transfer.settle()

    assert len(transfer.responsible()) == 1


def _reachable(limit: int) -> set[tuple[Stage | None, Stage | None]]:
    """Walk every order of acts and deliveries, breadth first; a loss is a delivery not yet made."""
    seen: set[tuple[object, ...]] = set()
    waiting = [Transfer()]
    pairs = set()
    while waiting and len(seen) < limit:
        transfer = waiting.pop(0)
        key = (
            *transfer.stage.values(), *(tuple(sent) for sent in transfer.sent.values()),
            *(transfer.applied[side] for side in Side), tuple(sorted(transfer.receipts)),
        )  # fmt: skip
        if key in seen or any(len(sent) > 5 for sent in transfer.sent.values()):
            continue
        seen.add(key)
        pairs.add((transfer.stage[Side.SENDER], transfer.stage[Side.RECEIVER]))
        assert transfer.responsible()
        waiting += _following(transfer)
    return pairs


def _copy(transfer: Transfer) -> Transfer:
    sent = {side: list(moves) for side, moves in transfer.sent.items()}
    return Transfer(dict(transfer.stage), sent, Counter(transfer.applied), list(transfer.receipts))


def _following(transfer: Transfer) -> list[Transfer]:
    after = []
    for side in Side:
        for move in rules.may_act(side, transfer.stage[side]):
            after.append(_copy(transfer))
            after[-1].act(side, move)
        if transfer.applied[side] < len(transfer.sent[side]):
            after.append(_copy(transfer))
            after[-1].deliver(side, transfer.applied[side] + 1)
    for index in range(len(transfer.receipts)):
        after.append(_copy(transfer))
        after[-1].bring_receipt(index)
    return after


def test_every_order_of_a_transfer_keeps_somebody_responsible() -> None:
    pairs = _reachable(limit=30_000)

    assert (Stage.CLOSED, Stage.CLOSED) in pairs
    assert (Stage.CANCELLED, Stage.TAKEN_OVER) in pairs
    assert (Stage.DECLINED, Stage.DECLINED) in pairs


def test_the_good_road_hands_the_child_over() -> None:
    transfer = Transfer()
    road = [
        (Side.SENDER, Move.PROPOSE), (Side.RECEIVER, Move.OPENED), (Side.RECEIVER, Move.ACCEPT),
        (Side.RECEIVER, Move.TAKE_OVER), (Side.SENDER, Move.RELEASE),
    ]  # fmt: skip
    seen = []

    for side, move in road:
        transfer.act(side, move)
        seen.append((move, sorted(transfer.responsible())))
        transfer.deliver(side, len(transfer.sent[side]))
    transfer.settle()

    assert seen[2] == (Move.ACCEPT, [Side.SENDER])
    assert seen[3] == (Move.TAKE_OVER, [Side.RECEIVER, Side.SENDER])
    assert seen[4] == (Move.RELEASE, [Side.RECEIVER])
    assert set(transfer.stage.values()) == {Stage.CLOSED}


def test_cancel_that_crosses_taking_over_comes_too_late() -> None:
    transfer = Transfer()
    for side, move in [
        (Side.SENDER, Move.PROPOSE), (Side.RECEIVER, Move.OPENED), (Side.RECEIVER, Move.ACCEPT),
    ]:  # fmt: skip
        transfer.act(side, move)
        transfer.deliver(side, len(transfer.sent[side]))

    transfer.act(Side.RECEIVER, Move.TAKE_OVER)
    transfer.act(Side.SENDER, Move.CANCEL)
    transfer.settle()

    assert transfer.responsible() == {Side.RECEIVER}
    assert transfer.stage[Side.SENDER] is Stage.CLOSED


def test_question_brings_a_new_proposal_and_then_an_answer() -> None:
    transfer = Transfer()
    for side, move in [
        (Side.SENDER, Move.PROPOSE), (Side.RECEIVER, Move.OPENED), (Side.RECEIVER, Move.ASK),
        (Side.SENDER, Move.PROPOSE), (Side.RECEIVER, Move.OPENED), (Side.RECEIVER, Move.DECLINE),
    ]:  # fmt: skip
        transfer.act(side, move)
        transfer.deliver(side, len(transfer.sent[side]))
    transfer.settle()

    assert transfer.stage[Side.SENDER] is Stage.DECLINED
    assert transfer.responsible() == {Side.SENDER}


@pytest.mark.parametrize("stage", [None, *Stage])
def test_sender_releases_only_after_the_other_has_taken_over(stage: Stage | None) -> None:
    assert (Move.RELEASE in rules.may_act(Side.SENDER, stage)) is (stage is Stage.TAKEN_OVER)


@pytest.mark.parametrize("stage", [Stage.TAKEN_OVER, *sorted(rules.ENDED), Stage.RELEASED])
def test_nobody_cancels_after_taking_over_or_at_the_end(stage: Stage) -> None:
    assert Move.CANCEL not in rules.may_act(Side.SENDER, stage)


@pytest.mark.parametrize("stage", sorted(rules.ENDED))
@pytest.mark.parametrize("side", Side)
def test_an_ended_transfer_has_no_further_acts(side: Side, stage: Stage) -> None:
    assert not rules.may_act(side, stage)


def test_late_receipt_of_an_earlier_message_does_not_close() -> None:
    stage = rules.hears(Side.SENDER, Stage.RELEASED, Move.RECEIPT, answers=Move.PROPOSE)

    assert stage is Stage.RELEASED
    assert rules.hears(Side.SENDER, stage, Move.RECEIPT, answers=Move.RELEASE) is Stage.CLOSED
    assert rules.hears(Side.SENDER, Stage.PROPOSED, Move.RECEIPT) is Stage.PROPOSED
    assert rules.hears(Side.SENDER, Stage.PROPOSED, Move.RECEIPT, answers=Move.PROPOSE) is Stage.STORED


def test_move_out_of_its_place_is_refused() -> None:
    with pytest.raises(rules.MoveRefused, match="cannot take-over a transfer that is not begun"):
        rules.hears(Side.SENDER, None, Move.TAKE_OVER)
    with pytest.raises(rules.MoveRefused, match="cannot release a transfer that is accepted"):
        rules.acts(Side.SENDER, Stage.ACCEPTED, Move.RELEASE)


@pytest.mark.parametrize(
    ("move", "stage", "words", "codes"),
    [
        (Move.DECLINE, Stage.OPENED, {"reason": "no-suitable-place", "note": "Full until May."}, []),
        (Move.DECLINE, Stage.OPENED, {"reason": "tired", "note": " "}, ["reason-missing", "note-missing"]),
        (Move.ASK, Stage.OPENED, {}, ["note-missing"]),
        (Move.ACCEPT, Stage.OPENED, {"caseworker": "María Paz"}, []),
        (Move.ACCEPT, Stage.OPENED, {}, ["caseworker-missing"]),
        (Move.TAKE_OVER, Stage.ACCEPTED, {"caseworker": " "}, ["caseworker-missing"]),
        (Move.TAKE_OVER, Stage.OPENED, {"caseworker": "María Paz"}, ["wrong-stage"]),
        (Move.OPENED, Stage.STORED, {}, []),
    ],
)
def test_transfer_refusals_name_everything_that_is_missing(
    move: Move, stage: Stage, words: dict[str, str], codes: list[str]
) -> None:
    refusals = rules.transfer_refusals(side=Side.RECEIVER, stage=stage, move=move, **words)

    assert [refusal.code for refusal in refusals] == codes
    assert all(refusal.why.endswith(".") for refusal in refusals)


def test_message_waits_for_the_one_before_it() -> None:
    assert [rules.on_thread(n, applied=2) for n in (1, 2, 3, 4)] == [
        OnThread.REPEAT, OnThread.REPEAT, OnThread.APPLY, OnThread.WAIT,
    ]  # fmt: skip


def test_answer_is_due_sooner_when_it_is_urgent() -> None:
    proposed = datetime(2026, 11, 21, 10, tzinfo=UTC)

    assert rules.answer_due(proposed, urgent=True) - proposed == timedelta(hours=24)
    assert rules.answer_due(proposed, urgent=False) - proposed == timedelta(hours=72)
