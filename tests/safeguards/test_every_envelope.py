"""Show that no envelope, from an honest peer or a stranger, at any stage, does here what the Guide blocks."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from amparo.exchange.rules import Move, Stage
from tests.exchange.crafted import CASE, a_proposal
from tests.exchange.ready import a_basis, a_view
from tests.safeguards.effects import counted, harm
from tests.safeguards.setting import Setting
from tests.safeguards.world import RECEIVER_ROADS, SENDER_ROADS, WORDS

SENT = {f"sent {stage}": stage for stage in SENDER_ROADS}
RECEIVED = {f"received {stage}": stage for stage in RECEIVER_ROADS}
# A receipt is the answer to a post, never an envelope; see the last test.
MESSAGES = tuple(move for move in Move if move is not Move.RECEIPT)


def said_by(move: Move, **more: Any) -> Any:  # noqa: ANN401
    """Return a well-formed message of this type from Honduras."""
    parts: dict[str, Any] = {"basis": None, "view": None, "data": dict(WORDS.get(move, {}))}
    if move is Move.PROPOSE:
        data = {"case": CASE, "reference": "HN-TEST", "urgent": False}
        parts = {"basis": a_basis(), "view": a_view(), "data": data}
    return a_proposal(from_agency="hn-proteccion", to_agency="mx-proteccion", type=move.value, **parts | more)


def stages(setting: Setting) -> Iterator[tuple[str, str]]:
    """Yield each transfer that stands open here, by name and thread, and a thread that nobody knows."""
    world = setting.world
    for name, stage in SENT.items():
        yield name, world.thread(world.sent[stage])
    for name, stage in RECEIVED.items():
        yield name, world.thread(world.received[stage])
    yield "new", "f" * 32


def posted(setting: Setting, who: str) -> Mapping[tuple[str, Move], tuple[int, list[str], bool]]:
    """Post every message at every stage; return status, harm, and whether anything was written."""
    nobody = setting.callers["nobody"]
    results: dict[tuple[str, Move], tuple[int, list[str], bool]] = {}
    for name, thread in stages(setting):
        for move in MESSAGES:
            content = setting.peers[who].envelope(said_by(move), thread)
            with nobody.undone():
                answer = nobody.client.post(
                    "/api/v1/envelopes", content, content_type="application/octet-stream"
                )
                now = counted()
                done = harm(setting.was, now, may_find=False)
            wrote = now.written > setting.was.counted.written
            results[(name, move)] = (answer.status_code, done, wrote)
    return results


@pytest.mark.parametrize("who", ["honest", "stranger"])
def test_no_message_at_any_stage_has_a_blocked_effect(who: str, setting: Setting) -> None:
    results = posted(setting, who)

    assert {key: done for key, (_, done, _) in results.items() if done} == {}
    assert [key for key, (status, _, _) in results.items() if status >= 500] == []
    if who == "stranger":
        assert [key for key, (status, _, wrote) in results.items() if status == 200 or wrote] == []
    else:
        # The honest peer is heard where the table of stages says so, or this would try nothing.
        heard = {key for key, (status, _, wrote) in results.items() if status == 200 and wrote}
        assert heard >= {
            ("sent proposed", Move.ACCEPT), ("sent accepted", Move.TAKE_OVER), ("received accepted", Move.CANCEL),
            ("received taken-over", Move.RELEASE), ("new", Move.PROPOSE),
        }  # fmt: skip


def test_a_peer_cannot_say_that_we_released_her(setting: Setting) -> None:
    world, nobody = setting.world, setting.callers["nobody"]

    for stage in SENDER_ROADS:
        content = setting.peers["honest"].envelope(
            said_by(Move.RELEASE), world.thread(world.sent[Stage(stage)])
        )
        with nobody.undone():
            answer = nobody.client.post("/api/v1/envelopes", content, content_type="application/octet-stream")

        assert answer.status_code == 403, stage


def test_an_envelope_cannot_carry_an_act_for_our_case(setting: Setting) -> None:
    smuggled = {"facts": {"events": [{"action": "detain", "override": "none"}]}, "identity": {}}
    message = said_by(Move.PROPOSE, data={"case": smuggled, "reference": "HN-TEST", "urgent": False})
    nobody = setting.callers["nobody"]

    with nobody.undone():
        nobody.client.post(
            "/api/v1/envelopes",
            setting.peers["honest"].envelope(message, "e" * 32),
            content_type="application/octet-stream",
        )
        now = counted()

    assert harm(setting.was, now, may_find=False) == []
    assert now.acts == setting.was.counted.acts
